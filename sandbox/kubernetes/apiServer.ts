/** The simulated clusters' API server, as far as commands ask it: one object by its namespace and name. */
import { kinds } from "../cloud/kubernetes/catalogue.ts";
import { scopeOf } from "../cloud/kubernetes/cluster.ts";
import type { LiveStore } from "../cloud/liveStore.ts";

/** What an API server answers. */
interface ApiAnswer {
  /** Status of HTTP. */
  readonly status: number;
  readonly body: object;
}

/** Answers a request. @throws Error for one that it does not know */
export type ApiServer = (method: string, path: string) => ApiAnswer;

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
  return (method, path) => {
    const [, group = "", namespace = "", plural = "", name = ""] = /^(.+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const token = kindByPlace.get(`${group}/${plural}`);
    if (method !== "GET" || token === undefined) throw new Error(`the simulated API server does not know ${method} ${path}`);
    const known = store.all(token).find(({ id, scope }) => id === `${namespace}/${name}` && scope.split("/")[0] === cluster);
    const found = known && store.get(token, known.id, known.scope);
    if (found !== undefined) return { status: 200, body: found.properties };
    const [, , kind] = token.split(":");
    const message = `${plural} "${name}" not found`;
    return {
      status: 404,
      body: { kind: "Status", apiVersion: "v1", status: "Failure", message, reason: "NotFound", details: { name, kind }, code: 404 },
    };
  };
}
