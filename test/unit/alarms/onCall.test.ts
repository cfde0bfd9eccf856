/** What alarms tell the person who is called: the findings of on-call walks, held against every shipped stack. */
import { expect, it, vi } from "vitest";
import { type AskedMetric, metricAlarm } from "../../../sandbox/cloudWatch/evaluator.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { WatchedStack, watchedStacks, world } from "../../harness/watchedStack.ts";

// The first that asks declares all stacks.
vi.setConfig({ testTimeout: 120_000 });

/** One after the other: a graph is declared in the whole process. */
async function stacks(): Promise<(readonly [name: string, stack: WatchedStack])[]> {
  const read: (readonly [string, WatchedStack])[] = [];
  for (const name of watchedStacks) read.push([name, await WatchedStack.of(name)]);
  return read;
}

it("N17 an alarm says severity, region, its line, the likely cause, the page and the dashboard as links", async () => {
  const silent: string[] = [];
  for (const [name, stack] of await stacks())
    for (const { key, region, severity, resource, rule } of stack.alarms) {
      const text = String(resource.inputs.alarmDescription);
      const missing = [
        ...(text.startsWith(`${severity === "" ? "No page by itself" : severity} · `) ? [] : ["severity"]),
        ...(text.split("\n")[0]?.includes(` · ${region}`) === true ? [] : ["region"]),
        ...(rule !== undefined || /^Line: .*\d/m.test(text) ? [] : ["line"]),
        ...(rule === undefined || /^Rings with: \S/m.test(text) ? [] : ["what it rings with"]),
        ...(/^Likely: \S/m.test(text) ? [] : ["likely cause"]),
        ...(/^Runbook: https:\/\/\S+\/[a-z0-9-]+\.md$/m.test(text) && !/\/page\.md$/m.test(text) ? [] : ["page as a link"]),
        ...(/^Dashboard: https:\/\/\S+#dashboards\/dashboard\/\S+$/m.test(text) ? [] : ["dashboard as a link"]),
      ];
      if (missing.length > 0) silent.push(`${name} ${key}: ${missing.join(", ")}`);
    }
  expect(silent).toEqual([]);
});

it("N19 a dead database is one page: what needs it does not page beside it", async () => {
  const told: Record<string, readonly string[]> = {};
  const wanted: Record<string, readonly string[]> = {};
  for (const [name, stack] of await stacks()) {
    const config = configOf(name);
    // A stack that wakes nobody has no pages.
    if (config.notifications.sendAllTo !== undefined) continue;
    for (const [database, { engine }] of Object.entries(config.databases)) {
      if (engine === "dynamodb") continue;
      const needing = Object.entries(config.services).flatMap(([service, { connects }]) =>
        connects.databases.includes(database) ? [service] : [],
      );
      if (needing.length === 0) continue;
      const at = `${name} ${database}`;
      wanted[at] = [`db-${database}-p0`];
      const asking = Object.entries(config.uptime.reachability.targets).flatMap(([target, asked]) =>
        "database" in asked && asked.database === database ? [target] : [],
      );
      const hosts = needing.flatMap((service) => config.services[service]?.route.hosts ?? []);
      const failing = Object.entries(config.uptime.endpoints).flatMap(([name, { host }]) =>
        hosts.includes(host) ? [`check-${name}-failing`] : [],
      );
      told[at] = stack.pagesWhen(stack.deadDatabase(database, needing, asking, failing), config.aws.region);
    }
  }
  expect(Object.keys(wanted).length).toBeGreaterThan(2);
  expect(told).toEqual(wanted);
});

it("N30 no alarm watches, and none is muted by, a metric of Slipway's own that nothing of the stack writes", async () => {
  const unwritten: string[] = [];
  for (const name of watchedStacks) {
    const graph = await declaredGraph(configOf(name));
    const writers = graph.filter(({ type }) => !type.startsWith("aws:cloudwatch/metricAlarm") && !type.includes("ashboard"));
    const written = JSON.stringify(writers.map(({ checked }) => checked));
    for (const { type, checked } of graph) {
      if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") continue;
      const seen: AskedMetric[] = [];
      metricAlarm(checked).stateAt(0, (asked) => void seen.push(asked));
      for (const metric of seen)
        if (metric.namespace.startsWith("Slipway/") && !written.includes(metric.namespace))
          unwritten.push(`${name} ${String(checked.name)}: ${metric.namespace} ${metric.name}`);
    }
  }
  expect(unwritten).toEqual([]);
});

it("N28 a service on EKS has alarms of its own: nobody is served, what its pods run short of; errors and time are for the check of its host", async () => {
  const config = configOf("coinestate/production");
  const stack = await WatchedStack.of("coinestate/production");
  const own = stack.metricAlarms.filter(({ key }) => key.startsWith("web-")).map(({ key }) => key.replace(/-p\d$/, ""));
  expect(new Set(own)).toEqual(new Set(["web-no-ready-pods", "web-few-ready-pods", "web-cpu", "web-memory", "web-restarts"]));
  const checked = Object.entries(config.uptime.endpoints).filter(([, { host }]) => config.services.web!.route.hosts.includes(host));
  expect(checked.length).toBeGreaterThan(0);
  for (const [name] of checked) expect(stack.alarm(`check-${name}-failing`).severity, name).toMatch(/^P[01]$/);
});

it("N13 a message that reaches nobody rings, by every topic of its region", async () => {
  for (const [name, stack] of await stacks()) {
    const regions = new Set(stack.alarms.map(({ region }) => region));
    for (const region of regions) {
      const watched = stack.alarms.filter((alarm) => alarm.region === region && alarm.key.startsWith("notifications-"));
      expect(
        watched.map(({ key }) => key),
        `${name} ${region}`,
      ).toEqual(["notifications-failed", "notifications-undelivered"]);
      const topics = new Set(
        stack.alarms
          .filter((alarm) => alarm.region === region)
          .flatMap((alarm) => stack.topicsOf(alarm, "alarmActions").map(({ urn }) => urn)),
      );
      for (const alarm of watched) expect(new Set(stack.topicsOf(alarm, "alarmActions").map(({ urn }) => urn)), alarm.name).toEqual(topics);
    }
  }
});

it("a world in which nothing is wrong pages nobody", async () => {
  for (const [name, stack] of await stacks()) expect(stack.pagesWhen(world("good", stack), configOf(name).aws.region), name).toEqual([]);
});

/** Alarms of all shipped stacks that tell somebody, in an order that a seed draws (xorshift). */
async function drawn(seed: number, count: number): Promise<{ readonly stack: string; readonly key: string; readonly text: string }[]> {
  const all = (await stacks()).flatMap(([stack, { alarms }]) =>
    alarms
      .filter(({ resource }) => resource.inputs.alarmActions !== undefined)
      .map(({ key, resource }) => ({ stack, key, text: String(resource.inputs.alarmDescription) })),
  );
  let state = seed;
  const next = (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  return Array.from({ length: count }, () => all.splice(next(all.length), 1)[0]!);
}

it("15 alarms by seed 15: each says severity and cause, and leads to its page and dashboard by links", async () => {
  const asked = {
    severity: /^P[0-3] · /,
    cause: /^Likely: \S/m,
    page: /^Runbook: https:\/\/\S+\.md$/m,
    dashboard: /^Dashboard: https:\/\/\S+$/m,
  };
  const table = (await drawn(15, 15)).map(({ stack, key, text }) => ({
    alarm: `${stack} ${key}`,
    ...Object.fromEntries(Object.entries(asked).map(([what, pattern]) => [what, pattern.test(text)])),
  }));
  console.table(table);
  expect(table.length).toBe(15);
  for (const what of Object.keys(asked)) expect([what, table.filter((row) => row[what as keyof typeof row]).length]).toEqual([what, 15]);
});
