/** What alarms meet in a real account: other stacks, a first day, and metrics that say more than a number. */
import { expect, it } from "vitest";
import { type AskedMetric, metricAlarm } from "../../../sandbox/cloudWatch/evaluator.ts";
import { matches } from "../../../sandbox/events/eventPattern.ts";
import { objectsIn, type Properties } from "../../../sandbox/provider/values.ts";
import { configOf, parse, rawConfig } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";

const metric = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarmsOf = (graph: readonly Registered[]) => graph.filter(({ type }) => type === metric).map(({ checked }) => checked);
const nothing = () => undefined;

/** Namespace, name and dimensions of everything that an alarm watches. */
function watched(alarm: Properties): string[] {
  const seen: AskedMetric[] = [];
  metricAlarm(alarm).stateAt(0, (asked) => void seen.push(asked));
  return seen.map(({ namespace, name, dimensions }) => JSON.stringify([namespace, name, dimensions]));
}

/** Metrics of a service of AWS that a stack's alarms and those of another environment would both watch in one account and region. */
async function shared(service: string, stack: string): Promise<string[]> {
  const of = async (environment: string) => {
    const raw = JSON.stringify(rawConfig(stack, { environment })).replaceAll("/prod/", `/${environment}/`);
    const graph = await declaredGraph(parse(JSON.parse(raw), stack));
    return alarmsOf(graph)
      .flatMap(watched)
      .filter((text) => text.includes(service));
  };
  const [one, other] = [await of("prod"), await of("rehearsal")];
  expect(one).not.toEqual([]);
  return one.filter((text) => other.includes(text));
}

it("A23 web ACLs of two stacks in an account and region have metrics of their own", async () => {
  expect(await shared("AWS/WAFV2", "clearhold/production")).toEqual([]);
});

it("A21 a copy that fails is told of to the stack whose it is", async () => {
  expect(await shared("NumberOfCopyJobs", "clearhold/production")).toEqual([]);
});

it("A19 the alarm of a day without backups acts after the first backup, and not on the day that it is made", async () => {
  const [alarm] = alarmsOf(await declaredGraph(configOf("olympiad/production"))).filter(({ name }) =>
    String(name).endsWith("backup-none-completed"),
  );
  const evaluator = metricAlarm(alarm!);
  expect(evaluator.stateAt(3600, nothing)).toBe("INSUFFICIENT_DATA");
  // An alarm begins there, and actions are of changes: later it comes there from OK.
  expect(evaluator.stateAt(86_400, () => 1)).toBe("OK");
  expect(evaluator.stateAt(4 * 86_400, nothing)).toBe("INSUFFICIENT_DATA");
  expect(objectsIn(alarm!.metricQueries)).toEqual([]);
  expect(alarm!.insufficientDataActions).toEqual(alarm!.alarmActions);
});

it("A12 a rule whose messages reach no topic rings", async () => {
  const graph = await declaredGraph(configOf("clearhold/production"));
  const targets = graph.filter(({ type, checked }) => type === "aws:cloudwatch/eventTarget:EventTarget" && checked.targetId === "topic");
  expect(targets.length).toBeGreaterThan(2);
  const seen = alarmsOf(graph).flatMap(watched);
  const lost = targets.map(({ checked: { rule } }) => JSON.stringify(["AWS/Events", "FailedInvocations", { RuleName: String(rule) }]));
  expect(lost.filter((metric) => !seen.includes(metric))).toEqual([]);
});

it("A20 a replica that no longer replicates rings, whether its lag grows, is -1 or is not told", async () => {
  const replicas = alarmsOf(await declaredGraph(configOf("coinestate/production"))).filter(({ name }) =>
    /replica-behind|-lag(?:-p\d)?$/.test(String(name)),
  );
  expect(replicas.length).toBeGreaterThan(0);
  for (const alarm of replicas)
    for (const lag of [100_000, -1, undefined])
      expect([alarm.name, lag, metricAlarm(alarm).stateAt(86_400, () => lag)]).toEqual([alarm.name, lag, "ALARM"]);
  for (const alarm of replicas) expect(metricAlarm(alarm).stateAt(86_400, () => 0)).toBe("OK");
});

// Source: RDS guide, "Amazon RDS event categories and event messages"; EventBridge gets them with the instance's name and categories.
it("A20 what RDS tells of a database and its replicas reaches people of this stack, in their region", async () => {
  const graph = await declaredGraph(configOf("coinestate/production"));
  const of = (type: string) => graph.filter((found) => found.type === type).map(({ checked }) => checked);
  const told = (region: unknown, identifier: unknown, category: string) => {
    const detail = { SourceType: "DB_INSTANCE", SourceIdentifier: String(identifier), EventCategories: [category] };
    const event = { source: "aws.rds", "detail-type": "RDS DB Instance Event", detail };
    const rules = of("aws:cloudwatch/eventRule:EventRule").filter(
      (rule) => rule.region === region && typeof rule.eventPattern === "string" && matches(JSON.parse(rule.eventPattern), event),
    );
    return of("aws:cloudwatch/eventTarget:EventTarget").filter(
      (target) => target.region === region && rules.some(({ name }) => name === target.rule) && String(target.arn).includes(":sns:"),
    ).length;
  };
  const instances = of("aws:rds/instance:Instance");
  expect(new Set(instances.map(({ region }) => region)).size).toBeGreaterThan(1);
  for (const { region, identifier } of instances) {
    for (const category of ["failover", "failure", "low storage", "maintenance", "read replica"])
      expect([region, identifier, category, told(region, identifier, category)]).toEqual([region, identifier, category, 1]);
    for (const [name, category] of [
      [identifier, "backup"],
      ["of-another-stack", "failover"],
    ])
      expect([name, category, told(region, name, String(category))]).toEqual([name, category, 0]);
  }
});
