/**
 * Whether what was applied comes to run. The provider waits for it, keeps what did not as an object with an initialization error, and the
 * engine then updates that one again in each later plan, without any difference.
 * Source: pulumi-kubernetes, provider/pkg/await (deployment.go, error.go) and `partialError` in provider.go; tried on API server 1.36.3.
 */
import { isObject, objectsIn, type Properties, valueAt } from "../../provider/values.ts";
import type { Outcome } from "../catalogue.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { text } from "./names.ts";

export const deploymentType = "kubernetes:apps/v1:Deployment";
const secretType = "kubernetes:external-secrets.io/v1:ExternalSecret";

/**
 * Status of a Deployment: its pods get ready at once, as many as are wanted, unless its own status in the live store says otherwise
 * (`slipway sandbox set <namespace>/<name> status.readyReplicas 0`). An autoscaler takes it to its minimum at its next look, whatever its metrics
 * and policies say (`reconcileAutoscaler` in horizontal.go of Kubernetes).
 */
export function deploymentStatus({ id, scope, properties }: LiveObject, store: LiveStore): Properties {
  const scaled = store.all("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").find((other) => other.id === id && other.scope === scope);
  const replicas = valueAt(properties, ["spec", "replicas"]) ?? valueAt(scaled?.properties, ["spec", "minReplicas"]) ?? 1;
  const { status } = properties;
  return {
    observedGeneration: valueAt(properties, ["metadata", "generation"]) ?? 1,
    ...{ replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    conditions: [{ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }],
    ...(isObject(status) ? status : {}),
  };
}

/** Why an object is not ready; undefined when it is. */
export function unready(object: LiveObject, store: LiveStore): string | undefined {
  if (object.type !== deploymentType || valueAt(object.properties, ["spec", "replicas"]) === 0) return undefined;
  return Number(deploymentStatus(object, store).readyReplicas) > 0 ? undefined : timedOut(object);
}

/** By the condition that the operator sets; the one of an earlier copy meets the provider's wait as well as a new one. */
const copied: Outcome = (object, { store, before }) => {
  if (isReady(before?.properties)) {
    store.put({ ...object, properties: { ...object.properties, status: before?.properties.status ?? {} } });
    return undefined;
  }
  if (!objectsIn(valueAt(object.properties, ["spec", "data"])).every((entry) => isStored(store, entry))) return timedOut(object);
  store.put({ ...object, properties: { ...object.properties, status: { conditions: [{ type: "Ready", status: "True" }] } } });
  return undefined;
};

/** What becomes of objects that the provider waits for. */
export const outcomes: Readonly<Record<string, Outcome>> = {
  [deploymentType]: (object, { store }) => unready(object, store),
  [secretType]: copied,
};

function timedOut({ properties }: LiveObject): string {
  return `the Kubernetes API server reported that it failed to fully initialize or become live: '${text(properties.metadata, "name")}' timed out waiting to be Ready`;
}

function isReady(properties: Properties | undefined): boolean {
  return objectsIn(valueAt(properties, ["status", "conditions"])).some(({ type, status }) => type === "Ready" && status === "True");
}

/** Whether Parameter Store has what an entry names, by name or ARN; a secret of Secrets Manager may be made by the same update, and is waited for. */
function isStored(store: LiveStore, { remoteRef, sourceRef }: Properties): boolean {
  const key = text(remoteRef, "key");
  return sourceRef !== undefined || store.all("aws:ssm/parameter:Parameter").some(({ id, properties: { arn } }) => [id, arn].includes(key));
}
