/** Which simulated cluster a provider's configuration leads to. */
import { parse } from "yaml";
import { isObject, type Properties, type Value } from "../../provider/values.ts";
import { CloudError } from "../catalogue.ts";
import { text } from "./names.ts";

/**
 * The host of the API server, or `cluster` when no kubeconfig is given.
 * @throws CloudError for a kubeconfig that the provider's client cannot load
 */
export function clusterOf({ kubeconfig, context }: Properties): string {
  if (kubeconfig === undefined || kubeconfig === null || kubeconfig === "") return "cluster";
  // JSON text has been read already, YAML has not.
  const config = typeof kubeconfig === "string" ? (parse(kubeconfig) as Value) : kubeconfig;
  const wanted = typeof context === "string" && context !== "" ? context : text(config, "current-context");
  const chosen = named(config, "contexts", wanted);
  if (chosen === undefined) throw refused(`context "${wanted}" does not exist`);
  const cluster = named(config, "clusters", text(chosen.context, "cluster"));
  const server = text(cluster?.cluster, "server");
  if (!URL.canParse(server)) throw refused(`cluster "${text(chosen.context, "cluster")}" has no server`);
  return scopeOf(server);
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
