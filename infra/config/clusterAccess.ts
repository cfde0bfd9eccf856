/** How a stack's cluster is reached: always by a kubeconfig with one context, for the one server that config names. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Secret } from "../../components/contract/secret.ts";
import { eksKubeconfig, KubeconfigError, kubeconfigWithoutUser, onlyContext } from "../../components/kubernetes/kubeconfig.ts";
import { type RawConfig, valueIn } from "./layers.ts";
import type { StackConfig } from "./stack.ts";
import { textIn } from "./textFile.ts";

export { KubeconfigError };

/** Where config keeps a kubeconfig encrypted. */
export const kubeconfigPath = ["kubernetes", "cluster", "access", "kubeconfig"] as const;

/** A kubeconfig with one context, and that context. */
export interface ClusterAccess {
  readonly kubeconfig: Secret<string>;
  readonly context: string;
}

/**
 * Access to the stack's cluster.
 * @param folder of the stack file, from which a kubeconfig file is named
 * @returns undefined when the stack has none
 * @throws KubeconfigError when the kubeconfig does not lead to the one server that the stack may touch
 */
export function clusterAccess(
  { aws: { region }, kubernetes: { cluster } }: Pick<StackConfig, "aws" | "kubernetes">,
  folder: string,
): ClusterAccess | undefined {
  if (cluster === undefined) return undefined;
  const { server, access } = cluster;
  if (access.by === "eks") {
    const { cluster: name, certificateAuthority } = access;
    return { kubeconfig: new Secret(eksKubeconfig({ name, region, server, certificateAuthority })), context: name };
  }
  const { context } = access;
  const whole = access.by === "secret" ? access.kubeconfig : new Secret(readKubeconfig(resolve(folder, access.file)));
  return { kubeconfig: whole.open((text) => new Secret(onlyContext(text, context, server))), context };
}

/** What stands for a kubeconfig that nobody here can decrypt: the way to the server that config names, with no credentials. */
export function kubeconfigInPlace(raw: RawConfig): string {
  const named = (...rest: readonly string[]) => String(valueIn(raw, ["kubernetes", "cluster", ...rest]));
  return kubeconfigWithoutUser(named("access", "context"), named("server"));
}

function readKubeconfig(path: string): string {
  if (!existsSync(path)) throw new KubeconfigError(`there is no file ${path}`);
  return textIn(path);
}
