/** What is said to do about a stack, and the one command that comes next: chosen by gravity, and never one that makes it worse. */
import { describe, expect, test } from "vitest";
import { advice } from "../../../ops/status/advice.ts";
import type { RingingAlarm } from "../../../ops/status/alarms.ts";
import type { Reading } from "../../../ops/status/reading.ts";
import type { RegionStatus } from "../../../ops/status/regions.ts";
import type { ColourStatus, ServiceStatus } from "../../../ops/status/services.ts";
import type { StackStatus } from "../../../ops/status/stackStatus.ts";

const read = <Value>(value: Value): Reading<Value> => ({ answer: "read", value });
const unread = { answer: "unread", reason: "AccessDeniedException" } as const;

function colour(name: "blue" | "green", share: number, more: Partial<ColourStatus> = {}): ColourStatus {
  const tasks = { wanted: 2, running: 2 };
  return { colour: name, live: share, state: share, config: share, healthy: 2, tasks, maximum: 10, atMaximum: false, ...more };
}

/** A service with blue as its home. */
function service(blue: Partial<ColourStatus>, green: Partial<ColourStatus>, more: Partial<ServiceStatus> = {}): ServiceStatus {
  const colours = [colour("blue", blue.config ?? 100, blue), colour("green", green.config ?? 0, green)];
  return { service: "api", region: "us-east-1", where: "api", home: "blue", colours, ruleIsGone: false, unread: [], ...more };
}

const calm: StackStatus = {
  ...{ stack: "production", cloud: "the simulated cloud", at: "2027-01-01T00:00:00.000Z", state: read({ resources: 9, unfinished: 0 }) },
  services: read({ services: [service({}, {})], undeployed: [] }),
  alarms: read({ ringing: [], regions: ["us-east-1"] }),
  ...{ lock: read([]), latches: read([]), barred: read([]), databases: read([]), replicas: read([]), subscriptions: read([]) },
  ...{ backups: read([]), secrets: read({ secrets: [], unread: [] }), changes: read([]) },
  rules: read([]),
  deep: { records: read([]), policies: read([]), quotas: read([]) },
};

const told = (changes: Partial<StackStatus>, sentences: readonly string[] = []) =>
  advice({ ...calm, ...changes }, sentences, { stack: "production" });
const services = (...all: ServiceStatus[]) => ({ services: read({ services: all, undeployed: [] }) });
const alarm = (key: string, severity: string, more: Partial<RingingAlarm> = {}): RingingAlarm => ({
  ...{ name: `shop-prod-use1-${key}`, key, region: "us-east-1", severity, summary: "Something is wrong.", runbook: "page" },
  ...more,
});
const rings = (...ringing: RingingAlarm[]) => ({ alarms: read({ ringing, regions: ["us-east-1"] }) });

const at50 = { config: 50, live: 50, state: 50 } as const;
const dead = { healthy: 0 } as const;
const back = (reason: string) => `npx slipway rollback now ${on} --service api --reason '${reason}'`;
const weight0 = "npx slipway up --stack production --set 'slipway:services.api.release.candidateWeight=0'";
const on = "--stack production";

describe("a calm stack", () => {
  test("has nothing to do", () => {
    expect(told({})).toEqual({ findings: [] });
  });

  test("at a first look is looked at deeper, before what waits for working hours", () => {
    const { deep: _, ...first } = calm;
    const waits = { subscriptions: read([{ who: "a@shop.io", topic: "t", region: "us-east-1", state: "unconfirmed" as const }]) };
    const next = (changes: Partial<StackStatus>) => advice({ ...first, ...changes }, [], { stack: "production" }).next;
    expect([next({}), next(waits)]).toEqual(Array(2).fill(`npx slipway status ${on} --deep`));
    expect(told(waits).next).toBe(`npx slipway doctor ${on}`);
    expect(next({ lock: read([{ holder: "jo on x (process 1)", life: "dead" as const }]) })).toBe(`npx slipway pulumi ${on} cancel --yes`);
  });

  test("of which something could not be read sends to doctor, which says what the credentials lack", () => {
    expect(told({ alarms: unread }, ["alarms: AccessDeniedException"]).next).toBe(`npx slipway doctor ${on}`);
  });
});

describe("traffic, by weights and health together", () => {
  test.each<[string, ServiceStatus, string, string]>([
    [
      "a dead candidate gives its traffic back",
      service(at50, { ...at50, ...dead }),
      back("green has no healthy target"),
      "green has no healthy target and 50 %",
    ],
    [
      "a dead home is never sent more: what the stack declares brings its tasks back",
      service({ ...at50, ...dead, tasks: { wanted: 0, running: 0 } }, at50),
      `npx slipway up ${on} --refresh`,
      "blue is dead: no healthy target, and 50 % of the traffic; green is well",
    ],
    [
      "neither colour is well",
      service({ ...at50, ...dead, trouble: "nothing runs" }, { ...at50, ...dead, trouble: "nothing runs" }),
      `npx slipway up ${on} --refresh`,
      "green has no healthy target and 50 %",
    ],
    [
      "traffic that somebody moved goes where the config says",
      service({ live: 70 }, { live: 30 }),
      `npx slipway up ${on}`,
      "(live/state/config: blue 70/100/100, green 30/0/0)",
    ],
    [
      "but not onto a colour without a healthy target",
      service({ live: 0, ...dead }, { live: 100 }),
      `npx slipway verify deployment ${on}`,
      "blue has no healthy target to take it",
    ],
    [
      "a rule that is gone is made again",
      service({}, {}, { ruleIsGone: true }),
      `npx slipway up ${on} --refresh`,
      "is gone from the cloud",
    ],
    [
      "a service at its maximum gets room",
      service({ atMaximum: true, maximum: 10 }, {}),
      "npx slipway up --stack production --set 'slipway:services.api.scaling.maximum=20'",
      "its maximum of 10 tasks",
    ],
    [
      "a service whose room the config has, and the cloud not yet, is updated",
      service({ atMaximum: true, maximum: 10 }, {}, { configMaximum: 20 }),
      `npx slipway up ${on}`,
      "its maximum of 10 tasks",
    ],
  ])("%s", (_, one, next, what) => {
    const { findings, next: command } = told(services(one));
    expect(command).toBe(next);
    expect(findings.map((finding) => finding.what).join("\n")).toContain(what);
  });

  test("an alarm that pages while the candidate has traffic takes it back, unless a database is the cause, or home is dead", () => {
    const open = services(service(at50, at50));
    expect(told({ ...open, ...rings(alarm("api-error-rate-p1", "P1")) }).next).toBe(back("rings: shop-prod-use1-api-error-rate-p1"));
    const database = alarm("db-main-silent", "P0");
    const following = told({ ...open, ...rings(database, alarm("api-error-rate-p1", "P1", { follows: database.name })) });
    expect(following.next).not.toContain("rollback now");
    expect(following.findings.map(({ what }) => what)).toEqual(["shop-prod-use1-db-main-silent rings: Something is wrong."]);
    const stranded = told({ ...services(service({ ...at50, ...dead }, at50)), ...rings(alarm("api-rollback-error-rate", "P1")) });
    expect(stranded.next).not.toContain("rollback now");
  });

  test("beside an update that runs nobody is told to run another; a lock that nobody is behind leaves the way back", () => {
    const moved = services(service({ config: 50, live: 0 }, { config: 50, live: 100 }));
    const lock = (life: "alive" | "old") => ({ lock: read([{ holder: "runner on x (process 1)", life }]) });
    expect(told({ ...moved, ...lock("alive") })).toEqual({ findings: [] });
    expect(told({ ...moved, ...lock("old") }).findings.map(({ command }) => command)).toContain(back("an update did not end"));
  });
});

describe("what holds the stack", () => {
  test("a lock is told to be freed once nobody is behind it, and an update that did not finish to be repeated", () => {
    const lock = (life: "alive" | "dead") => ({ lock: read([{ holder: "jo on x (process 1)", since: "2027-01-01T00:00:00Z", life }]) });
    expect(told(lock("alive"))).toEqual({ findings: [] });
    expect(told(lock("dead")).next).toBe(`npx slipway pulumi ${on} cancel --yes`);
    expect(told({ state: read({ resources: 9, unfinished: 1 }) }).next).toBe(`npx slipway up ${on}`);
  });

  test("a latch is acknowledged once the config has followed: the file of before would give the traffic back", () => {
    const latch = { state: "set", alarm: "a", at: "2027-01-01T00:00:00Z", outcome: "rolledBack", before: { blue: 50, green: 50 } };
    const latches = read([{ service: "api", region: "us-east-1", latch: read(latch as never) }]);
    expect(told({ latches }).next).toBe(`npx slipway rollback acknowledge ${on} --service api`);
    const ahead = services(service({ config: 50, live: 100 }, { config: 50, live: 0 }));
    expect(told({ ...ahead, latches }).findings.map(({ command }) => command)).toEqual([
      `${weight0} && npx slipway rollback acknowledge ${on} --service api`,
      weight0,
    ]);
  });
});

describe("regions", () => {
  const region = (name: string, more: Partial<RegionStatus>): RegionStatus => ({
    ...{ region: name, role: "secondary", policy: "automatic", health: "healthy", said: read([]), behindSeconds: {} },
    ...more,
  });
  const regions = (primary: Partial<RegionStatus>, second: Partial<RegionStatus> = {}) => ({
    regions: read({
      ...{ domain: "failover.shop.io", answering: "us-east-1", notCarried: [] },
      regions: [region("us-east-1", { role: "primary", ...primary }), region("eu-west-1", second)],
    }),
  });
  const withdrawn = read([{ kind: "withdraw" as const, note: "by jo" }]);

  test.each<[string, Partial<StackStatus>, string | undefined]>([
    ["all well", regions({}), undefined],
    ["down, and waits for a word", regions({ health: "down", policy: "manual_approval" }), `failover approve ${on} --region us-east-1`],
    ["down, and left by itself: it stays out", regions({ health: "down" }), `failover withdraw ${on} --region us-east-1`],
    ["down, and nobody else is well", regions({ health: "down" }, { health: "down" }), `verify deployment ${on}`],
    ["withdrawn, and down still", regions({ health: "down", said: withdrawn }), undefined],
    ["withdrawn, and healthy again", regions({ said: withdrawn }), `failover restore ${on} --region us-east-1`],
    [
      "withdrawn, and another region's database takes writes: the old one may not come back by itself",
      {
        ...regions({ said: withdrawn }),
        replicas: read([{ database: "main", identifier: "r", region: "eu-west-1", wanted: "w", follows: read("promoted") }]),
      },
      `runbook failback ${on}`,
    ],
  ])("%s", (_, changes, next) => {
    const { next: command } = told(changes);
    if (next === undefined) expect(command).toBeUndefined();
    else expect(command).toContain(`npx slipway ${next}`);
  });
});

describe("stores, people and secrets", () => {
  test.each<[string, Partial<StackStatus>, string, string]>([
    [
      "a replica that follows the damaged database",
      { replicas: read([{ database: "main", identifier: "r", region: "eu-west-1", wanted: "db-1", follows: read("db-1-damaged") }]) },
      `npx slipway database follow ${on} --region eu-west-1 --reason 'r follows db-1-damaged'`,
      "r in eu-west-1 follows db-1-damaged, and not db-1",
    ],
    [
      "a database that does not answer for a while",
      {
        databases: read([{ kind: "rds instance", identifier: "db-1", region: "us-east-1", restorable: "main", state: read("rebooting") }]),
      },
      `npx slipway verify restoration ${on}`,
      "the rds instance db-1 in us-east-1 is rebooting",
    ],
    [
      "a database that is lost",
      { databases: read([{ kind: "rds instance", identifier: "db-1", region: "us-east-1", restorable: "main", state: read("failed") }]) },
      `npx slipway database restore ${on} --database main --to latest --reason 'it is failed'`,
      "the rds instance db-1 in us-east-1 is failed",
    ],
    [
      "a copy that is missing",
      {
        backups: read([
          {
            ...{ kind: "copy", store: "databases-main", of: "us-east-1", region: "us-west-2", recoveryClass: "critical" },
            ...{ verdict: "MISSING", detail: "no backup" },
          },
        ]),
      },
      `npx slipway backup start ${on} --store databases-main --copy --reason 'late or missing'`,
      "the copy of databases-main in us-west-2 is MISSING",
    ],
    [
      "subscriptions that are gone",
      { subscriptions: read([{ who: "on-call@shop.io", topic: "t", region: "us-east-1", state: "gone" }]) },
      `npx slipway up ${on} --refresh`,
      "nobody is told of any alarm",
    ],
    [
      "a secret without a value",
      { secrets: read({ secrets: [{ name: "/jwt", verdict: "MISSING", detail: "", readers: ["api"], stale: [] }], unread: [] }) },
      `npx slipway secrets set ${on} /jwt`,
      "the secret /jwt has no value",
    ],
    [
      "tasks that hold the value of before",
      {
        secrets: read({
          unread: [],
          secrets: [
            {
              ...{ name: "/jwt", verdict: "SET", detail: "0 days ago", readers: ["api"] },
              stale: [
                {
                  ...{ secret: "/jwt", service: "api", colour: "blue", region: "us-east-1", where: "api-blue" },
                  ...{ started: new Date(0), changed: new Date(1) },
                },
              ],
            },
          ],
        }),
      },
      `npx slipway restart ${on} --service api --colour blue`,
      "STALE in api-blue",
    ],
  ])("%s", (_, changes, next, what) => {
    const { findings, next: command } = told(changes);
    expect(command).toContain(next);
    expect(findings.map((finding) => finding.what).join("\n")).toContain(what);
  });
});

describe("what a hand in a console did", () => {
  const none = { records: read([]), policies: read([]), quotas: read([]) };
  const rule = {
    id: "sgr-1",
    region: "eu-west-1",
    group: "sg-1",
    groupName: "alb",
    direction: "in",
    opens: "0.0.0.0/0 to tcp 443",
  } as const;

  test("an open door is told at a first look", () => {
    const { findings, next } = told({ rules: read([rule]) });
    expect(next).toContain(`npx slipway security-group revoke ${on} --rule sgr-1`);
    expect(findings.map(({ what }) => what)).toEqual(["sgr-1 lets 0.0.0.0/0 to tcp 443 in alb, eu-west-1, and no state holds it"]);
  });

  test.each<[string, Partial<NonNullable<StackStatus["deep"]>>, string, string]>([
    [
      "a record that is gone",
      { records: read([{ name: "a.io", type: "A", state: "gone" }]) },
      `npx slipway up ${on} --refresh`,
      "a.io (A) is gone",
    ],
    [
      "a second record",
      { records: read([{ name: "a.io", type: "A", state: "foreign" }]) },
      "npx slipway runbook endpoint-unreachable",
      "another record a.io",
    ],
    [
      "a policy that nobody declared",
      { policies: read([{ role: "r", policy: "arn:p", kind: "attached" }]) },
      "aws iam detach-role-policy --role-name r --policy-arn arn:p",
      "the role r has the attached policy arn:p",
    ],
    [
      "a quota that is nearly used",
      { quotas: read([{ region: "eu-west-1", service: "ec2", code: "L-1", what: "Elastic IP addresses", needed: 4, allowed: 5 }]) },
      "npx slipway doctor",
      "may take 4 of the 5 Elastic IP addresses",
    ],
  ])("%s", (_, deep, words, what) => {
    const { findings, next } = told({ deep: { ...none, ...deep } });
    expect(next).toContain(words);
    expect(findings.map((finding) => finding.what).join("\n")).toContain(what);
  });
});

test("the gravest comes first, whatever its part", () => {
  const { findings, next } = told({
    ...services(service(at50, { ...at50, ...dead })),
    subscriptions: read([{ who: "on-call@shop.io", topic: "t", region: "us-east-1", state: "unconfirmed" }]),
    lock: read([{ holder: "jo on x (process 1)", life: "dead" }]),
    ...rings(alarm("db-main-cpu", "P3"), alarm("db-main-silent", "P0")),
  });
  expect(findings.map(({ gravity }) => gravity)).toEqual(["outage", "alarm", "blocked", "chore", "chore"]);
  expect(next).toBe(back("green has no healthy target"));
});
