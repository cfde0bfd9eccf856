/** A stack with an edge on the real engine: quiet when nothing changed, one property when a rule is promoted, nothing left at the end. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloudflareEdge, portableRules } from "../harness/edge/declared.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Staging's hosts are two levels below the zone. */
const certificateNames = ["*.staging.coinestate.io"];
const rules = { ...portableRules, "sql-injection": { ...portableRules["sql-injection"], mode: "log" } };

describe.each([
  [
    "Cloudflare",
    { edge: { ...cloudflareEdge, rules, certificateNames }, "loadBalancer.allowFrom": [] },
    ["rules[4].action"],
    "cloudflare:index/ruleset:Ruleset",
  ],
  ["AWS WAF", { edge: { provider: "awsWaf", rules } }, undefined, "aws:wafv2/webAcl:WebAcl"],
] as const)("behind %s", (provider, values, paths, type) => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  beforeAll(async () => {
    stack.set(structuredClone(values));
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("a second preview changes nothing", async () => expect((await stack.preview()).changes).toEqual([]));

  test("log to block is one update of one resource", async () => {
    stack.set({ "edge.rules.sql-injection.mode": "block" });
    const { changes } = await stack.update();
    expect(changes.map((change) => [change.op, change.type])).toEqual([["update", type]]);
    if (paths !== undefined) expect(changes[0]!.paths).toEqual(paths);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("the secrets of the origin and of the candidate are in no state and no store in plain", () => {
    const versions = stack.live("aws:secretsmanager/secretVersion:SecretVersion");
    expect(versions).toHaveLength(provider === "Cloudflare" ? 2 : 1);
    for (const { sealed } of versions) expect(sealed).toContainEqual(["secretString"]);
    const states = readdirSync(stack.folder, { recursive: true, encoding: "utf8" }).filter((name) => /stacks.*\.json$/.test(name));
    expect(states.length).toBeGreaterThan(0);
    for (const name of states) {
      const text = readFileSync(join(stack.folder, name), "utf8");
      for (const [, value] of text.matchAll(/"x-origin-key":\s*\{[^{}]*"value":\s*"([^"]*)"/g)) expect(value).toBe("[sealed]");
      expect(text).not.toMatch(/(?:blue|green)-[0-9a-f]{40}/);
      expect(text).not.toMatch(/"secretString":\s*"[A-Za-z0-9]{40}"/);
    }
  });

  test("nothing is left after destroy but what is the zone's own", async () => {
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    const left = new Set(stack.live().map((object) => object.type));
    const ofZone = ["cloudflare:index/zoneDnssec:ZoneDnssec", "cloudflare:index/zoneSetting:ZoneSetting"];
    expect([...left].sort()).toEqual(provider === "Cloudflare" ? ofZone : []);
  });
});

describe("an edge that locks what serves already", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const lock = (on: boolean) => ({
    edge: { provider: "cloudflare", plan: "pro", certificateNames, origin: { lock: on } },
    "loadBalancer.allowFrom": on ? [] : ["0.0.0.0/0"],
  });
  beforeAll(async () => {
    stack.set(lock(false));
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("sends the header in one update and asks for it in the next", async () => {
    stack.set(lock(true));
    const kinds = ["cloudflare:index/ruleset:Ruleset", "aws:lb/listenerRule:ListenerRule"];
    const steps = async () => {
      const { changes } = await stack.update();
      return [...new Set(changes.filter(({ type }) => kinds.includes(type)).map(({ op, type }) => `${op} ${type}`))];
    };
    expect(await steps()).toEqual([`create ${kinds[0]}`]);
    expect(await steps()).toEqual([`update ${kinds[1]}`]);
  });
});
