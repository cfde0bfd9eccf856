/** Which rule keeps whom out, asked of AWS WAF and of Cloudflare: what is told, and how both say no. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { Cloudflare, NotAllowed } from "../../../ops/cloudflare/cloudflare.ts";
import { blockedByWebAcls } from "../../../ops/waf/webAclRequests.ts";
import { blockedByZone } from "../../../ops/waf/zoneRequests.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { simulatedCloudflare } from "../../../sandbox/cloudflare/api.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const account = "123456789012";
const now = new Date("2027-01-02T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
let folder: string;
let store: LiveStore;
let made = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-waf-"));
  store = new LiveStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(type: string, properties: Properties, id = `made-${made++}`, scope = `${account}/us-east-1`): void {
  store.put({ type, id, scope, properties, createdFor: "test" });
}

describe("AWS WAF", () => {
  const arn = `arn:aws:wafv2:us-east-1:${account}:regional/webacl/shop-prod-use1-edge-1a2b3c4/acl`;
  const sample = (metricName: string, more: Properties) =>
    put("aws:simulated/sampledRequest:SampledRequest", {
      webAclArn: arn,
      metricName,
      action: "BLOCK",
      clientIp: "203.0.113.7",
      country: "KE",
      uri: "/cart?id=1",
      at: ago(5),
      ...more,
    });
  const aws = () =>
    new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: simulatedAws(store, account), clock: () => now });
  const asked = {
    regions: ["us-east-1"],
    nameIn: () => "shop-prod-use1-edge-",
    rules: ["bad-country"],
    since: 3_600_000,
    addresses: false,
  };
  beforeEach(() => {
    const rules = ["bad-country", "managed"].map((name, priority) => ({ name, priority, visibilityConfig: { metricName: name } }));
    put("aws:wafv2/webAcl:WebAcl", { name: "shop-prod-use1-edge-1a2b3c4", arn, rules }, "acl");
    put("aws:wafv2/webAcl:WebAcl", { name: "other-prod-use1-edge-9f8e7d6", arn: `${arn}-other`, rules: [] }, "other");
    store.put({
      type: "aws:simulated/clock:Clock",
      id: "clock",
      scope: "everywhere",
      properties: { aheadMilliseconds: now.getTime() - Date.now() },
      createdFor: "test",
    });
  });

  test("rules, countries and paths are told together, without addresses or what stands behind a question mark", async () => {
    sample("bad-country", {});
    sample("bad-country", { clientIp: "203.0.113.8", uri: "/cart?id=2" });
    sample("managed", { country: "US", uri: "/wp-login.php", clientIp: "198.51.100.1" });
    sample("bad-country", { action: "COUNT" });
    sample("bad-country", { at: ago(90) });
    const { requests } = await blockedByWebAcls(aws(), asked);
    expect(requests).toEqual([
      { rule: "bad-country", declared: true, action: "block", country: "KE", path: "/cart", count: 2, clients: [] },
      { rule: "managed", declared: false, action: "block", country: "US", path: "/wp-login.php", count: 1, clients: [] },
    ]);
  });

  test("addresses are told when they are asked for", async () => {
    sample("bad-country", {});
    const { requests } = await blockedByWebAcls(aws(), { ...asked, addresses: true });
    expect(requests[0]?.clients).toEqual(["203.0.113.7"]);
  });

  test("samples reach three hours back, and a longer question says so", async () => {
    sample("bad-country", { at: ago(170) });
    sample("bad-country", { at: ago(200) });
    const { requests, notes } = await blockedByWebAcls(aws(), { ...asked, since: 6 * 3_600_000 });
    expect(requests.map(({ count }) => count)).toEqual([1]);
    expect(notes.join(" ")).toContain("samples of the last 3 hours");
  });

  test("a region without the stack's web ACL is named, and a refusal says what could not be read", async () => {
    const { notes } = await blockedByWebAcls(aws(), { ...asked, regions: ["eu-west-1"], nameIn: () => "shop-prod-euw1-edge-" });
    expect(notes).toContain("eu-west-1 has no web ACL that begins with shop-prod-euw1-edge-.");
    const gone = new Aws({
      ...{ account, region: "us-east-1", cloud: "the simulated cloud", clock: () => now },
      answer: (call) => {
        if (call.operation === "GetSampledRequests") store.delete(store.all("aws:wafv2/webAcl:WebAcl").find(({ id }) => id === "acl")!);
        return simulatedAws(store, account)(call);
      },
    });
    await expect(blockedByWebAcls(gone, asked)).rejects.toThrow(
      "What the rule bad-country of shop-prod-use1-edge-1a2b3c4 blocked cannot be read in the simulated cloud: WAFNonexistentItemException",
    );
  });
});

describe("Cloudflare", () => {
  const zone = { id: "0123456789abcdef0123456789abcdef", name: "shop.example" };
  const ruleId = "39b59c4aafb12a1a3c621b1ecdcc8318";
  const event = (more: Properties = {}) =>
    put("cloudflare:simulated/firewallEvent:FirewallEvent", {
      ...{ zoneId: zone.id, action: "block", clientCountryName: "KE", clientIP: "203.0.113.7", clientRequestPath: "/cart" },
      ...{ ruleId, source: "firewallCustom", datetime: ago(5), ...more },
    });
  const cloudflare = () => new Cloudflare(simulatedCloudflare(store, zone));
  const asked = { zoneId: zone.id, now, since: 3_600_000, addresses: false, ruleNames: new Map([[ruleId, "bad-country"]]) };

  test("rules go by the names that config gave them, and those of nobody by Cloudflare's", async () => {
    event();
    event({ clientIP: "203.0.113.8" });
    event({ action: "log" });
    event({ datetime: ago(61) });
    event({
      ruleId: "managed-1",
      source: "firewallManaged",
      action: "managed_challenge",
      clientRequestPath: "/wp-login.php",
      clientCountryName: "US",
    });
    const { requests } = await blockedByZone(cloudflare(), asked);
    expect(requests).toEqual([
      { rule: "bad-country", declared: true, action: "block", country: "KE", path: "/cart", count: 2, clients: [] },
      {
        rule: "firewallManaged managed-1",
        declared: false,
        action: "managed_challenge",
        country: "US",
        path: "/wp-login.php",
        count: 1,
        clients: [],
      },
    ]);
    const whole = await blockedByZone(cloudflare(), { ...asked, addresses: true });
    expect(whole.requests[0]?.clients).toEqual(["203.0.113.7", "203.0.113.8"]);
  });

  test("a token without analytics, and a plan that has none, are told apart, each with what helps", async () => {
    put("cloudflare:index/apiToken:ApiToken", { status: "active", permissionGroups: ["DNS", "Zone"] }, "token", "");
    await expect(blockedByZone(cloudflare(), asked)).rejects.toThrow(
      /are not authorized\. Add Analytics: Read for the zone to the token at https:/,
    );
    store.delete(store.all("cloudflare:index/apiToken:ApiToken")[0]!);
    put("cloudflare:index/zone:Zone", { name: zone.name, plan: "free" }, zone.id, "");
    await expect(blockedByZone(cloudflare(), asked)).rejects.toThrow(NotAllowed);
    await expect(blockedByZone(cloudflare(), asked)).rejects.toThrow(
      /does not have access to the path\. The plan of the zone has no such data/,
    );
  });
});
