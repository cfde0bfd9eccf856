/** Names of objects, and how the API server speaks of them. */
import { type Value, valueAt } from "../../provider/values.ts";
import { CloudError } from "../catalogue.ts";

/** RFC 1123. */
export const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A refusal of an object's values. */
export function invalid(kind: string, name: string, problem: string): CloudError {
  return new CloudError("Invalid", `${groups[kind] ?? kind} "${name}" is invalid: ${problem}`);
}

/** Kinds as the API server names them in an error. */
const groups: Readonly<Record<string, string>> = {
  Deployment: "Deployment.apps",
  HorizontalPodAutoscaler: "HorizontalPodAutoscaler.autoscaling",
  PodDisruptionBudget: "PodDisruptionBudget.policy",
  NetworkPolicy: "NetworkPolicy.networking.k8s.io",
  HTTPRoute: "HTTPRoute.gateway.networking.k8s.io",
  ExternalSecret: "ExternalSecret.external-secrets.io",
};

/** Text at a key; empty when there is none. */
export function text(value: Value | undefined, key: string): string {
  const found = valueAt(value, [key]);
  return typeof found === "string" ? found : "";
}
