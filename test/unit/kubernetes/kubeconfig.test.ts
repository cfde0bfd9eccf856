/** The way to a cluster: exactly one, or none at all. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { eksKubeconfig, KubeconfigError, onlyContext } from "../../../components/kubernetes/kubeconfig.ts";
import { declare } from "../../../infra/program.ts";
import { apiOnCluster, cluster, server } from "../../harness/cluster.ts";
import { configOf } from "../../harness/config.ts";
import { graphOf } from "../../harness/graph.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";

const kubeconfig = stringify({
  "current-context": "staging",
  contexts: [
    { name: "staging", context: { cluster: "staging", user: "staging" } },
    { name: "production", context: { cluster: "production", user: "production" } },
    { name: "loose", context: { cluster: "loose", user: "production" } },
    { name: "half", context: { cluster: "production", user: "nobody" } },
  ],
  clusters: [
    { name: "staging", cluster: { server: "https://staging.example" } },
    { name: "production", cluster: { server } },
    { name: "loose", cluster: { server, "insecure-skip-tls-verify": true } },
  ],
  users: [
    { name: "staging", user: { token: "s3cr3t-staging" } },
    { name: "production", user: { token: "s3cr3t-production" } },
  ],
});

describe("one context of a kubeconfig", () => {
  test("is all that is left of it", () => {
    const only = onlyContext(kubeconfig, "production", server);
    expect(parse(only)).toMatchObject({
      "current-context": "production",
      clusters: [{ name: "production" }],
      users: [{ name: "production" }],
    });
    expect(only).not.toContain("staging");
  });

  test.each([
    ["staging", "leads to https://staging.example, not to"],
    ["prod", "has no context prod; it has staging, production, loose, half"],
    ["loose", "does not check the server's certificate"],
    ["half", "names a cluster or a user that the kubeconfig does not have"],
  ])("%s is refused: %s", (context, says) => {
    const attempt = () => onlyContext(kubeconfig, context, server);
    expect(attempt).toThrow(KubeconfigError);
    expect(attempt).toThrow(says);
    expect(attempt).not.toThrow(/s3cr3t/);
  });

  test("what is no kubeconfig is refused without quoting it", () => {
    for (const text of ["token: s3cr3t: : x", "s3cr3t"]) expect(() => onlyContext(text, "a", server)).toThrow("not a YAML document");
  });
});

test("an EKS kubeconfig holds no credential", () => {
  const text = eksKubeconfig({ name: "coinestate", region: "us-east-1", server, certificateAuthority: "TFM=" });
  expect(parse(text)).toMatchObject({ users: [{ user: { exec: { command: "aws" } } }], clusters: [{ cluster: { server } }] });
  expect(text).not.toMatch(/token:|password|client-key/);
});

describe("access by file and by secret", () => {
  const config = (access: unknown) =>
    configOf("bench/production", { ...scarcelyWatched, ...onlyApi, ...apiOnCluster, "kubernetes.cluster": { ...cluster, access } });
  const providerOf = async (access: unknown) =>
    (await graphOf(() => declare(config(access)))).find(({ type }) => type === "pulumi:providers:kubernetes")!.inputs;

  test("a secret kubeconfig stays a secret in the state", async () => {
    const inputs = await providerOf({ by: "secret", kubeconfig, context: "production" });
    expect(inputs.context).toBe("production");
    expect(JSON.stringify(inputs.kubeconfig)).toContain("1b47061264138c4ac30d75fd1eb44270");
  });

  test("a file is read, and only its one context; a wrong one is refused before anything is registered", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
    try {
      const file = join(folder, "config");
      writeFileSync(file, kubeconfig);
      expect(JSON.stringify(await providerOf({ by: "file", file, context: "production" }))).not.toContain("s3cr3t-staging");
      expect(() => declare(config({ by: "file", file, context: "staging" }))).toThrow("leads to https://staging.example");
      expect(() => declare(config({ by: "file", file: join(folder, "absent"), context: "staging" }))).toThrow("there is no file");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
