/** A stack with one service, as commands read it: its config, and a state that names what the model's cloud has. */
import { namedTypes, recordTableName, trafficNames } from "../../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../../infra/config/stack.ts";
import type { State } from "../../../ops/engine/state.ts";
import { apiOnCluster, cluster } from "../../harness/cluster.ts";
import { configOf } from "../../harness/config.ts";
import { onlyApi, unwatched } from "../../harness/smallStacks.ts";
import { type Side, sides } from "../ecs.ts";
import { groupOf } from "./cloud.ts";

/** What runs the service. */
export type Compute = StackConfig["services"][string]["compute"];

const edits = { ...unwatched, ...onlyApi, "services.api.scaling": { minimum: 2, maximum: 20 } };
const base = configOf("staging", edits);
const bases: Readonly<Record<Compute, StackConfig>> = { ecs: base, kubernetes: configOf("staging", { ...edits, ...apiOnCluster }) };
const { region } = base.aws;
const { rule, groups } = trafficNames(base, region, "api");

/** What the config says of a release. */
export interface Wanted {
  readonly live: Side;
  readonly candidateWeight: number;
  readonly images: Readonly<Partial<Record<Side, string>>>;
}

/** The stack's config with this release. */
export function configWith({ live, candidateWeight, images }: Wanted, maximum = 20, compute: Compute = "ecs"): StackConfig {
  const { api } = bases[compute].services;
  if (api === undefined) throw new Error("staging has a service api");
  const colour = (side: Side) => ({ ...api.release[side], image: images[side], capacity: "full" as const });
  const release = { ...api.release, live, candidateWeight, blue: colour("blue"), green: colour("green") };
  return { ...bases[compute], services: { api: { ...api, scaling: { ...api.scaling, maximum }, release } } };
}

/** What else an update left. */
interface StateOptions {
  readonly rollbackTo?: Side;
  readonly maximum?: number;
  readonly compute?: Compute;
  /** Names of alarms that roll the service back. @default none does */
  readonly rollbackAlarms?: readonly string[];
}

/** What an update left: revision and digest of each colour. @param rollbackTo as the outputs have it */
export function stateWith(
  colours: Readonly<Partial<Record<Side, { readonly digest: string; readonly revision: string }>>>,
  { rollbackTo, maximum = 20, compute = "ecs", rollbackAlarms }: StateOptions = {},
): State {
  const resource = (type: string, name: string, id: string, outputs: object, inputs: object = {}) => ({
    ...{ urn: `urn:pulumi:staging::shop::${type}::${name}`, type, id },
    inputs: inputs as Record<string, unknown>,
    outputs: outputs as Record<string, unknown>,
  });
  const onEcs = (side: Side) => {
    const { digest = "", revision = "" } = colours[side] ?? {};
    const name = `${rule}-${side}`;
    const bounds = { minCapacity: 2, maxCapacity: maximum };
    return [
      resource("aws:lb/targetGroup:TargetGroup", groups[side], groupOf(side), {}),
      resource("aws:appautoscaling/target:Target", name, name, { resourceId: `service/main/api-${side}`, maxCapacity: maximum }, bounds),
      resource(namedTypes.service, name, name, { cluster: "main", name: `api-${side}` }),
      resource(namedTypes.taskDefinition, name, name, { arn: revision, containerDefinitions: `[{"image":"repository@${digest}"}]` }),
    ];
  };
  const onCluster = (type: string, name: string, spec: object) =>
    resource(`kubernetes:${type}`, `${rule}-${name}`, `${cluster.namespace}/${name}`, {}, { spec });
  const onKubernetes = (side: Side) => [
    onCluster("apps/v1:Deployment", `api-${side}`, {
      template: { spec: { containers: [{ image: `repository@${colours[side]?.digest}` }] } },
    }),
    onCluster("autoscaling/v2:HorizontalPodAutoscaler", `api-${side}`, { minReplicas: 2, maxReplicas: maximum }),
  ];
  const backendRefs = sides.map((side) => ({ name: `api-${side}`, weight: 50 }));
  const ruled = {
    ecs: resource("aws:lb/listenerRule:ListenerRule", rule, "arn:rule", {}),
    kubernetes: onCluster("gateway.networking.k8s.io/v1:HTTPRoute", "api", { rules: [{ backendRefs }] }),
  };
  const arns = (rollbackAlarms ?? []).map((name) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${name}`);
  const watched = { eventPattern: JSON.stringify({ source: ["aws.cloudwatch"], resources: arns }) };
  const release = rollbackTo === undefined ? {} : { api: { rollbackTo } };
  return {
    pendingOperations: [],
    resources: [
      resource("pulumi:pulumi:Stack", "shop-staging", "", { release }),
      ruled[compute],
      ...(rollbackAlarms === undefined ? [] : [resource("aws:cloudwatch/eventRule:EventRule", `${rule}-rollback`, rule, watched)]),
      resource("aws:dynamodb/table:Table", recordTableName(base, region), "releases", { name: "releases" }),
      ...sides.flatMap(compute === "ecs" ? onEcs : onKubernetes),
    ],
  };
}
