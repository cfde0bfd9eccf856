/** How traffic moves between the colours of the service `api`: by the weights of its route, or by the selector of its Service. */
import type { Colour } from "../../../components/colours.ts";
import type { Edits } from "../../harness/config.ts";
import { type Cluster, type LiveObject, namespace } from "./cluster.ts";

/** One way of moving traffic. */
export interface Switching {
  readonly by: "weights" | "selector";
  /** Config that asks for it. */
  readonly edits: Edits;
  /** Type of the object that moves, as the engine names it, and the paths that do. */
  readonly type: string;
  readonly paths: string;
  /** Percent for the candidate, from the first step to all. */
  readonly steps: readonly number[];
  /** Percent for green now. */
  readonly green: (cluster: Cluster) => Promise<number>;
  /** Moves traffic as somebody else. */
  readonly move: (cluster: Cluster, green: number, manager: string) => Promise<void>;
}

interface Route extends LiveObject {
  readonly spec: { readonly rules: readonly { readonly backendRefs: readonly { readonly name: string; readonly weight: number }[] }[] };
}

interface Service extends LiveObject {
  readonly spec: { readonly selector: Readonly<Record<string, string>> };
}

/** Any share, by the first rule of the HTTPRoute. */
export const byWeights: Switching = {
  by: "weights",
  edits: {},
  type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  paths: "spec.rules[0].backendRefs[*].weight",
  steps: [5, 25, 50, 100],
  green: async (cluster) => (await routeIn(cluster)).spec.rules[0]?.backendRefs.find(({ name }) => name === "api-green")?.weight ?? -1,
  move: async (cluster, green, manager) => {
    const route = await routeIn(cluster);
    const weight = (name: string) => (name === "api-green" ? green : 100 - green);
    const [first, ...rest] = route.spec.rules;
    const moved = { ...first, backendRefs: first?.backendRefs.map((backend) => ({ ...backend, weight: weight(backend.name) })) };
    await cluster.edit({ ...identity(route), spec: { rules: [moved, ...rest] } }, manager);
  },
};

/** All at once, by the selector of one Service. */
export const bySelector: Switching = {
  by: "selector",
  edits: { "kubernetes.cluster.switchBy": "selector", "rollout.strategy": "blueGreen", "rollout.steps": undefined },
  type: "kubernetes:core/v1:Service",
  paths: "spec.selector.version",
  steps: [100],
  green: async (cluster) => ((await serviceIn(cluster)).spec.selector.version === "green" ? 100 : 0),
  move: async (cluster, green, manager) => {
    const version: Colour = green === 100 ? "green" : "blue";
    await cluster.edit({ ...identity(await serviceIn(cluster)), spec: { selector: { version } } }, manager);
  },
};

async function routeIn(cluster: Cluster): Promise<Route> {
  return (await cluster.required("gateway.networking.k8s.io/v1", "HTTPRoute", "api", namespace)) as Route;
}

async function serviceIn(cluster: Cluster): Promise<Service> {
  return (await cluster.required("v1", "Service", "api-service", namespace)) as Service;
}

/** What names an object, for a patch of it. */
function identity({ apiVersion = "", kind = "", metadata }: LiveObject): LiveObject {
  return { apiVersion, kind, metadata: { name: metadata?.name ?? "", namespace } };
}
