/** The cluster: whether it answers, and whether the credentials may do what a service takes. */
import type { StackConfig } from "../../infra/config/stack.ts";
import type { ClusterAction } from "../kubernetes/cluster.ts";
import type { Line } from "./line.ts";

/** Kinds that a service is made of, by group; a route only where the gateway has the weights. */
const kinds: readonly (readonly [group: string, resource: string])[] = [
  ["apps", "deployments"],
  ["", "services"],
  ["", "serviceaccounts"],
  ["autoscaling", "horizontalpodautoscalers"],
  ["policy", "poddisruptionbudgets"],
  ["networking.k8s.io", "networkpolicies"],
  ["gateway.networking.k8s.io", "httproutes"],
  ["external-secrets.io", "externalsecrets"],
];

/** What the provider watches while it waits for pods; without the right to one of them it waits on, and says nothing. */
const watched: readonly (readonly [group: string, resource: string])[] = [
  ["apps", "replicasets"],
  ["", "pods"],
  ["", "events"],
  ["", "persistentvolumeclaims"],
];

/** What the credentials have to be allowed: docs/components/kubernetes.md has the whole role. Pure. */
export function clusterActions({ kubernetes: { cluster }, services }: StackConfig): ClusterAction[] {
  const own = Object.values(services).filter(({ compute }) => compute === "kubernetes");
  if (cluster === undefined || own.length === 0) return [];
  const { namespace } = cluster;
  const reads = own.some(({ secrets }) => Object.keys(secrets).length > 0);
  const used = kinds.filter(([, resource]) => resource !== "externalsecrets" || reads);
  const inNamespace = used.flatMap(([group, resource]) =>
    (["create", "patch", "delete"] as const).map((verb) => ({ verb, group, resource, namespace })),
  );
  const seen = watched.map(([group, resource]) => ({ verb: "watch" as const, group, resource, namespace }));
  return [{ verb: "create", group: "", resource: "namespaces" }, ...inNamespace, ...seen];
}

/** Judges: one line for all, which names what is not allowed. Pure. @param allowed whether each action is, in order */
export function clusterLine(server: string, actions: readonly ClusterAction[], allowed: readonly boolean[]): Line {
  const line = { area: "cluster", what: `rights on ${server}` } as const;
  const refused = actions.filter((_, index) => allowed[index] !== true);
  const [first] = refused;
  if (first === undefined) return { ...line, found: `may all of ${actions.length} actions`, verdict: "good" };
  const names = refused.map(({ verb, group, resource }) => `${verb} ${group === "" ? resource : `${resource}.${group}`}`);
  const { verb, group, resource, namespace } = first;
  const check = `kubectl auth can-i ${verb} ${group === "" ? resource : `${resource}.${group}`}${namespace === undefined ? "" : ` -n ${namespace}`}`;
  return {
    ...line,
    found: `may not ${names.join(", ")}`,
    verdict: "missing",
    fix: `bind the role of docs/components/kubernetes.md to the credentials; then: ${check}`,
  };
}
