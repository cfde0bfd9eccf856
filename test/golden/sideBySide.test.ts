/**
 * Staging and production of a system are one program with other values. What only one of them has follows from a value of its
 * config or is named here with its reason; where their configs differ, a reason is given. The differences are committed files.
 */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { StackConfig } from "../../infra/config/stack.ts";
import { configDifferences } from "../../ops/config/diff.ts";
import { configOf, type Edits, exampleStacks } from "../harness/config.ts";
import { type Comparison, compareGraphs, type OneSided, type Pair, type Side } from "../harness/sideBySide.ts";

const systems = [...new Set(exampleStacks.map((stack) => stack.split("/")[0]!))];

interface Exception {
  readonly only: Side;
  readonly resource: RegExp;
  readonly reason: string;
}

/** Production has the zone's rules, and with them the secret header: its load balancer lets in nobody but the edge. */
const behindTheEdge: readonly Exception[] = [
  { only: "production", resource: / \w+-origin/, reason: "edge.origin.lock: only where the zone's rules are" },
  { only: "production", resource: /IngressRule \w+-alb-https-ipv[46]$/, reason: "edge.origin.lock: Cloudflare's addresses" },
  { only: "staging", resource: /IngressRule \w+-alb-https?-0\.0\.0\.0_0$/, reason: "loadBalancer.allowFrom: no lock in front" },
];

/** Resources that one stack has on purpose and that no value of `network` explains, by system. Each must occur. */
const intended: Readonly<Record<string, readonly Exception[]>> = {
  clearhold: [{ only: "production", resource: / pipeline/, reason: "access: the pipeline's roles stand in production's account" }],
  coinestate: [
    ...behindTheEdge,
    { only: "staging", resource: /validation-staging-app\.coinestate\.io$/, reason: "two names in the place of a wildcard" },
  ],
  deedpro: behindTheEdge,
  olympiad: [
    { only: "production", resource: /Record edge-records-olympiad\.example-AAAA/, reason: "hosts of its own" },
    { only: "staging", resource: /Record edge-records-staging\.olympiad\.example-AAAA/, reason: "hosts of its own" },
  ],
  smartduka: behindTheEdge,
};

/** Where configs may differ, and why. Everything else is the same in staging, or staging proves nothing about production. */
const mayDiffer: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^environment$|^aws\.accountId$|^network\.cidr$/, "an environment, account and network of its own"],
  [/^dns\.(zone|zoneId)$/, "a hosted zone belongs to one account: staging's is delegated to it"],
  [
    /^registry\.(from\.|pullAccounts$|repositories\..+\.(keepReleases|untaggedDays)$)/,
    "built once: staging runs what production's registry holds",
  ],
  [/^protect$/, "staging may be deleted"],
  [
    /^loadBalancer\.certificate\.|\.hosts$|^sites\..+\.origin\.host$|^uptime\.endpoints\..+\.host$|^buckets\..+\.origins$/,
    "hosts of its own",
  ],
  [/^services\..+\.secrets\.|^secrets\[|^uptime\.reachability\.targets\..+\.url$/, "secrets of its own"],
  [
    /^services\..+\.environment\.(DEPLOY_ENVIRONMENT|ENVIRONMENT|CORS_ORIGINS|FRONTEND_URL|BLOCKCHAIN_NETWORK)$/,
    "its own place in the world",
  ],
  [/^loadBalancer\.allowFrom/, "closed to all but the edge where the zone's rules are"],
  [/^(databases|caches|buckets)\..+\.recoveryClass$/, "staging may lose more, for longer"],
  [/^network\.(zones|natGateways|interfaceEndpoints)$/, "cost: staging may go down with a zone"],
  [/^services\..+\.(cpu|memory|scaling\.(minimum|maximum|requestsPerMinutePerTask))$/, "cost: size"],
  [/^databases\..+\.(instanceClass|storageGib|maximumStorageGib|multiAz|instances|maximumConnections)$/, "cost: size and standby"],
  [/^caches\..+\.(nodeType|replicas|multiAz)$/, "cost: size and standby"],
  [/(retentionDays|lock\.days|accessLogDays|RetentionDays|pointInTimeDays|noncurrentDays|keepImages)$/, "cost: how long things are kept"],
  [/^backup\.lock\./, "nothing is locked, so that staging can be destroyed"],
  [
    /^backup\.(copyRegion|pointInTimeCopies|plans\.\w+\.rules\.\w+\.copy\..+)$|^buckets\..+\.replicaRegion$/,
    "cost: no copy in a second region",
  ],
  [/^backup\.plans\.\w+\.rules\.(weekly|monthly)\./, "cost: how long things are kept; the daily rule is the same"],
  [/^backup\.restoreTesting\./, "cost: staging's backups are restored by a drill, not every month"],
  [/^failover\.(secondary|tertiary)\.|^failover\.check\.failureThreshold$/, "cost: staging has one region, and nothing to move to"],
  [
    /^notifications\.((emails|emailSeverities|slack|pagerDuty)\.|sendAllTo$|routes\.P[012]$)/,
    "nobody is woken for staging: everything goes to one topic, by mail",
  ],
  [/^rollout\.steps\[\d\]\.bakeMinutes$|\.release\.stickinessSeconds$/, "time: staging rehearses in minutes"],
  [/^edge\.(zoneRules|dnssec)$/, "one stack alone may declare the zone's rules"],
  [/^kubernetes\.cluster\.(server|access\.|gateway\.address)|^budget\.|^access\./, "a cluster, budget and roles of its own"],
];

function pairOf(system: string, edits: Edits = {}): Pair {
  return { production: configOf(`${system}/production`, edits), staging: configOf(`${system}/staging`) };
}

/** Names of secrets carry the environment: told with another one's, so that what is declared of each can be compared. */
function withSecretsOf(environment: string, config: StackConfig): StackConfig {
  const named = Object.entries(config.secrets).map(([name, secret]) => [name.replace(/^(\/[^/]+)\/[^/]+\//, `$1/${environment}/`), secret]);
  return { ...config, secrets: Object.fromEntries(named) as StackConfig["secrets"] };
}

function explained(system: string, oneSided: readonly OneSided[]): OneSided[] {
  return oneSided.map((resource) => {
    const named = intended[system]?.find(
      (entry) => entry.only === resource.only && entry.resource.test(`${resource.type} ${resource.name}`),
    );
    return { ...resource, reason: resource.reason ?? named?.reason };
  });
}

function unexplained(resources: readonly OneSided[]): string[] {
  return resources.filter(({ reason }) => reason === undefined).map(({ only, type, name }) => `${only} only: ${type} ${name}`);
}

/** What only the stack that declares the zone's rules can say. */
const zoneRules = /^edge\.(rules|redirects|cache|headers|origin)\./;

function reasonFor(path: string, differences: readonly { readonly path: string }[]): string | undefined {
  if (zoneRules.test(path) && differences.some((other) => other.path === "edge.zoneRules")) return "declared with the zone's rules";
  return mayDiffer.find(([pattern]) => pattern.test(path))?.[1];
}

describe.each(systems)("%s", (system) => {
  let comparison: Comparison = { same: 0, oneSided: [] };

  beforeAll(async () => {
    comparison = await compareGraphs(pairOf(system));
  }, 120_000);

  test("the resources are the same but for those that config explains", async () => {
    const resources = explained(system, comparison.oneSided);
    expect(unexplained(resources)).toEqual([]);
    const lines = resources.map(({ only, reason, type, name }) => `${only} only, ${reason}: ${type} ${name}`);
    await expect([`${comparison.same} resources are in both`, ...lines, ""].join("\n")).toMatchFileSnapshot(golden(system, "resources"));
  });

  test("every named exception occurs", () => {
    const unused = intended[system]!.filter(
      ({ only, resource }) => !comparison.oneSided.some((found) => found.only === only && resource.test(`${found.type} ${found.name}`)),
    );
    expect(unused).toEqual([]);
  });

  test("the config differs only where a reason is given", async () => {
    const { production, staging } = pairOf(system);
    const differences = configDifferences(withSecretsOf("staging", production), staging);
    expect(differences.filter(({ path }) => reasonFor(path, differences) === undefined)).toEqual([]);
    const lines = differences.map(
      ({ path, left, right }) => `${path}: ${left ?? "none"} | ${right ?? "none"}   # ${reasonFor(path, differences)}`,
    );
    await expect([...lines, ""].join("\n")).toMatchFileSnapshot(golden(system, "config"));
  });
});

describe("what nobody explains is seen", () => {
  test("a service in production only", async () => {
    const { services } = configOf("clearhold/production");
    const worker = { ...services.api!, route: { ...services.api!.route, priority: 200, paths: ["/worker/*"] } };
    const { oneSided } = await compareGraphs(pairOf("clearhold", { "services.worker": worker }));
    const found = unexplained(explained("clearhold", oneSided));
    expect(found).toContain("production only: slipway:service:Service use1-worker");
    expect(found.filter((text) => !text.includes("-worker"))).toEqual([]);
  });

  test("a log pattern, a check and a line of an alarm in production only", async () => {
    const edits = {
      "logs.patterns.panics": { texts: ["panic:"], levels: { P1: 0 }, summary: "The API panics." },
      "uptime.endpoints.docs": { host: "api.clearhold.app", path: "/docs", severity: "P2" },
      "alarms.tasks.cpuPercent": { P1: 95, P2: 80 },
    };
    const pair = pairOf("clearhold", edits);
    const { oneSided } = await compareGraphs(pair);
    expect(unexplained(explained("clearhold", oneSided))).toEqual([
      "production only: aws:cloudwatch/compositeAlarm:CompositeAlarm use1-alarms-needs-of-saturated",
      "production only: aws:cloudwatch/compositeAlarm:CompositeAlarm use1-alarms-saturated-p1",
      "production only: aws:cloudwatch/logMetricFilter:LogMetricFilter use1-api-log-clearhold-staging-api-panics",
      "production only: aws:cloudwatch/metricAlarm:MetricAlarm use1-alarms-api-cpu-p1",
      "production only: aws:cloudwatch/metricAlarm:MetricAlarm use1-alarms-check-docs-failing",
      "production only: aws:cloudwatch/metricAlarm:MetricAlarm use1-alarms-log-api-panics-p1",
      "production only: aws:route53/healthCheck:HealthCheck uptime-docs",
    ]);
    const differences = configDifferences(pair.production, pair.staging);
    const open = differences.filter(({ path }) => reasonFor(path, differences) === undefined).map(({ path }) => path);
    expect(open).toContain("logs.patterns.panics.levels.P1");
    expect(open).toContain("uptime.endpoints.docs.severity");
    expect(open).toContain("alarms.tasks.cpuPercent.P1");
  });

  test("another port in production", () => {
    const { production, staging } = pairOf("clearhold", { "services.api.port": 3001 });
    const differences = configDifferences(withSecretsOf("staging", production), staging);
    const open = differences.filter(({ path }) => reasonFor(path, differences) === undefined);
    expect(open).toEqual([{ path: "services.api.port", left: "3001", right: "3000" }]);
  });
});

function golden(system: string, what: string): string {
  return join(import.meta.dirname, "sideBySide", `${system}.${what}.txt`);
}
