/** Alarms as a stack's state has them: what each is called, how bad it is, and which page it names. Pure. */
import { readMessage } from "../../components/alarms/contract.ts";
import { regionCode } from "../../components/environment/regionCode.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { State, StateResource } from "../engine/state.ts";

/** One alarm of the stack, of a metric or of other alarms. */
export interface WatchedAlarm {
  /** Physical name: `coinestate-prod-use1-api-error-rate-p1`. */
  readonly name: string;
  /** Name without the stack's and the region's part: `api-error-rate-p1`. */
  readonly key: string;
  readonly region: string;
  /** P0 to P3; undefined of one that only serves others. */
  readonly severity: string | undefined;
  /** What is wrong, in its message's sentence. */
  readonly summary: string;
  /** Page in `docs/runbooks`, without `.md`. */
  readonly page: string;
  /** How CloudWatch knows what it watches, of all its metrics together: `{ClusterName: …}`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metric and its namespace; undefined of one that is made of several. */
  readonly metric: { readonly namespace: string; readonly name: string } | undefined;
}

const types = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"];

/** Alarms that name a page, in the order of their names. */
export function watchedAlarms({ resources }: State, config: Pick<StackConfig, "system" | "environment" | "aws">): WatchedAlarm[] {
  const all = resources
    .filter(({ type, delete: leaving }) => types.includes(type) && leaving !== true)
    .flatMap((resource) => alarmOf(resource, config) ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return all.map(({ rule, ...alarm }) => ({ ...alarm, ...watchedBy({ rule, ...alarm }, all) }));
}

/** An alarm that is made of others watches what the first of them does whose page is its own. */
function watchedBy(alarm: RuledAlarm, all: readonly RuledAlarm[]): Pick<WatchedAlarm, "dimensions" | "metric"> {
  const named = [...(alarm.rule?.matchAll(/(?<!NOT )ALARM\("([^"]+)"\)/g) ?? [])].map(([, name]) => name);
  const [first] = all.filter(({ name, region, page }) => named.includes(name) && region === alarm.region && page === alarm.page);
  const { dimensions, metric } = alarm;
  return first === undefined ? { dimensions, metric } : watchedBy(first, all);
}

/** An alarm with its rule. */
interface RuledAlarm extends WatchedAlarm {
  /** Undefined for an alarm of a metric. */
  readonly rule: string | undefined;
}

/** Beginning of the names of a region's alarms: `coinestate-prod-use1-`. */
export function alarmPrefix({ system, environment }: Pick<StackConfig, "system" | "environment">, region: string): string {
  return `${system}-${environment}-${regionCode(region)}-`;
}

function alarmOf({ outputs = {} }: StateResource, config: Pick<StackConfig, "system" | "environment" | "aws">): RuledAlarm | undefined {
  const message = String(outputs.alarmDescription ?? "");
  const { summary, runbook: page } = readMessage(message);
  if (page === undefined) return undefined;
  const name = String(outputs.name ?? outputs.alarmName);
  const region = String(outputs.region ?? config.aws.region);
  const prefix = alarmPrefix(config, region);
  const { namespace, metricName } = outputs;
  return {
    ...{ name, region, page, dimensions: dimensionsOf(outputs) },
    key: name.startsWith(prefix) ? name.slice(prefix.length) : name,
    rule: textAt(outputs, "alarmRule"),
    severity: textAt(outputs.tags, "Severity"),
    summary,
    metric: typeof namespace === "string" && typeof metricName === "string" ? { namespace, name: metricName } : undefined,
  };
}

function dimensionsOf({ dimensions, metricQueries }: Readonly<Record<string, unknown>>): Record<string, string> {
  const queries = Array.isArray(metricQueries) ? metricQueries : [];
  const all = [dimensions, ...queries.map((query) => recordAt(recordAt(query, "metric"), "dimensions"))];
  return Object.assign({}, ...all.filter((one) => typeof one === "object" && one !== null)) as Record<string, string>;
}

function recordAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
  const found = recordAt(value, key);
  return typeof found === "string" ? found : undefined;
}
