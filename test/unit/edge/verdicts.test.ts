/** Requests of people and of attackers meet the rules as they are rendered for each edge. */
import { describe, expect, test } from "vitest";
import { zonePhases } from "../../../components/edge/cloudflare/phases.ts";
import { inOrder } from "../../../components/edge/rule.ts";
import { securityHeaders } from "../../../components/edge/securityHeaders.ts";
import { aclRules } from "../../../components/edge/wafv2/webAclRules.ts";
import { hostsOf } from "../../../components/environment/contract/hostRecords.ts";
import { configOf } from "../../harness/config.ts";
import { CloudflareEdge, type Verdict } from "../../harness/edge/cloudflareEdge.ts";
import { behindAwsWaf, behindCloudflare } from "../../harness/edge/declared.ts";
import { type EdgeRequest, request } from "../../harness/edge/request.ts";
import { WafEdge } from "../../harness/edge/wafEdge.ts";
import { attacks, benign, type Sample } from "./corpus/requests.ts";

const config = configOf("bench/production", behindCloudflare);
if (config.edge.provider !== "cloudflare") throw new Error("the stack is not behind Cloudflare");
const { edge } = config;
const hosts = hostsOf(config);
const zone = {
  hosts,
  rules: edge.rules,
  redirects: edge.redirects,
  cache: edge.cache.rules,
  neverCached: edge.cache.neverCached,
  responseHeaders: securityHeaders(edge.headers, hosts),
  originHeader: { name: "x-origin-key", value: "s3cret", hosts },
};
const bare = { ...zone, redirects: {}, cache: {}, responseHeaders: {}, originHeader: undefined };

const waf = configOf("bench/production", behindAwsWaf).edge;
const wafRules = waf.provider === "awsWaf" ? waf.rules : {};
const sets = { "candidate-header": { when: {}, unless: { IPV4: "office4", IPV6: "office6" } } };
const blocks = { office4: ["198.51.100.0/24"], office6: ["2001:db8:77::/48"] };

interface Edge {
  decide(request: EdgeRequest, seconds?: number): Verdict;
}
const cloudflare = () => new CloudflareEdge(zonePhases(zone));
const awsWaf = () => new WafEdge(aclRules(wafRules, sets), blocks);

const verdictOf = (edgeOf: () => Edge, sample: Sample) => edgeOf().decide(request(sample.request));

test("the corpus is large, and every rule that acts on single requests has its attacks", () => {
  expect(benign.length + attacks.length).toBeGreaterThanOrEqual(60);
  const attacked = new Set(attacks.map(({ refusedBy }) => refusedBy));
  expect(
    Object.entries(edge.rules)
      .filter(([, { type }]) => type === "match")
      .map(([name]) => name)
      .filter((name) => !attacked.has(name)),
  ).toEqual([]);
});

describe("Cloudflare", () => {
  test.each(benign)("lets through: $what", (sample) =>
    expect(verdictOf(cloudflare, sample)).toEqual({ outcome: "pass", rule: "", logged: [] }),
  );
  test.each(attacks)("refuses: $what", (sample) =>
    expect(verdictOf(cloudflare, sample)).toEqual({ outcome: "block", rule: sample.refusedBy, logged: [] }),
  );

  test("headers, caching, redirects and the origin header change no verdict", () => {
    for (const sample of [...benign, ...attacks])
      expect(verdictOf(cloudflare, sample)).toEqual(verdictOf(() => new CloudflareEdge(zonePhases(bare)), sample));
  });

  test("a rule that only records refuses nothing and names itself", () => {
    const rules = { ...edge.rules, "sql-injection": { ...edge.rules["sql-injection"]!, mode: "log" as const } };
    const [attack] = attacks;
    expect(verdictOf(() => new CloudflareEdge(zonePhases({ ...zone, rules })), attack!)).toEqual({
      outcome: "pass",
      rule: "",
      logged: ["sql-injection"],
    });
  });

  test("www is sent on with path and query", () =>
    expect(cloudflare().decide(request({ host: "www.coinestate.io", uri: "/plans?x=1" }))).toMatchObject({
      outcome: "redirect",
      location: "https://app.coinestate.io/plans",
    }));
});

describe("AWS WAF", () => {
  test.each(benign)("lets through: $what", (sample) =>
    expect(verdictOf(awsWaf, sample)).toEqual({ outcome: "pass", rule: "", logged: [] }),
  );
  test.each(attacks.filter(({ onlyCloudflare }) => onlyCloudflare !== true))("refuses: $what", (sample) =>
    expect(verdictOf(awsWaf, sample)).toEqual({ outcome: "block", rule: sample.refusedBy, logged: [] }),
  );
});

describe.each([
  ["Cloudflare", cloudflare, 60],
  ["AWS WAF", awsWaf, 0],
] as const)("rates at %s", (_, edgeOf, blockedFor) => {
  test("100 a minute and client pass, the next is refused, another client is not", () => {
    const at = edgeOf();
    const verdicts = Array.from({ length: 101 }, (_unused, index) => at.decide(request({ address: "203.0.113.50" }), index * 0.5).outcome);
    expect(verdicts.filter((outcome) => outcome === "pass").length).toBe(100);
    expect(verdicts.at(-1)).toBe("block");
    expect(at.decide(request({ address: "203.0.113.51" }), 51).outcome).toBe("pass");
  });

  test("a client that waits is let in again", () => {
    const at = edgeOf();
    for (let index = 0; index <= 100; index++) at.decide(request({}), 0);
    expect(at.decide(request({}), blockedFor - 1).outcome).toBe("block");
    expect(at.decide(request({}), Math.max(blockedFor, 60) + 1).outcome).toBe("pass");
  });

  test("a slow client is never refused", () => {
    const at = edgeOf();
    const outcomes = Array.from({ length: 600 }, (_unused, index) => at.decide(request({}), index * 0.65).outcome);
    expect(new Set(outcomes)).toEqual(new Set(["pass"]));
  });

  test("sign-ins are counted more narrowly, and only sign-ins", () => {
    const at = edgeOf();
    const login = request({ method: "POST", host: "app.coinestate.io", uri: "/api/auth/login" });
    const outcomes = Array.from({ length: 12 }, (_unused, index) => at.decide(login, index));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([...Array.from({ length: 10 }, () => "pass"), "block", "block"]);
    expect(outcomes.at(-1)!.rule).toBe("sign-in");
    expect(at.decide(request({ host: "app.coinestate.io", uri: "/api/prices" }), 12).outcome).toBe("pass");
  });

  test("pages and other hosts are not counted", () => {
    const at = edgeOf();
    for (let index = 0; index < 300; index++) expect(at.decide(request({ host: "app.coinestate.io", uri: "/" }), 1).outcome).toBe("pass");
  });
});

test("both edges run the same rules, by the same names, in the same order", () => {
  const names = inOrder(edge.rules).map(([name]) => name);
  expect(
    [...zonePhases(zone)].filter(([phase]) => /firewall|ratelimit/.test(phase)).flatMap(([, rules]) => rules.map(({ ref }) => ref)),
  ).toEqual(names);
  const acl = aclRules(wafRules, sets);
  expect(acl.map(({ name }) => name)).toEqual(names);
  expect(acl.map(({ priority }) => priority)).toEqual(acl.map(({ priority }) => priority).toSorted((a, b) => a - b));
});

describe("what the origin and the client get", () => {
  test("the origin gets the edge's secret, whatever a client sends under its name", () => {
    const spoofed = request({ headers: { "x-origin-key": "guess" } });
    expect(cloudflare().toOrigin(spoofed)["x-origin-key"]).toBe("s3cret");
    expect(cloudflare().toOrigin(request({ host: "other.coinestate.io" }))["x-origin-key"]).toBeUndefined();
  });

  test("every answer carries the security headers, errors included", () => {
    for (const code of [200, 404, 503]) {
      const headers = cloudflare().toClient(request({ host: "app.coinestate.io", uri: "/" }), code, { "x-frame-options": "ALLOWALL" });
      expect(headers).toEqual({
        "content-security-policy":
          "connect-src 'self' *.sentry.io https://api.coinestate.io https://app.coinestate.io; default-src 'self'; script-src 'self' *.googletagmanager.com *.google-analytics.com",
        "referrer-policy": "origin-when-cross-origin",
        "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "on",
        "x-frame-options": "DENY",
        "x-xss-protection": "1; mode=block",
      });
    }
  });

  test("assets are kept for a year and said to be immutable; errors under their names are not", () => {
    const asset = request({ host: "app.coinestate.io", uri: "/assets/index-4f1c9a.js" });
    expect(cloudflare().keptSeconds(asset)).toBe(31_536_000);
    expect(cloudflare().toClient(asset, 200, {})["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(cloudflare().toClient(asset, 404, { "Cache-Control": "no-store" })["cache-control"]).toBe("no-store");
  });

  test.each([
    ["the API", { host: "app.coinestate.io", uri: "/api/assets/x" }],
    ["web sockets", { host: "app.coinestate.io", uri: "/socket.io/?EIO=4" }],
    ["signed-in requests", { host: "app.coinestate.io", uri: "/assets/report.pdf", headers: { authorization: "Bearer x" } }],
    ["pages", { host: "app.coinestate.io", uri: "/index.html" }],
    ["other hosts", { host: "other.coinestate.io", uri: "/assets/x.js" }],
  ])("never kept: %s", (_, sent) => expect(cloudflare().keptSeconds(request(sent))).toBe(0));
});
