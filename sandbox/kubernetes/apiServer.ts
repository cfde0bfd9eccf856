/** The simulated clusters' API server, as far as commands ask it: one object by its namespace and name, and what one may do. */
import { kinds } from "../cloud/kubernetes/catalogue.ts";
import { scopeOf } from "../cloud/kubernetes/cluster.ts";
import { deploymentStatus, deploymentType } from "../cloud/kubernetes/readiness.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { objectsIn, type Properties } from "../provider/values.ts";

/** What an API server answers. */
interface ApiAnswer {
  /** Status of HTTP. */
  readonly status: number;
  readonly body: object;
}

/** Answers a request. @param body as it was sent @throws Error for one that it does not know */
export type ApiServer = (method: string, path: string, body?: string) => ApiAnswer;

const accessReviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Kinds by where their objects are: `/apis/gateway.networking.k8s.io/v1/httproutes`. */
const kindByPlace: ReadonlyMap<string, string> = new Map(
  kinds.map((token) => {
    const [, group = "", kind = ""] = token.split(":");
    const plural = kind.toLowerCase().replace(/y$/, "ie");
    return [`${group.startsWith("core/") ? group.replace("core/", "/api/") : `/apis/${group}`}/${plural}s`, token] as const;
  }),
);

/** The API server at an address. */
export function simulatedApiServer(store: LiveStore, server: string): ApiServer {
  const cluster = scopeOf(server);
  return (method, path, sent = "") => {
    if (method === "POST" && path === accessReviews) return { status: 201, body: reviewed(store, cluster, sent) };
    const [, group = "", namespace = "", plural = "", name = ""] = /^(.+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const token = kindByPlace.get(`${group}/${plural}`);
    if (method !== "GET" || token === undefined) throw new Error(`the simulated API server does not know ${method} ${path}`);
    const known = store.all(token).find(({ id, scope }) => id === `${namespace}/${name}` && scope.split("/")[0] === cluster);
    const found = known && store.get(token, known.id, known.scope);
    if (found !== undefined) return { status: 200, body: { ...found.properties, ...statusOf(found, store) } };
    const [, , kind] = token.split(":");
    const message = `${plural} "${name}" not found`;
    return {
      status: 404,
      body: { kind: "Status", apiVersion: "v1", status: "Failure", message, reason: "NotFound", details: { name, kind }, code: 404 },
    };
  };
}

function statusOf(object: LiveObject, store: LiveStore): object {
  return object.type === deploymentType ? { status: deploymentStatus(object, store) } : {};
}

/** Whoever asks may do everything, unless the live store has a role of the cluster's: then what that role allows. */
function reviewed(store: LiveStore, cluster: string, sent: string): object {
  const review = JSON.parse(sent) as {
    readonly spec: { readonly resourceAttributes: { readonly group?: string; readonly resource: string } };
  };
  const { group = "", resource } = review.spec.resourceAttributes;
  const roles = store.all("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").filter(({ scope }) => scope.split("/")[0] === cluster);
  const rules = roles.flatMap(({ properties }) => objectsIn(properties.rules));
  const covers = (rule: Properties, key: string, value: string) => valuesAt(rule, `${key}[]`).some((one) => one === value || one === "*");
  const allowed = roles.length === 0 || rules.some((rule) => covers(rule, "apiGroups", group) && covers(rule, "resources", resource));
  return { ...review, status: { allowed } };
}
