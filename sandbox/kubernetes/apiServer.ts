/** The simulated clusters' API server, as far as commands ask it: one object by its namespace and name, and what one may do. */
import { CloudError } from "../cloud/catalogue.ts";
import { kinds, kubernetes, revised } from "../cloud/kubernetes/catalogue.ts";
import { scopeOf } from "../cloud/kubernetes/cluster.ts";
import { deploymentStatus, deploymentType } from "../cloud/kubernetes/readiness.ts";
import type { LiveObject, LiveStore } from "../cloud/liveStore.ts";
import { valuesAt } from "../cloud/references.ts";
import { isObject, objectsIn, type Properties, type Value, valueAt } from "../provider/values.ts";

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
    if (!["GET", "PATCH"].includes(method) || token === undefined)
      throw new Error(`the simulated API server does not know ${method} ${path}`);
    const known = store.all(token).find(({ id, scope }) => id === `${namespace}/${name}` && scope.split("/")[0] === cluster);
    const found = known && store.get(token, known.id, known.scope);
    const refused = (code: number, reason: string, message: string) => {
      const details = { name, kind: token.split(":").at(-1) };
      return { status: code, body: { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, details, code } };
    };
    if (found === undefined) return refused(404, "NotFound", `${plural} "${name}" not found`);
    if (method === "GET") return { status: 200, body: { ...found.properties, ...runningIn(found, store) } };
    try {
      return { status: 200, body: patched(found, JSON.parse(sent) as Value, store) };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return refused(error.code === "Conflict" ? 409 : 422, error.code, error.reason);
    }
  };
}

/**
 * An object with a merge patch in it (RFC 7396). Who patches takes a field over, and meets no conflict of owners:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts. A patch of another version than the live one is refused.
 */
function patched(before: LiveObject, patch: Value, store: LiveStore): Properties {
  const [named, live] = [patch, before.properties].map((one) => valueAt(one, ["metadata", "resourceVersion"]));
  if (named !== undefined && named !== live)
    throw new CloudError("Conflict", "the object has been modified; please apply your changes to the latest version and try again");
  const merged = mergedInto(before.properties, patch);
  if (!isObject(merged)) throw new CloudError("BadRequest", "a patch is an object");
  const properties = revised(before.properties, merged);
  const place = { account: before.scope, region: "", forces: true };
  const cloud = { store, place, before, unseen: () => false };
  for (const { on, enforce } of kubernetes.rules[before.type] ?? []) if (on === "update") enforce(properties, cloud);
  store.put({ ...before, properties });
  return properties;
}

function mergedInto(target: Value | undefined, patch: Value): Value {
  if (!isObject(patch)) return patch;
  const kept = isObject(target) ? target : {};
  const entries = Object.entries(patch).filter(([, value]) => value !== null);
  const dropped = new Set(Object.keys(patch));
  return {
    ...Object.fromEntries(Object.entries(kept).filter(([key]) => !dropped.has(key))),
    ...Object.fromEntries(entries.map(([key, value]) => [key, mergedInto(kept[key], value)])),
  };
}

/** A Deployment has a number of pods, also where nobody wrote one. */
function runningIn(object: LiveObject, store: LiveStore): object {
  if (object.type !== deploymentType) return {};
  const { spec } = object.properties;
  const status = deploymentStatus(object, store);
  return { spec: { replicas: status.replicas, ...(isObject(spec) ? spec : {}) }, status };
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
