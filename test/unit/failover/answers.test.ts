/**
 * Where users are sent: every state of health and approval, answered by the model over the records and checks that the program
 * really makes, and compared with the documented table.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { regionRoles } from "../../../components/environment/contract/failover.ts";
import { Names } from "../../../components/environment/names.ts";
import { engineName } from "../../../components/physicalName.ts";
import { answerOf, type Check, type Observed, type ZoneModel } from "../../../sandbox/aws/resolver.ts";
import { zoneModel } from "../../../sandbox/aws/zone.ts";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { threeRegions, twoRegions } from "../../harness/failoverStack.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What is true of the world, by region. */
interface World {
  readonly healthy: readonly string[];
  readonly approved?: readonly string[];
  readonly withdrawn?: readonly string[];
}

/** The zone of a stack: the graph's own records and checks, put into a live store under their names as ids. */
async function zoneOf(edits: Edits): Promise<{ zone: ZoneModel; observe: (world: World) => Observed; domain: string }> {
  const config = configOf("staging", edits);
  const graph = await declaredGraph(config);
  const folder = mkdtempSync(join(tmpdir(), "slipway-zone-"));
  folders.push(folder);
  const store = new LiveStore(folder);
  const idOf = new Map<string, string>();
  for (const { type, urn } of graph) if (type.startsWith("aws:route53/")) idOf.set(urn, urn);
  const codes = new Map(regionRoles(config).map(({ region, host }) => [host, region]));
  const leaves = new Map<string, { region: string; kind: "endpoint" | "approve" | "withdraw" }>();
  for (const { type, urn, inputs, references } of graph) {
    if (type === "aws:route53/healthCheck:HealthCheck") {
      const children = (references.childHealthchecks ?? []).filter((child) => idOf.has(child));
      store.put({ type, id: urn, scope: "1/global", properties: { ...inputs, childHealthchecks: children }, createdFor: urn });
      if (inputs.type === "HTTPS") leaves.set(urn, { region: codes.get(String(inputs.fqdn)) ?? "", kind: "endpoint" });
      const [, kind = "", code = ""] = String(inputs.cloudwatchAlarmName ?? "").match(/-(approve|withdraw)-([a-z0-9]+)$/) ?? [];
      const region = regionRoles(config).find((role) => code === codeOf(role.region))?.region ?? "";
      if (kind === "approve" || kind === "withdraw") leaves.set(urn, { region, kind });
    }
    if (type === "aws:route53/record:Record" && inputs.failoverRoutingPolicies !== undefined) {
      const [check] = references.healthCheckId ?? [];
      store.put({
        type,
        id: urn,
        scope: "1/global",
        properties: { ...inputs, ...(check === undefined ? {} : { healthCheckId: check }) },
        createdFor: urn,
      });
    }
  }
  const observe =
    ({ healthy, approved = [], withdrawn = [] }: World): Observed =>
    (id) => {
      const leaf = leaves.get(id);
      if (leaf === undefined) throw new Error(`${id} is no leaf`);
      if (leaf.kind === "endpoint") return healthy.includes(leaf.region);
      return !(leaf.kind === "approve" ? approved : withdrawn).includes(leaf.region);
    };
  return { zone: zoneModel(store), observe, domain: "failover.staging.coinestate.io" };
}

function codeOf(region: string): string {
  return { "us-east-1": "use1", "eu-west-1": "euw1", "ap-southeast-1": "apse1" }[region] ?? region;
}

const short = { us: "us-east-1", eu: "eu-west-1", ap: "ap-southeast-1" } as const;
const names = Object.fromEntries(Object.entries(short).map(([key, region]) => [region, key]));

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, index) => (bits >> index) % 2 === 1));
}

/** Region of an answer by the load balancer's name: the mocks know one region only. */
function regionIn(answer: string | undefined): string | undefined {
  const named = { system: "coinestate", environment: "staging" };
  return Object.values(short).find((region) =>
    answer?.startsWith(`${engineName("aws:lb/loadBalancer:LoadBalancer", new Names(named, region).regional("alb"))}-`),
  );
}

/** Rows of a table in docs/components/failover.md, between its two marks. */
function documented(mark: string): string[][] {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/components/failover.md"), "utf8");
  const [, part = ""] = page.split(`<!-- ${mark} -->`);
  return part
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("*", "")),
    );
}

describe("three regions", () => {
  let made: Awaited<ReturnType<typeof zoneOf>>;
  beforeAll(async () => {
    made = await zoneOf(threeRegions);
  });
  const answer = (world: World) => names[regionIn(answerOf(made.zone, made.domain, made.observe(world))) ?? ""];

  test("every state of health and approval has the documented answer", () => {
    const table = subsets(["us", "eu", "ap"] as const).flatMap((up) =>
      [false, true].map((approved) => [
        ...(["us", "eu", "ap"] as const).map((region) => (up.includes(region) ? "up" : "down")),
        approved ? "yes" : "no",
        answer({ healthy: up.map((region) => short[region]), approved: approved ? [short.eu] : [] }) ?? "nobody",
      ]),
    );
    expect(table.length).toBe(16);
    expect(documented("three regions").sort()).toEqual(table.sort());
  });

  test("what holds in all 64 states, withdrawals included", () => {
    const states = subsets(["us", "eu", "ap"] as const).flatMap((up) =>
      [false, true].flatMap((approved) => subsets(["us", "eu"] as const).map((withdrawn) => ({ up, approved, withdrawn }))),
    );
    expect(states.length).toBe(64);
    for (const { up, approved, withdrawn } of states) {
      const given = answer({
        healthy: up.map((region) => short[region]),
        approved: approved ? [short.eu] : [],
        withdrawn: withdrawn.map((region) => short[region]),
      });
      const out = (region: "us" | "eu") => !up.includes(region) || withdrawn.includes(region);
      const state = JSON.stringify({ up, approved, withdrawn, given });
      expect(["us", "eu", "ap"], state).toContain(given);
      // The last region is reached by an approval or a withdrawal, and never while one before it may answer.
      if (given === "ap") expect(out("us") && (withdrawn.includes("eu") || (approved && out("eu"))), state).toBe(true);
      if (given === "eu") expect(out("us"), state).toBe(true);
      if (given === "us") expect(up.includes("us") && !withdrawn.includes("us"), state).toBe(true);
      // After a promotion the old writer is withdrawn: no health brings it back, so no state serves two of them.
      if (withdrawn.includes("us")) expect(given, state).not.toBe("us");
      if (withdrawn.includes("eu")) expect(given, state).not.toBe("eu");
    }
  });

  test("one colour alone keeps a region in the answers", () => {
    const [blue] = made.zone.checks.filter(({ id }) => id.endsWith("::coinestate-staging-use1-probe-blue"));
    const all = made.observe({ healthy: Object.values(short) });
    expect(regionIn(answerOf(made.zone, made.domain, (id) => id !== blue?.id && all(id)))).toBe(short.us);
  });

  test("a check asks a name that leads to one region, and no calculated check counts another one", () => {
    const failing = new Set(made.zone.records.map(({ name }) => name));
    expect([...failing].sort()).toEqual(["failover.staging.coinestate.io", "standby.failover.staging.coinestate.io"]);
    const calculated = new Set(made.zone.checks.filter((check) => check.calculated !== undefined).map(({ id }) => id));
    for (const check of made.zone.checks) for (const child of check.calculated?.children ?? []) expect(calculated.has(child)).toBe(false);
    expect(calculated.size).toBe(5);
  });

  test("the table notices an approval that does nothing, and a last region with a check", () => {
    const lines = (zone: ZoneModel) =>
      subsets(["us", "eu", "ap"] as const).map((up) =>
        regionIn(answerOf(zone, made.domain, made.observe({ healthy: up.map((region) => short[region]), approved: [short.eu] }))),
      );
    const deaf = made.zone.checks.map(
      (check): Check => (check.id.endsWith("::coinestate-staging-failover-approve-euw1-off") ? { ...check, disabled: true } : check),
    );
    expect(lines({ ...made.zone, checks: deaf })).not.toEqual(lines(made.zone));
    const probe = made.zone.checks.find(({ id }) => id.endsWith("::coinestate-staging-apse1-probe"));
    const gated = made.zone.records.map((record) => (record.setIdentifier === "apse1" ? { ...record, healthCheckId: probe?.id } : record));
    expect(lines({ ...made.zone, records: gated })).not.toEqual(lines(made.zone));
  });
});

describe.each(["automatic", "manual_approval"] as const)("two regions, %s", (policy) => {
  test("every state has the documented answer", async () => {
    const { zone, domain, observe } = await zoneOf(twoRegions(policy));
    const table = subsets(["us", "eu"] as const).flatMap((up) =>
      (policy === "automatic" ? [false] : [false, true]).map((approved) => [
        ...(["us", "eu"] as const).map((region) => (up.includes(region) ? "up" : "down")),
        ...(policy === "automatic" ? [] : [approved ? "yes" : "no"]),
        names[
          regionIn(answerOf(zone, domain, observe({ healthy: up.map((region) => short[region]), approved: approved ? [short.us] : [] }))) ??
            ""
        ] ?? "nobody",
      ]),
    );
    expect(documented(`two regions, ${policy}`).sort()).toEqual(table.sort());
  });
});

test("the simulated cloud knows every type that failover is made of", () => {
  const types = [
    "aws:route53/healthCheck:HealthCheck",
    "aws:scheduler/schedule:Schedule",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
  ];
  for (const type of types) expect(aws.facts(type)?.identity, type).toBeDefined();
});
