/** Which simulated cluster a provider's configuration leads to. */
import { parse } from "yaml";
import { isObject, type Properties, type Value } from "../../provider/values.ts";
import { CloudError } from "../catalogue.ts";
import type { Place } from "../identity.ts";
import type { LiveStore } from "../liveStore.ts";
import { text } from "./names.ts";

/** Where a provider's configuration leads. */
interface Target {
  /** The host of the API server, or `cluster` when no kubeconfig is given. */
  readonly cluster: string;
  /** Token that the user of the context has; undefined where another program makes one at each start. */
  readonly token?: string;
}

/** @throws CloudError for a kubeconfig that the provider's client cannot load */
export function targetOf({ kubeconfig, context }: Properties): Target {
  if (kubeconfig === undefined || kubeconfig === null || kubeconfig === "") return { cluster: "cluster" };
  // JSON text has been read already, YAML has not.
  const config = typeof kubeconfig === "string" ? (parse(kubeconfig) as Value) : kubeconfig;
  const wanted = typeof context === "string" && context !== "" ? context : text(config, "current-context");
  const chosen = named(config, "contexts", wanted);
  if (chosen === undefined) throw refused(`context "${wanted}" does not exist`);
  const cluster = named(config, "clusters", text(chosen.context, "cluster"));
  const server = text(cluster?.cluster, "server");
  if (!URL.canParse(server)) throw refused(`cluster "${text(chosen.context, "cluster")}" has no server`);
  const token = text(named(config, "users", text(chosen.context, "user"))?.user, "token");
  return { cluster: scopeOf(server), ...(token === "" ? {} : { token }) };
}

/**
 * Why the provider cannot ask the cluster; undefined where it can. Every token is taken, unless the cluster in the live store has Secrets of
 * the type `kubernetes.io/service-account-token`: then only theirs.
 * Source: pulumi-kubernetes, `clusterUnreachable` in provider/pkg/provider/provider.go; seen with a token that was deleted on API server 1.36.3.
 */
export function unreachable({ account, token }: Place, store: LiveStore): string | undefined {
  if (token === undefined) return undefined;
  const secrets = store.all("kubernetes:core/v1:Secret").filter(({ scope }) => scope.split("/")[0] === account);
  const tokens = secrets.filter(({ properties }) => properties.type === "kubernetes.io/service-account-token");
  if (tokens.length === 0 || tokens.some(({ properties }) => text(properties.stringData, "token") === token)) return undefined;
  return "configured Kubernetes cluster is unreachable: unable to load schema information from the API server: the server has asked for the client to provide credentials";
}

/** What the scopes begin with of the objects of the cluster of an API server. */
export function scopeOf(server: string): string {
  return new URL(server).host.replace(":", "_");
}

function named(config: Value, key: string, name: string): Properties | undefined {
  const entries = isObject(config) ? config[key] : undefined;
  const found = Array.isArray(entries) ? entries.find((entry) => text(entry, "name") === name) : undefined;
  return isObject(found) ? found : undefined;
}

function refused(problem: string): CloudError {
  return new CloudError("InvalidKubeconfig", `unable to load Kubernetes client configuration from kubeconfig: ${problem}`);
}
