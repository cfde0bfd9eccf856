/** The way to the cluster changes under a stack that is there: other credentials, another address. */
import { writeFileSync } from "node:fs";
import { expect } from "../checks.ts";
import { changed } from "../deployment.ts";
import type { Cluster, Credentials } from "./cluster.ts";
import { type ClusterStack, expectGreen, expectSuccess, nothing } from "./switching.ts";

/** The kubeconfig that the stack file names, with credentials that are renewed. */
export class Kubeconfig {
  readonly file: string;
  readonly #cluster: Cluster;
  #renewals = 0;
  #now: Credentials | undefined;

  constructor(cluster: Cluster, file: string) {
    this.#cluster = cluster;
    this.file = file;
  }

  /** Writes new credentials; the old ones are refused from then on. */
  async renew(): Promise<void> {
    const old = this.#now;
    this.#now = await this.#cluster.credentials(`slipway-${this.#renewals++}`);
    this.write(this.#cluster.controlPlane.server());
    await old?.revoke();
  }

  /** @param server address of the cluster in it */
  write(server: string): void {
    const user = { name: "slipway", token: this.#now?.token ?? "" };
    writeFileSync(this.file, this.#cluster.controlPlane.kubeconfig(user, server).exportConfig(), { mode: 0o600 });
  }
}

/** Checks of a running stack with all of its traffic on blue. It is left so. */
export async function accessChecks({ kubeconfig, ...stack }: ClusterStack & { readonly kubeconfig: Kubeconfig }): Promise<void> {
  const { checks, cluster, deployment, switching } = stack;
  const { by } = switching;
  await checks.check(`${by}: another address is refused while the state has objects of the cluster (K3)`, async () => {
    const { controlPlane } = cluster;
    const elsewhere = controlPlane.server("localhost");
    kubeconfig.write(elsewhere);
    deployment.edit({ "kubernetes.cluster.server": elsewhere });
    try {
      const { exitCode, problems, said } = await deployment.up();
      const text = [...problems, said].join("\n");
      expect(exitCode !== 0 && text.includes("and the stack's objects are on"), `exit code ${exitCode}\n${text}`);
    } finally {
      kubeconfig.write(controlPlane.server());
      deployment.edit({ "kubernetes.cluster.server": controlPlane.server() });
    }
    return nothing(deployment);
  });
  await checks.check(`${by}: renewed credentials: an update takes them up, and changes nothing on the cluster (K2)`, async () => {
    await kubeconfig.renew();
    const outcome = await deployment.up();
    expectSuccess(outcome);
    const [only = ""] = outcome.touched;
    expect(changed(outcome) === 1 && only.startsWith("update pulumi:providers:kubernetes "), `it touched\n${outcome.touched.join("\n")}`);
    return nothing(deployment);
  });
  await checks.check(
    `${by}: renewed credentials, and traffic that somebody moved: a preview tells it, an update puts it back (K2)`,
    async () => {
      await kubeconfig.renew();
      await switching.move(cluster, 100, "dashboard");
      const { changes } = await deployment.preview();
      expect(
        changes.some(({ type }) => type === switching.type),
        `the preview shows ${changes.map(({ op, type }) => `${op} ${type}`).join(", ") || "nothing"}`,
      );
      expectSuccess(await deployment.up());
      return `${await expectGreen(stack, 0)}; ${await nothing(deployment)}`;
    },
  );
  await checks.check(`${by}: renewed credentials: a refresh reads with them (K2)`, async () => {
    await kubeconfig.renew();
    expectSuccess(await deployment.refresh());
    expectSuccess(await deployment.up());
    return nothing(deployment);
  });
}
