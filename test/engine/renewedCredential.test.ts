/** A credential of the cluster that was renewed, on the real engine: what works on the state alone has the old one. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { apiOnCluster, cluster, server } from "../harness/cluster.ts";
import type { CommandResult } from "../harness/host/commandProcess.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";

/** Writes the kubeconfig that config names, and lets the cluster take its token alone. */
function renew(stack: StackUnderTest, token: string): void {
  const kubeconfig = {
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": cluster.access.certificateAuthority } }],
    users: [{ name: "test", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  writeFileSync(join(stack.folder, "kubeconfig.yaml"), JSON.stringify(kubeconfig));
  openLiveStore(join(stack.folder, ".slipway")).put({
    type: "kubernetes:core/v1:Secret",
    id: "kube-system/slipway",
    scope: new URL(server).host,
    properties: { type: "kubernetes.io/service-account-token", stringData: { token } },
    createdFor: "a person",
  });
}

function worked({ exitCode, stdout, stderr }: CommandResult): string {
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout + stderr;
}

describe("a token that was renewed in its file, the old one dead", () => {
  let stack: StackUnderTest;
  beforeEach(async () => {
    stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, ...apiOnCluster });
    stack.set({ "kubernetes.cluster.access": { by: "file", file: "kubeconfig.yaml", context: "test" } });
    renew(stack, "old");
    await stack.prepare();
    renew(stack, "new");
  });
  afterEach(() => stack.remove());

  test("K2 refresh and destroy try again with the credential of the config", async () => {
    expect(worked(await stack.refresh())).toContain("--run-program");
    worked(await stack.up());
    renew(stack, "newer");
    worked(await stack.destroy());
    expect(stack.live().filter(({ id }) => id !== "kube-system/slipway")).toEqual([]);
  });

  test("K2 an update reads traffic that was moved outside, and what a crash left, with the credential of the config", async () => {
    const moved = stack.live(routeType).find(({ id }) => id === "coinestate/api")!;
    stack.edit(moved, (properties) => {
      const { rules } = properties.spec as { rules: { backendRefs: { weight: number }[] }[] };
      rules[0]!.backendRefs[1]!.weight = 40;
    });
    expect(worked(await stack.up())).toContain("the state said 100/0, live is 100/40");
    stack.set({ "services.api.release.candidateWeight": 5 });
    expect((await stack.up("--fault", `kill update ${routeType} 1 after`)).exitCode).toBe(137);
    renew(stack, "newer");
    worked(await stack.up());
  });
});
