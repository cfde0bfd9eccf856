/** Alarms that take a candidate's traffic: one that rings already does so no more, and a candidate gets none while it does. */

import { trafficNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { namedIn } from "../verify/places.ts";

/** Where the alarms of a service are. */
interface RolledBack {
  readonly config: Pick<StackConfig, "system" | "environment">;
  readonly state: State;
  readonly region: string;
  readonly service: string;
}

/** Names of the alarms that the service's rollback listens to; none where no alarm rolls it back. */
export function rollbackAlarmNames({ config, state, region, service }: RolledBack): string[] {
  const rule = namedIn(state, "aws:cloudwatch/eventRule:EventRule", `${trafficNames(config, region, service).rule}-rollback`);
  const pattern = rule?.outputs?.eventPattern;
  if (typeof pattern !== "string") return [];
  const { resources = [] } = JSON.parse(pattern) as { readonly resources?: readonly string[] };
  return resources.flatMap((arn) => /:alarm:(.+)$/.exec(arn)?.[1] ?? []);
}

/** Those of them that ring now. @throws UserError when CloudWatch does not tell */
export async function ringingRollbackAlarms(where: RolledBack, aws: Aws): Promise<readonly string[]> {
  const AlarmNames = rollbackAlarmNames(where);
  if (AlarmNames.length === 0) return [];
  const cloudWatch = await aws.client("cloudWatch", where.region);
  const asked = cloudWatch.describeAlarms({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], StateValue: "ALARM" });
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.told(`The rollback alarms of ${where.service} cannot be read`, asked);
  return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []);
}
