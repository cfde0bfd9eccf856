/**
 * What a rollback has to know of a stack, without its state: found by the tags and names that everything of the stack has, in the form in
 * which a state would have it. One question a region.
 */

import { namedTypes, recordTableName, trafficNames } from "../../infra/config/physicalNames.ts";
import { colours } from "../../infra/config/release.ts";
import type { Aws } from "../aws/aws.ts";
import type { State, StateResource } from "../engine/state.ts";
import { listenerRule } from "../recovery/liveRules.ts";
import type { ReleasedConfig } from "./releasedService.ts";

/** Kinds of resources that are asked for, as the Tagging API names them. */
const kinds = ["elasticloadbalancing:listener-rule", "elasticloadbalancing:targetgroup", "ecs:service", "dynamodb:table"];

/** A service's rule, target groups, bounds and record table in the stack's own region. @throws UserError when nobody can tell */
export async function taggedState(config: ReleasedConfig, service: string, aws: Aws): Promise<State> {
  const onCluster = config.services[service]?.compute === "kubernetes";
  const found = await arnsByName(config, aws);
  const { region } = config.aws;
  const table = recordTableName(config, region);
  const resources = [
    ...(onCluster ? clusterResources(config, service) : ecsResources(config, service, found)),
    ...at(found, table).map((arn) => resource("aws:dynamodb/table:Table", table, arn, { name: arn.split("/").at(-1) })),
  ];
  return { resources, pendingOperations: [] };
}

/** ARNs by the tag `Name`, which is the name that the program gives a resource. */
async function arnsByName({ system, environment, aws: { region } }: ReleasedConfig, aws: Aws): Promise<ReadonlyMap<string, string[]>> {
  const tagging = await aws.client("resourceGroupsTagging", region);
  const TagFilters = [
    { Key: "System", Values: [system] },
    { Key: "Environment", Values: [environment] },
  ];
  const asked = Array.fromAsync(tagging.paginateGetResources({ ResourceTypeFilters: kinds, TagFilters }));
  const pages = await aws.told("The resources of the stack cannot be looked up by their tags", asked);
  const named = pages
    .flatMap(({ ResourceTagMappingList = [] }) => ResourceTagMappingList)
    .flatMap(({ ResourceARN, Tags = [] }) => {
      const name = Tags.find(({ Key }) => Key === "Name")?.Value;
      return ResourceARN === undefined || name === undefined ? [] : [{ name, arn: ResourceARN }];
    });
  return new Map([...Map.groupBy(named, ({ name }) => name)].map(([name, all]) => [name, all.map(({ arn }) => arn)]));
}

function at(found: ReadonlyMap<string, string[]>, name: string): string[] {
  return found.get(name) ?? [];
}

function resource(type: string, name: string, id: string, outputs: object, inputs: object = {}): StateResource {
  const values = (of: object) => of as Record<string, unknown>;
  return { urn: `urn:pulumi:stack::project::${type}::${name}`, type, id, inputs: values(inputs), outputs: values(outputs) };
}

function ecsResources(config: ReleasedConfig, service: string, found: ReadonlyMap<string, string[]>): StateResource[] {
  const { rule, groups } = trafficNames(config, config.aws.region, service);
  const bounds = config.services[service]?.scaling;
  const rules = at(found, rule).filter((arn) => arn.includes(":listener-rule/"));
  return [
    ...rules.map((arn) => resource(listenerRule, rule, arn, {})),
    ...colours.flatMap((colour) => {
      const name = `${rule}-${colour}`;
      const own = at(found, name);
      const groupArns = own.filter((arn) => arn.includes(":targetgroup/"));
      const services = own.filter((arn) => arn.includes(":service/"));
      return [
        ...groupArns.map((arn) => resource(namedTypes.targetGroup, groups[colour], arn, {})),
        ...services.map((arn) => {
          const target = { resourceId: arn.split(":").at(-1), maxCapacity: bounds?.maximum };
          return resource("aws:appautoscaling/target:Target", name, arn, target, { minCapacity: bounds?.minimum });
        }),
      ];
    }),
  ];
}

/** On a cluster names are the config's own. Which of the two objects splits the traffic is read of them. */
function clusterResources(config: ReleasedConfig, service: string): StateResource[] {
  const namespace = String(config.kubernetes.cluster?.namespace);
  const bounds = config.services[service]?.scaling;
  const backendRefs = colours.map((colour) => ({ name: `${service}-${colour}`, weight: 0 }));
  const object = (type: string, name: string, spec: object) => resource(`kubernetes:${type}`, name, `${namespace}/${name}`, {}, { spec });
  return [
    object("gateway.networking.k8s.io/v1:HTTPRoute", service, { rules: [{ backendRefs }] }),
    object("core/v1:Service", `${service}-service`, { selector: { version: "" } }),
    ...colours.map((colour) =>
      object("autoscaling/v2:HorizontalPodAutoscaler", `${service}-${colour}`, {
        minReplicas: bounds?.minimum,
        maxReplicas: bounds?.maximum,
      }),
    ),
  ];
}
