/** How the program reaches a cluster: always a kubeconfig of its own, with one context, for one API server. */
import { parse, stringify } from "yaml";

/** A kubeconfig that cannot be used. The message is meant to be printed as it is; it never holds a credential. */
export class KubeconfigError extends Error {}

/** An EKS cluster. */
interface EksCluster {
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  /** Address of the API server. */
  readonly server: string;
  /** Certificate of the authority that signed the API server's, base64. A cluster of the same name made anew has another. */
  readonly certificateAuthority: string;
}

/**
 * Kubeconfig of an EKS cluster. It holds no credential: `aws eks get-token` makes one from whatever AWS credentials the
 * run has, and the certificate authority makes sure that it is told to nobody else.
 */
export function eksKubeconfig({ name, region, server, certificateAuthority }: EksCluster): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"],
    interactiveMode: "Never",
  };
  return oneContext(
    name,
    { name, cluster: { server, "certificate-authority-data": certificateAuthority } },
    { name, user: { exec } },
    { name, context: { cluster: name, user: name } },
  );
}

/** A kubeconfig without credentials, in place of one that nobody can decrypt. */
export function kubeconfigWithoutUser(name: string, server: string): string {
  return oneContext(name, { name, cluster: { server } }, { name, user: {} }, { name, context: { cluster: name, user: name } });
}

function oneContext(name: string, cluster: object, user: object, context: object): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [cluster],
    users: [user],
    contexts: [context],
  });
}

interface Named {
  readonly name?: string;
}

interface Kubeconfig {
  readonly clusters?: readonly (Named & {
    readonly cluster?: { readonly server?: string; readonly "insecure-skip-tls-verify"?: boolean };
  })[];
  readonly users?: readonly Named[];
  readonly contexts?: readonly (Named & { readonly context?: { readonly cluster?: string; readonly user?: string } })[];
}

/**
 * The one context of a kubeconfig that is meant, without all others, so that nothing can choose another.
 * @throws KubeconfigError when there is no such context, or when it leads to another API server
 */
export function onlyContext(text: string, context: string, server: string): string {
  const config = parsed(text);
  const chosen = config.contexts?.find(({ name }) => name === context);
  if (chosen === undefined) {
    const names = (config.contexts ?? []).map(({ name }) => name).join(", ");
    throw new KubeconfigError(`the kubeconfig has no context ${context}; it has ${names === "" ? "none" : names}`);
  }
  const cluster = config.clusters?.find(({ name }) => name === chosen.context?.cluster);
  const user = config.users?.find(({ name }) => name === chosen.context?.user);
  if (cluster?.cluster === undefined || user === undefined)
    throw new KubeconfigError(`context ${context} of the kubeconfig names a cluster or a user that the kubeconfig does not have`);
  if (!sameServer(cluster.cluster.server, server))
    throw new KubeconfigError(`context ${context} of the kubeconfig leads to ${cluster.cluster.server ?? "no server"}, not to ${server}`);
  if (cluster.cluster["insecure-skip-tls-verify"] === true)
    throw new KubeconfigError(`context ${context} of the kubeconfig does not check the server's certificate; any server could answer`);
  return oneContext(context, cluster, user, chosen);
}

function parsed(text: string): Kubeconfig {
  try {
    const config: unknown = parse(text);
    if (typeof config === "object" && config !== null) return config;
  } catch {
    // The parser's own message quotes the line, which may be a credential.
  }
  throw new KubeconfigError("the kubeconfig is not a YAML document");
}

function sameServer(found: string | undefined, wanted: string): boolean {
  return found !== undefined && URL.canParse(found) && URL.canParse(wanted) && new URL(found).href === new URL(wanted).href;
}
