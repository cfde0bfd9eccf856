/** Cloudflare that says no is heard before anything is made: the zone, its plan, the token's rights, rulesets that others have. */
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Properties } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { configOf } from "../harness/config.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const { zoneId } = configOf("staging").dns;
const edge = { provider: "cloudflare", plan: "pro", certificateNames: ["*.staging.coinestate.io"] };
type Put = readonly [type: string, properties: Properties];
const token = (properties: Properties): Put => ["apiToken:ApiToken", properties];
const zone = (properties: Properties): Put => ["zone:Zone", { name: "coinestate.io", ...properties }];
const elsewhere: Properties = { zoneId, kind: "zone", name: "default", phase: "http_request_late_transform", rules: [] };
const rights = ["Zone", "DNS", "Zone WAF", "Zone Settings"];

describe("what Cloudflare would refuse later", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, edge, "loadBalancer.allowFrom": [] });
  const store = () => openLiveStore(join(stack.folder, ".slipway"));
  const put = ([type, properties]: Put) =>
    store().put({ type: `cloudflare:index/${type}`, id: zoneId, scope: "zones", properties, createdFor: "" });
  afterEach(() => {
    const all = store();
    for (const object of all.all()) all.delete(object);
  });
  afterAll(() => stack.remove());

  test.each<[what: string, object: Put, says: readonly string[]]>([
    ["a zone of another name", zone({ name: "smartduka.com" }), ["slipway:dns.zoneId", "is the zone of smartduka.com"]],
    ["a zone that is not delegated", zone({ status: "pending" }), ["slipway:dns.zone", "is pending at Cloudflare"]],
    [
      "a smaller plan",
      zone({ plan: "free" }),
      ["slipway:edge.plan", 'is "pro", and the zone has the plan free', "config set --stack staging"],
    ],
    ["no token", token({ status: "missing" }), ["CLOUDFLARE_API_TOKEN", "Zone: Read", "docs/first-up.md"]],
    ["a token that has expired", token({ status: "expired" }), ["CLOUDFLARE_API_TOKEN", "Invalid access token"]],
    [
      "a token without a right",
      token({ permissionGroups: rights.filter((right) => right !== "DNS") }),
      ["DNS: Edit", "CLOUDFLARE_API_TOKEN"],
    ],
    ["a phase that another has", ["ruleset:Ruleset", elsewhere], ["http_request_late_transform", `zones/${zoneId}/rulesets/${zoneId}`]],
  ])("C5 %s is refused before anything is registered", async (_, object, says) => {
    put(object);
    const { exitCode, stdout, stderr } = await stack.slipway("preview", "--stack", "staging", "--non-interactive");
    for (const text of says) expect(stdout + stderr).toContain(text);
    expect(exitCode).not.toBe(0);
  });

  test("a zone that has more than config believes, and a token that may only read, are no reason against a preview", async () => {
    put(zone({ plan: "business" }));
    put(token({ permissionGroups: rights.map((right) => `${right}: Read`) }));
    expect((await stack.preview()).changes.length).toBeGreaterThan(50);
  });
});
