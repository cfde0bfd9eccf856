/** What the simulated Cloudflare and AWS refuse of an edge, as the real ones do. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { cloudflare } from "../../../sandbox/cloud/cloudflare/catalogue.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import { type Properties, reveal, type Value } from "../../../sandbox/provider/values.ts";

let folder = "";
let store: LiveStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-cloud-"));
  store = new LiveStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const atAws = (type: string, inputs: Properties) =>
  new Cloud(aws, store).create({ type, urn: `urn::${type}`, inputs, secrets: [] }, { account: "123456789012", region: "us-east-1" });
const atCloudflare = (type: string, inputs: Properties) =>
  new Cloud(cloudflare, store).create({ type, urn: `urn::${type}`, inputs, secrets: [] }, { account: "zones", region: "" });

const zoneId = "0123456789abcdef0123456789abcdef";
const ruleset = (rules: Properties[], phase = "http_request_firewall_custom") =>
  atCloudflare("cloudflare:index/ruleset:Ruleset", { zoneId, kind: "zone", name: "slipway", phase, rules });
const rule = (change: Properties = {}): Properties => ({ ref: "a", action: "block", expression: "ssl", ...change });
const setting = (settingId: string, value: Value) => atCloudflare("cloudflare:index/zoneSetting:ZoneSetting", { zoneId, settingId, value });
const webAcl = (rules: Properties[]) =>
  atAws("aws:wafv2/webAcl:WebAcl", { name: "edge", scope: "REGIONAL", defaultAction: { allow: {} }, rules });
const aclRule = (change: Properties = {}): Properties => ({
  name: "a",
  priority: 1,
  action: { block: {} },
  statement: { geoMatchStatement: { countryCodes: ["KP"] } },
  ...change,
});

describe("refused", () => {
  const refused: readonly [what: string, act: () => unknown, says: string][] = [
    ["a second ruleset of a phase", () => [ruleset([]), ruleset([])], "exceeded maximum number of zone rulesets for phase"],
    ["two rules with one ref", () => ruleset([rule(), rule()]), "same ref"],
    ["a set after contains", () => ruleset([rule({ expression: 'http.host contains {"a"}' })]), "Filter parsing error"],
    ["a bracket that stays open", () => ruleset([rule({ expression: "(ssl" })]), "Filter parsing error"],
    ["a string that stays open", () => ruleset([rule({ expression: 'http.host eq "a' })]), "missing ending quote"],
    ["an action of another phase", () => ruleset([rule({ action: "rewrite" })]), "in phase http_request_firewall_custom is not allowed"],
    [
      "a rate without its data centre",
      () => ruleset([rule({ ratelimit: { characteristics: ["ip.src"], period: 60 } })], "http_ratelimit"),
      "cf.colo.id",
    ],
    [
      "a period that is none",
      () => ruleset([rule({ ratelimit: { characteristics: ["cf.colo.id"], period: 61 } })], "http_ratelimit"),
      "the period 61",
    ],
    [
      "a setting by the SDK's name",
      () => atCloudflare("cloudflare:index/zoneSetting:ZoneSetting", { zoneId, settingId: "minTlsVersion", value: "1.2" }),
      "Undefined zone setting",
    ],
    ["a setting that Cloudflare does not have", () => setting("min_tls", "1.2"), "1003: Undefined zone setting: min_tls"],
    [
      "a TLS version that is none",
      () => atCloudflare("cloudflare:index/zoneSetting:ZoneSetting", { zoneId, settingId: "min_tls_version", value: "1.4" }),
      "Invalid value",
    ],
    ["two rules of one priority", () => webAcl([aclRule(), aclRule({ name: "b" })]), "parameter: priority 1"],
    [
      "a managed group with an action",
      () => webAcl([aclRule({ statement: { managedRuleGroupStatement: { name: "AWSManagedRulesCommonRuleSet", vendorName: "AWS" } } })]),
      "WAFInvalidParameterException",
    ],
    [
      "a group that is none",
      () =>
        webAcl([
          aclRule({
            action: null,
            overrideAction: { none: {} },
            statement: { managedRuleGroupStatement: { name: "None", vendorName: "AWS" } },
          }),
        ]),
      "WAFNonexistentItemException",
    ],
    [
      "a window that is none",
      () => webAcl([aclRule({ statement: { rateBasedStatement: { limit: 100, evaluationWindowSec: 90 } } })]),
      "EVALUATION_WINDOW_SEC",
    ],
    [
      "a log group of another name",
      () =>
        atAws("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {
          resourceArn: webAcl([]).properties.arn!,
          logDestinationConfigs: ["arn:aws:logs:us-east-1:123456789012:log-group:waf"],
        }),
      "LOG_DESTINATION",
    ],
    [
      "a prefix list without room",
      () =>
        atAws("aws:ec2/managedPrefixList:ManagedPrefixList", {
          name: "a",
          addressFamily: "IPv4",
          maxEntries: 1,
          entries: [{ cidr: "192.0.2.0/24" }, { cidr: "198.51.100.0/24" }],
        }),
      "PrefixListMaxEntriesExceeded",
    ],
  ];
  test.each(refused)("%s", (_, act, says) => expect(act).toThrow(says));
});

describe("refused by the plan of a zone that the store holds", () => {
  const onPlan = (plan: string) =>
    store.put({ type: "cloudflare:index/zone:Zone", id: zoneId, scope: "zones", properties: { plan }, createdFor: "" });
  const many = (count: number) => Array.from({ length: count }, (_, at) => rule({ ref: `r${at}` }));
  const rate = (period: number) => [rule({ ratelimit: { characteristics: ["cf.colo.id", "ip.src"], period } })];
  const refused: readonly [what: string, plan: string, larger: string, act: () => unknown, says: string][] = [
    ["a sixth rule", "free", "pro", () => ruleset(many(6)), "6 out of 5"],
    ["a period of a minute", "free", "pro", () => ruleset(rate(60), "http_ratelimit"), "the period 60"],
    ["a period of ten minutes", "pro", "business", () => ruleset(rate(600), "http_ratelimit"), "the period 600"],
    ["a regular expression", "pro", "business", () => ruleset([rule({ expression: 'http.host matches "a"' })]), "operator matches"],
    ["the action log", "business", "enterprise", () => ruleset([rule({ action: "log" })]), "the action log"],
    [
      "a bot score",
      "business",
      "enterprise",
      () => ruleset([rule({ expression: "cf.bot_management.score lt 30" })]),
      "bot_management.score",
    ],
    ["managed rules", "free", "pro", () => ruleset([execute], "http_request_firewall_managed"), "http_request_firewall_managed"],
  ];
  const execute = rule({ action: "execute", actionParameters: { id: "efb7b8c949ac4650a09736fc376e9aee" } });
  test.each(refused)("%s: %s", (_, plan, larger, act, says) => {
    onPlan(plan);
    expect(act).toThrow(says);
    onPlan(larger);
    expect(act).not.toThrow();
  });
});

test("a changed ruleset has another version, at another time, and its rules keep their ids by ref", () => {
  const type = "cloudflare:index/ruleset:Ruleset";
  const made = ruleset([rule(), rule({ ref: "b" })]);
  const rules = [rule({ ref: "new" }), rule({ ref: "b", action: "log" }), rule()];
  const inputs = { zoneId, kind: "zone", name: "slipway", phase: "http_request_firewall_custom", rules };
  const wanted = { type, urn: `urn::${type}`, inputs, secrets: [] };
  const next = new Cloud(cloudflare, store).update(made.id, made.properties, wanted, { account: "zones", region: "" });
  const ids = ({ rules: list }: Properties) => Object.fromEntries((list as Properties[]).map(({ ref, id }) => [ref, id]));
  expect([made.properties.version, next.version]).toEqual(["1", "2"]);
  expect(next.lastUpdated).not.toBe(made.properties.lastUpdated);
  expect(ids(next)).toMatchObject(ids(made.properties));
  expect(made.properties.rules).toMatchObject([{ actionParameters: {} }, { actionParameters: {} }]);
});

test("a signature that goes is off, and waits for the registrar again when it comes back", () => {
  const type = "cloudflare:index/zoneDnssec:ZoneDnssec";
  const sign = () => atCloudflare(type, { zoneId, status: "active" });
  const status = () => store.all(type).map(({ properties }) => properties.status);
  const made = sign();
  expect([made.properties.status, ...status()]).toEqual(["active", "pending"]);
  new Cloud(cloudflare, store).delete(type, made.id, made.properties, { account: "zones", region: "" });
  expect(status()).toEqual(["disabled"]);
  sign();
  expect(status()).toEqual(["pending"]);
});

test("a web ACL tells its capacity", () =>
  expect(
    webAcl([
      aclRule({
        action: null,
        overrideAction: { none: {} },
        statement: { managedRuleGroupStatement: { name: "AWSManagedRulesCommonRuleSet", vendorName: "AWS" } },
      }),
    ]).properties.capacity,
  ).toBe(700));

const dnsRecord = (type: string, content: string, change: Properties = {}) =>
  new Resources(new Cloud(cloudflare, store)).create(
    "urn:pulumi:production::slipway::cloudflare:index/dnsRecord:DnsRecord::shop",
    { zoneId, name: "shop.example", type, content, proxied: false, ttl: 60, ...change },
    { account: "zones", region: "" },
    false,
  );

test("C3 a name takes one CNAME, or addresses, or name servers, each record once; what is proxied has no time of its own", () => {
  const ipv4 = () => dnsRecord("A", "203.0.113.9");
  const alias = () => dnsRecord("CNAME", "gateway.elsewhere.example");
  const servers = () => dnsRecord("NS", "ns1.elsewhere.example");
  const refused: readonly [act: () => unknown, code: string][] = [
    [() => [ipv4(), alias()], "81053"],
    [() => [alias(), dnsRecord("CNAME", "d111.cloudfront.example")], "81053"],
    [() => [alias(), ipv4()], "81054"],
    [() => [alias(), dnsRecord("AAAA", "2001:db8::9")], "81054"],
    [() => [servers(), ipv4()], "81056"],
    [() => [alias(), servers()], "81056"],
    [() => [ipv4(), ipv4()], "81058"],
    [() => dnsRecord("CNAME", "gateway.elsewhere.example", { proxied: true }), "ttl must be set to 1 when `proxied` is true"],
    [() => dnsRecord("NS", "ns1.elsewhere.example", { proxied: true, ttl: 1 }), "9004"],
  ];
  for (const [act, code] of refused) {
    expect(act, code).toThrow(code);
    for (const record of store.all("cloudflare:index/dnsRecord:DnsRecord")) store.delete(record);
  }
});

test("C8 a zone's setting stays as it was set when its resource is deleted, and may be declared again", () => {
  const type = "cloudflare:index/zoneSetting:ZoneSetting";
  const minimum = (value: string) => atCloudflare(type, { zoneId, settingId: "min_tls_version", value });
  const made = minimum("1.2");
  new Cloud(cloudflare, store).delete(type, made.id, made.properties, { account: "zones", region: "" });
  const values = () => store.all(type).map(({ properties }) => properties.value);
  expect(values()).toEqual(["1.2"]);
  minimum("1.3");
  expect(values()).toEqual(["1.3"]);
});

test("C9 a secret among rules makes their whole list one, as the provider's bridge answers", () => {
  const value = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "drawn" };
  const rules = [rule({ action: "rewrite", actionParameters: { headers: { "x-origin-key": { operation: "set", value } } } })];
  const wanted = { zoneId, kind: "zone", name: "slipway", phase: "http_request_late_transform", rules };
  const provider = new Resources(new Cloud(cloudflare, store));
  const urn = "urn:pulumi:production::slipway::cloudflare:index/ruleset:Ruleset::edge";
  const { inputs } = provider.check(urn, {}, wanted, new Uint8Array(32));
  const { properties } = provider.create(urn, inputs, { account: "zones", region: "" }, false);
  expect(reveal(inputs).secrets).toEqual([["rules"]]);
  expect(reveal(properties).secrets).toEqual([["rules"]]);
});
