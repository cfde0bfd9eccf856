/**
 * The model behind the door to a cluster: the same colours, as a Deployment, an autoscaler and a route tell of them. Operations have the names
 * that AWS has for them, so that the same accidents meet both.
 */
import type { Cluster, ObjectPlace } from "../../../ops/kubernetes/cluster.ts";
import { UserError } from "../../../ops/userError.ts";
import { type Side, sides } from "../ecs.ts";
import type { ModelCloud } from "./cloud.ts";

type Backends = readonly { readonly name: string; readonly weight: number }[];

interface Patch {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec: { readonly minReplicas?: number; readonly rules?: readonly { readonly backendRefs: Backends }[] };
}

const kindOf = ({ type }: ObjectPlace) => type.split(":").at(-1) ?? "";
const sideOf = ({ name }: ObjectPlace): Side => (name.endsWith("-green") ? "green" : "blue");
const reads: Readonly<Record<string, string>> = {
  Deployment: "describeServices",
  HorizontalPodAutoscaler: "describeScalableTargets",
  HTTPRoute: "describeRules",
};
const writes: Readonly<Record<string, string>> = { HorizontalPodAutoscaler: "registerScalableTarget", HTTPRoute: "modifyRule" };

/** The door as a writer opens it. */
export function clusterDoor(cloud: ModelCloud, writer: string): Pick<Cluster, "read" | "patch"> {
  const { ecs } = cloud;
  const asked = async (place: ObjectPlace, operation: string | undefined) => {
    try {
      await cloud.before(writer, operation ?? kindOf(place));
    } catch (error) {
      throw new UserError(`${kindOf(place)} ${place.name}: ${String(error)}`);
    }
  };
  const version = () => String(ecs.writes.length);
  return {
    read: async (place) => {
      await asked(place, reads[kindOf(place)]);
      if (kindOf(place) === "HTTPRoute") {
        const backendRefs = sides.map((side) => ({ name: `api-${side}`, weight: ecs.weights[side] }));
        return { metadata: { resourceVersion: version() }, spec: { rules: [{ backendRefs }] } };
      }
      const side = sideOf(place);
      if (cloud.absent.has(side)) return undefined;
      return kindOf(place) === "Deployment" ? deployment(cloud, side) : { spec: { minReplicas: cloud.fewest[side] } };
    },
    patch: async (place, body) => {
      await asked(place, writes[kindOf(place)]);
      const { metadata, spec } = body as Patch;
      if (metadata?.resourceVersion !== undefined && metadata.resourceVersion !== version())
        throw new UserError("the object has been modified");
      const of = (side: Side) => spec.rules?.[0]?.backendRefs.find(({ name }) => name === `api-${side}`)?.weight ?? 0;
      if (spec.rules !== undefined) ecs.setWeights(writer, { blue: of("blue"), green: of("green") });
      if (spec.minReplicas === undefined) return;
      const side = sideOf(place);
      cloud.fewest[side] = spec.minReplicas;
      // The autoscaler's next look takes the Deployment there (`reconcileAutoscaler` in horizontal.go of Kubernetes).
      ecs.update(side, ecs.describe(side).revision, Math.max(spec.minReplicas, ecs.describe(side).desired));
    },
  };
}

/** Reasons of the condition `Progressing` (Kubernetes documentation, "Deployment status"). */
const reasons = { completed: "NewReplicaSetAvailable", failed: "ProgressDeadlineExceeded", inProgress: "ReplicaSetUpdated" };

function deployment({ ecs }: ModelCloud, side: Side) {
  const { desired, digest, rollout, started, updated, healthy } = ecs.describe(side);
  return {
    metadata: { generation: 1 },
    spec: { replicas: desired, template: { spec: { containers: [{ image: `repository@${digest}` }] } } },
    status: {
      ...{ observedGeneration: 1, replicas: started, updatedReplicas: updated, readyReplicas: healthy },
      conditions: [{ type: "Progressing", reason: reasons[rollout] }],
    },
  };
}
