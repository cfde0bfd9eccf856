/**
 * The one door to a stack's cluster: the client that the Kubernetes project maintains, for the one server that config names. The
 * simulated cluster answers the same client. It is loaded when the cluster is first asked.
 */
import { dirname } from "node:path";
import { Secret } from "../../components/contract/secret.ts";
import { clusterAccess, KubeconfigError, kubeconfigPath } from "../../infra/config/clusterAccess.ts";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { ApiServer } from "../../sandbox/kubernetes/apiServer.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { cloudFolder, isReal } from "../engine/backend.ts";
import type { Session } from "../engine/session.ts";
import type { NamedStack } from "../project/stack.ts";
import { UserError } from "../userError.ts";

/** Whose the fields are that a command writes. */
const fieldManager = "slipway";
const route = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" } as const;

/** How long a cluster may take, milliseconds. */
const longest = 20_000;

/** Where an object is: its type as the engine names it, `kubernetes:core/v1:Service`. */
export interface ObjectPlace {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
}

/** The way to an API server. */
export interface ClusterOptions {
  /** Address of the API server. */
  readonly server: string;
  /** Kubeconfig with one context; asked for when the cluster is. @throws KubeconfigError for one that cannot be used */
  readonly kubeconfig: () => Promise<string>;
  /** Answers in the server's place. @default the server does */
  readonly answer?: () => Promise<ApiServer>;
}

/** Something that a stack does on its cluster. */
export interface ClusterAction {
  readonly verb: "create" | "patch" | "delete" | "watch";
  /** API group; empty for the core's. */
  readonly group: string;
  /** Plural, as in a role: `deployments`. */
  readonly resource: string;
  /** @default of the whole cluster */
  readonly namespace?: string;
}

/** What is asked of a cluster. */
interface Questions {
  readonly readers: Readonly<Record<string, (place: ObjectPlace) => Promise<object>>>;
  readonly writers: Readonly<Record<string, (place: ObjectPlace, body: object) => Promise<object>>>;
  readonly may: (action: ClusterAction) => Promise<boolean>;
}

/** A cluster as one command sees it. */
export class Cluster {
  readonly #options: ClusterOptions | undefined;
  #questions: Promise<Questions> | undefined;

  /** @param options undefined for a stack that has no cluster, or no longer: it can be asked nothing */
  constructor(options: ClusterOptions | undefined) {
    this.#options = options;
  }

  /** One object as it is now; undefined when there is none. @throws UserError when nobody can tell */
  async read(place: ObjectPlace): Promise<Record<string, unknown> | undefined> {
    const { questions, server } = this.#asked();
    try {
      const read = (await questions()).readers[place.type];
      if (read === undefined) throw new Error(`commands do not know how to read ${place.type}`);
      return { ...(await read(place)) };
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === 404) return undefined;
      throw new UserError(`${wordsOf(place)} cannot be read on ${server}: ${reasonOf(error)}`);
    }
  }

  /**
   * Merges values into an object (RFC 7396). They belong to the field manager `slipway` then: an update of the stack that sets them otherwise
   * takes them over again.
   * @param body with `metadata.resourceVersion` it is refused where somebody wrote since
   * @throws UserError when the server refuses it
   */
  async patch(place: ObjectPlace, body: object): Promise<void> {
    const { questions, server } = this.#asked();
    try {
      const write = (await questions()).writers[place.type];
      if (write === undefined) throw new Error(`commands do not know how to write ${place.type}`);
      await write(place, body);
    } catch (error) {
      throw new UserError(`${wordsOf(place)} cannot be written on ${server}: ${reasonOf(error)}`);
    }
  }

  /** Whether the credentials may do something, as the cluster itself says. @throws UserError when nobody can tell */
  async may(action: ClusterAction): Promise<boolean> {
    const { questions, server } = this.#asked();
    try {
      return await (await questions()).may(action);
    } catch (error) {
      throw new UserError(`${server} does not tell what the credentials may do: ${reasonOf(error)}`);
    }
  }

  #asked(): { readonly server: string; readonly questions: () => Promise<Questions> } {
    const options = this.#options;
    if (options === undefined) throw new UserError("The stack has no cluster: slipway:kubernetes.cluster is not set.");
    const questions = () => {
      this.#questions ??= questionsOf(options);
      return this.#questions;
    };
    return { server: options.server, questions };
  }
}

function wordsOf({ type, namespace, name }: ObjectPlace): string {
  return `${type.split(":").at(-1)} ${namespace}/${name}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Clustered = Pick<StackConfig, "aws" | "kubernetes">;

/**
 * The cluster of a stack.
 * @param secretKubeconfig the kubeconfig where config keeps it encrypted: only the engine can decrypt it
 */
export function openCluster({ config, file, backend }: NamedStack<Clustered>, secretKubeconfig: () => Promise<string>): Cluster {
  const { cluster } = config.kubernetes;
  if (cluster === undefined) return new Cluster(undefined);
  const { server, access } = cluster;
  const kubeconfig = async () => {
    const own = access.by === "secret" ? { ...cluster, access: { ...access, kubeconfig: new Secret(await secretKubeconfig()) } } : cluster;
    const readable = { ...config, kubernetes: { ...config.kubernetes, cluster: own } };
    const found = clusterAccess(readable, dirname(file));
    if (found === undefined) throw new KubeconfigError("the stack has no cluster");
    return found.kubeconfig.open((text) => text);
  };
  if (isReal(backend, "kubernetes")) return new Cluster({ server, kubeconfig });
  const answer = async () => {
    const { simulatedApiServer } = await import("../../sandbox/kubernetes/apiServer.ts");
    return simulatedApiServer(openLiveStore(cloudFolder(backend)), server);
  };
  return new Cluster({ server, kubeconfig, answer });
}

/** The kubeconfig that config keeps encrypted, as the engine decrypts it. @throws UserError when it cannot */
export async function secretKubeconfig(session: Pick<Session, "capture" | "stack">): Promise<string> {
  const path = `${keyPrefix}${kubeconfigPath.join(".")}`;
  const { exitCode, stdout, stderr } = await session.capture(["config", "get", "--path", path]);
  if (exitCode !== 0) throw new UserError(`${path} of ${session.stack} cannot be decrypted:\n${stderr.trim()}`);
  return stdout;
}

async function questionsOf({ server, kubeconfig, answer }: ClusterOptions): Promise<Questions> {
  const client = await import("@kubernetes/client-node");
  const timed = {
    pre: async (request: InstanceType<typeof client.RequestContext>) => {
      request.setSignal(AbortSignal.timeout(longest));
      return request;
    },
    post: async (response: InstanceType<typeof client.ResponseContext>) => response,
  };
  const shared = { baseServer: new client.ServerConfiguration(server, {}), promiseMiddleware: [timed] };
  const configuration = client.createConfiguration(
    answer === undefined
      ? { ...shared, authMethods: { default: await authentication(kubeconfig, client) } }
      : { ...shared, httpApi: simulated(await answer(), client) },
  );
  const core = new client.CoreV1Api(configuration);
  const apps = new client.AppsV1Api(configuration);
  const autoscaling = new client.AutoscalingV2Api(configuration);
  const custom = new client.CustomObjectsApi(configuration);
  const authorization = new client.AuthorizationV1Api(configuration);
  const merged = () => client.setHeaderOptions("Content-Type", client.PatchStrategy.MergePatch);
  return {
    readers: {
      "kubernetes:apps/v1:Deployment": ({ namespace, name }) => apps.readNamespacedDeployment({ namespace, name }),
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ({ namespace, name }) =>
        autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace, name }),
      "kubernetes:core/v1:Service": ({ namespace, name }) => core.readNamespacedService({ namespace, name }),
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": ({ namespace, name }) =>
        custom.getNamespacedCustomObject({ ...route, namespace, name }),
    },
    writers: {
      "kubernetes:apps/v1:Deployment": ({ namespace, name }, body) =>
        apps.patchNamespacedDeployment({ namespace, name, body, fieldManager }, merged()),
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ({ namespace, name }, body) =>
        autoscaling.patchNamespacedHorizontalPodAutoscaler({ namespace, name, body, fieldManager }, merged()),
      "kubernetes:core/v1:Service": ({ namespace, name }, body) =>
        core.patchNamespacedService({ namespace, name, body, fieldManager }, merged()),
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": ({ namespace, name }, body) =>
        custom.patchNamespacedCustomObject({ ...route, namespace, name, body, fieldManager }, merged()),
    },
    may: async (action) => {
      const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: { ...action } } };
      return (await authorization.createSelfSubjectAccessReview({ body })).status?.allowed === true;
    },
  };
}

type Client = typeof import("@kubernetes/client-node");

async function authentication(kubeconfig: () => Promise<string>, { KubeConfig }: Client) {
  const loaded = new KubeConfig();
  loaded.loadFromString(await kubeconfig());
  return loaded;
}

/** An HTTP library that sends nothing. */
function simulated(answer: ApiServer, { ResponseContext, wrapHttpLibrary }: Client) {
  return wrapHttpLibrary({
    send: async (request) => {
      const { status, body } = answer(request.getHttpMethod(), new URL(request.getUrl()).pathname, String(request.getBody() ?? ""));
      const bytes = Buffer.from(JSON.stringify(body));
      return new ResponseContext(
        status,
        { "content-type": "application/json" },
        { text: async () => bytes.toString(), binary: async () => bytes, stream: () => null },
      );
    },
  });
}
