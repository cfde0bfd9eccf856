/**
 * The Kubernetes part of a stack with the real provider plugin against a real Kubernetes API server on loopback, AWS and Cloudflare
 * simulated. No container runs: pods are scheduled, and KWOK says that they are ready.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import semver from "semver";
import type { Project } from "../../../ops/project/project.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";
import { type Checks, Stopped } from "../checks.ts";
import { Deployment } from "../deployment.ts";
import { withoutAccounts } from "../environment.ts";
import { pluginVersion, sdkVersions } from "../prerequisites.ts";
import { type Binaries, findBinaries, modulesIn } from "./binaries.ts";
import { Cluster, namespace } from "./cluster.ts";
import { ControlPlane, context } from "./controlPlane.ts";
import { accessChecks, Kubeconfig } from "./credentials.ts";
import { killedCreationChecks, secretChecks, unreadyChecks } from "./failures.ts";
import { gateway } from "./givenObjects.ts";
import { type ClusterModules, clusterModules } from "./modules.ts";
import { SecretStore } from "./secretStore.ts";
import { creationChecks, destroyChecks, switchingChecks } from "./switching.ts";
import { timetable } from "./timetable.ts";
import { bySelector, byWeights, type Switching } from "./traffic.ts";

/** What the checks work with. */
export interface KubernetesOptions {
  readonly checks: Checks;
  /** A copy of the project for each stack. */
  readonly copied: () => Project;
  readonly cleanUps: (() => void)[];
}

/** From an empty cluster to an empty cluster. Failures are printed. @throws MissingPrerequisite before anything is started */
export async function kubernetesChecks({ checks, copied, cleanUps }: KubernetesOptions): Promise<void> {
  const binaries = findBinaries();
  const modules = await clusterModules();
  const folder = mkdtempSync(join(tmpdir(), "slipway-cluster-"));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const controlPlane = new ControlPlane({ binaries, folder, stages: modules.stages });
  cleanUps.push(() => controlPlane.stop());
  const version = await controlPlane.start();
  const plugin = await builtFrom(binaries.plugin, "github.com/pulumi/pulumi-kubernetes/provider/v4", pluginVersion);
  console.log(await versionsLine(binaries, modules, version, plugin));
  // An older plugin does not know `enablePatchForce` of the provider's arguments, and takes the same from its environment.
  const older = semver.lt(plugin, sdkVersions.kubernetes) ? { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" } : {};
  const cluster = new Cluster(controlPlane);
  await cluster.prepare(modules.definitions);
  const store = new SecretStore(controlPlane.admin);
  store.start();
  cleanUps.push(() => store.stop());
  const kubeconfig = new Kubeconfig(cluster, join(folder, "slipway.json"));
  await kubeconfig.renew();
  const stackOf = (switching: Switching) => {
    const deployment = new Deployment({
      ...{ project: copied(), stack: "staging", environment: { ...withoutAccounts(process.env), ...older } },
      ...{ plugin: binaries.plugin, provider: "kubernetes", minutes: 3 },
    });
    cleanUps.push(() => deployment.kill());
    deployment.edit(editsOf(switching, controlPlane.server(), kubeconfig.file));
    return { checks, cluster, deployment, switching, store, kubeconfig };
  };
  const lives: readonly Life<ReturnType<typeof stackOf>>[] = [
    { switching: byWeights, parts: [creationChecks, switchingChecks, unreadyChecks, secretChecks] },
    { switching: byWeights, parts: [killedCreationChecks] },
    { switching: bySelector, parts: [creationChecks, switchingChecks, accessChecks], renewed: true },
  ];
  for (const { switching, parts, renewed = false } of lives) {
    const stack = stackOf(switching);
    try {
      for (const part of parts) await part(stack);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      console.log(`stopped  ${error.message}`);
    }
    if (renewed) await kubeconfig.renew();
    await destroyChecks(stack, renewed);
    await cluster.removeNamespace();
  }
  console.log(timetable(checks.ended));
}

/** A stack from its beginning to its end. */
interface Life<Stack> {
  readonly switching: Switching;
  readonly parts: readonly ((stack: Stack) => Promise<void>)[];
  /** Whether it is destroyed with credentials that are newer than its last update. @default it is not */
  readonly renewed?: boolean;
}

/** The service `api` alone, on this cluster. */
function editsOf({ edits }: Switching, server: string, kubeconfig: string) {
  return {
    ...{ ...unwatched, ...onlyApi, ...apiOnCluster },
    "kubernetes.cluster": { server, access: { by: "file", file: kubeconfig, context }, namespace, gateway },
    ...edits,
  };
}

/** Version of a module that a program was built from; what the program itself says where it was not built from a version. */
async function builtFrom(program: string, module: string, says: (program: string) => Promise<string>): Promise<string> {
  return (await modulesIn(program)).get(module) ?? (await says(program));
}

async function versionsLine({ controlPlane, nodes, plugin }: Binaries, { versions }: ClusterModules, apiServer: string, provider: string) {
  const [[etcd], [kwok]] = [controlPlane.etcd, nodes];
  const unknown = async () => "of unknown version";
  const [ofEtcd, ofKwok] = [
    await builtFrom(etcd, "go.etcd.io/etcd/server/v3", unknown),
    await builtFrom(kwok, "sigs.k8s.io/kwok", unknown),
  ];
  return [
    `Kubernetes API server ${apiServer}, etcd ${ofEtcd}, KWOK ${ofKwok}`,
    `definitions of Gateway API ${versions.gatewayApi} and External Secrets ${versions.externalSecrets}`,
    `provider plugin ${provider}, for @pulumi/kubernetes ${sdkVersions.kubernetes} (${plugin})`,
  ].join("; ");
}
