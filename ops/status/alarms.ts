/** Alarms that ring: the gravest first, each with its page, and what only follows from another named as that. */
import { readMessage } from "../../components/alarms/contract.ts";
import { notifiedRegions } from "../../infra/config/notifiedRegions.ts";
import { severityOfTopic } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { alarmPrefix, watchedAlarms } from "../runbook/watchedAlarm.ts";
import { type AlarmMend, mendOf } from "./alarmMend.ts";
import type { Asked } from "./asked.ts";
import { causeOf, type Followed } from "./followers.ts";

/** One alarm that rings. */
export interface RingingAlarm {
  /** Physical name. */
  readonly name: string;
  /** The same without the stack and the region. */
  readonly key: string;
  readonly region: string;
  /** P0 to P3; undefined for one that only serves others. */
  readonly severity?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** What is wrong, in the alarm's own sentence. */
  readonly summary: string;
  /** Page in docs/runbooks, without `.md`. */
  readonly runbook?: string;
  /** Name of the alarm that it follows from. @default it has a cause of its own */
  readonly follows?: string;
  /** What ends its cause without an outage, where config tells. @default its page has to be read */
  readonly mend?: AlarmMend;
}

/** What the stack's alarms say. */
export interface Alarms {
  /** The gravest first, causes before what follows from them. */
  readonly ringing: readonly RingingAlarm[];
  /** Regions that were asked. */
  readonly regions: readonly string[];
}

/** Asks CloudWatch in every region that has alarms. @param state says their severities; without it their topics do */
export async function alarmsOf({ stack: { config }, aws }: Pick<Asked, "stack" | "aws">, state: State | undefined): Promise<Alarms> {
  const regions = notifiedRegions(config);
  const severityOf = new Map((state === undefined ? [] : watchedAlarms(state, config)).map((alarm) => [keyOf(alarm), alarm.severity]));
  const found = await Promise.all(regions.map((region) => ringingIn(aws, region, config)));
  const all = found.flat().map(({ topics, ...alarm }) => ({
    ...alarm,
    severity: severityOf.get(keyOf(alarm)) ?? topics.map(severityOfTopic).find((severity) => severity !== undefined),
  }));
  const ringing = all.map(({ severity, rule: _, ...alarm }): RingingAlarm => {
    const cause = causeOf(alarm, all, config);
    const mend = mendOf(config, alarm);
    return { ...alarm, ...(severity && { severity }), ...(cause && { follows: cause }), ...(mend && { mend }) };
  });
  return { ringing: ringing.sort(byGravity), regions };
}

function keyOf({ name, region }: { readonly name: string; readonly region: string }): string {
  return `${region} ${name}`;
}

interface Told extends Omit<RingingAlarm, "severity" | "follows">, Omit<Followed, "severity"> {
  readonly topics: readonly string[];
}

async function ringingIn(aws: Aws, region: string, config: StackConfig): Promise<Told[]> {
  const prefix = alarmPrefix(config, region);
  const cloudWatch = await aws.client("cloudWatch", region);
  const listed = cloudWatch.paginateDescribeAlarms({
    ...{ StateValue: "ALARM", AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
  });
  const pages = await aws.told(`Alarms of ${region} cannot be read`, Array.fromAsync(listed));
  return pages.flatMap(({ MetricAlarms = [], CompositeAlarms = [] }) =>
    [...MetricAlarms, ...CompositeAlarms.map((alarm) => ({ ...alarm, rule: alarm.AlarmRule }))].map((alarm): Told => {
      const { AlarmName: name = "", AlarmDescription = "", AlarmActions: topics = [] } = alarm;
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      return {
        ...{ name, region, key: name.slice(prefix.length), ...readMessage(AlarmDescription), topics },
        ...("rule" in alarm && alarm.rule !== undefined ? { rule: alarm.rule } : {}),
        ...(since === undefined ? {} : { since: since.toISOString() }),
      };
    }),
  );
}

function byGravity(a: RingingAlarm, b: RingingAlarm): number {
  const rank = ({ severity, follows, since = "" }: RingingAlarm) => `${follows === undefined ? 0 : 1} ${severity ?? "P9"} ${since} `;
  return `${rank(a)}${a.name}` < `${rank(b)}${b.name}` ? -1 : 1;
}
