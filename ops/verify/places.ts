/** What a stack's state says is there to be looked at. Pure. */

import { carriedServices, standbys } from "../../components/environment/contract/failover.ts";
import { trafficNames } from "../../infra/config/physicalNames.ts";
import type { Colour } from "../../infra/config/release.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import type { State, StateResource } from "../engine/state.ts";
import type { ReleasedConfig } from "../release/releasedService.ts";
import type { DatabaseKind, DatabasePlace } from "./cloud.ts";

/** One service on ECS in one region. */
export interface ServicePlace {
  readonly service: string;
  readonly region: string;
  /** Whether the region is the stack's own; a standby gives its candidate nothing. */
  readonly primary: boolean;
  /** Tasks that the live colour has at least. */
  readonly minimumTasks: number;
  readonly live: Colour;
  /** Percent of traffic that config gives the candidate here. */
  readonly candidateWeight: number;
  /** @default the state has no rule for it */
  readonly ruleArn: string | undefined;
  readonly groupArns: Readonly<Record<Colour, string | undefined>>;
}

/** Services on ECS in every region of the stack, the primary first. */
export function servicePlaces(config: ReleasedConfig, state: State): ServicePlace[] {
  const others = standbys(config).map(({ region, pilotTasks }) => ({ region, pilotTasks, primary: false }));
  return [{ region: config.aws.region, pilotTasks: undefined, primary: true }, ...others].flatMap(({ region, pilotTasks, primary }) => {
    return Object.entries(config.services).flatMap(([service, { compute, release, scaling }]): ServicePlace[] => {
      if (compute !== "ecs" || !(primary || carriedServices(config).includes(service))) return [];
      const { rule, groups } = trafficNames(config, region, service);
      const group = (colour: Colour) => namedIn(state, "aws:lb/targetGroup:TargetGroup", groups[colour])?.id;
      return [
        {
          ...{ service, region, primary, live: release.live },
          minimumTasks: pilotTasks ?? scaling.minimum,
          candidateWeight: primary ? release.candidateWeight : 0,
          ruleArn: namedIn(state, "aws:lb/listenerRule:ListenerRule", rule)?.id,
          groupArns: { blue: group("blue"), green: group("green") },
        },
      ];
    });
  });
}

/** A resource of the state by the name that it was registered with. */
export function namedIn({ resources }: State, type: string, name: string): StateResource | undefined {
  return resources.find((resource) => resource.type === type && resource.delete !== true && resourceName(resource.urn) === name);
}

const databaseTypes: Readonly<Record<string, readonly [kind: DatabaseKind, name: string]>> = {
  "aws:rds/instance:Instance": ["rds instance", "identifier"],
  "aws:docdb/cluster:Cluster": ["docdb cluster", "clusterIdentifier"],
  "aws:docdb/clusterInstance:ClusterInstance": ["docdb instance", "identifier"],
  "aws:dynamodb/table:Table": ["dynamodb table", "name"],
};

/** Databases and their servers, replicas too, in every region. */
export function databasePlaces({ resources }: State, region: string): DatabasePlace[] {
  return resources.flatMap(({ type, outputs = {}, delete: leaving }): DatabasePlace[] => {
    const [kind, name] = databaseTypes[type] ?? [];
    if (kind === undefined || name === undefined || leaving === true) return [];
    return [{ kind, region: String(outputs.region ?? region), identifier: String(outputs[name]) }];
  });
}

/** One alarm of the stack. */
export interface AlarmPlace {
  readonly name: string;
  readonly region: string;
  /** P0 to P3. */
  readonly severity: string;
}

/** Alarms that tell of something; those that only serve others have no severity. */
export function alarmPlaces({ resources }: State, region: string): AlarmPlace[] {
  return resources.flatMap(({ type, outputs = {}, delete: leaving }): AlarmPlace[] => {
    if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm" || leaving === true) return [];
    const tags = outputs.tags;
    if (typeof tags !== "object" || tags === null || !("Severity" in tags)) return [];
    return [{ name: String(outputs.name), region: String(outputs.region ?? region), severity: String(tags.Severity) }];
  });
}
