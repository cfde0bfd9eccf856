/** What must hold for every resource of a stack that has an edge, read off the graph. */
import { beforeAll, describe, expect, test } from "vitest";
import { capacityIncluded, capacityOf, statementCapacity } from "../../../components/edge/wafv2/capacity.ts";
import type { AclRule } from "../../../components/edge/wafv2/webAclRules.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindAwsWaf, behindCloudflare, cloudflareEdge } from "../../harness/edge/declared.ts";
import type { Registered } from "../../harness/graph.ts";

const graph = (edits: Edits = {}) => declaredGraph(configOf("bench/production", edits));
const picked = (resources: readonly Registered[], type: string) => resources.filter((resource) => resource.type === type);

interface Rule {
  readonly ref: string;
  readonly action: string;
  readonly expression: string;
}

describe("behind Cloudflare", () => {
  let resources: readonly Registered[] = [];
  let before: readonly Registered[] = [];
  beforeAll(async () => {
    before = await graph();
    resources = await graph(behindCloudflare);
  });
  const ofType = (type: string) => picked(resources, type);

  test("switching the edge on moves no other URN", () => {
    const urns = new Set(resources.map(({ urn }) => urn));
    const gone = before.filter(({ urn }) => !urns.has(urn)).map(({ name }) => name);
    expect(gone.sort()).toEqual(
      ["http", "https"].flatMap((port) => ["0.0.0.0"].map((block) => `coinestate-prod-use1-alb-${port}-${block}_0`)).sort(),
    );
  });

  test("one ruleset a phase and zone, each rule with a reference of its own", () => {
    const rulesets = ofType("cloudflare:index/ruleset:Ruleset");
    const places = rulesets.map(({ inputs }) => `${inputs.zoneId} ${inputs.phase}`);
    expect(places.length).toBe(7);
    expect(new Set(places).size).toBe(places.length);
    for (const { inputs } of rulesets) {
      const refs = (inputs.rules as unknown as Rule[]).map(({ ref }) => ref);
      expect(new Set(refs).size, String(inputs.phase)).toBe(refs.length);
      expect(inputs.kind).toBe("zone");
    }
  });

  test("TLS to the origin is verified, nothing is older than TLS 1.2, nothing goes in the clear, browsers are told", () => {
    const settings = Object.fromEntries(
      ofType("cloudflare:index/zoneSetting:ZoneSetting").map(({ inputs }) => [inputs.settingId, inputs.value]),
    );
    expect(settings).toMatchObject({ ssl: "strict", min_tls_version: "1.2", always_use_https: "on", tls_1_3: "on" });
    expect(settings.security_header).toMatchObject({
      strict_transport_security: { enabled: true, max_age: 31_536_000, include_subdomains: true },
    });
  });

  test("every host of every service has a proxied record; only the health checkers' name leads past Cloudflare", () => {
    const records = ofType("cloudflare:index/dnsRecord:DnsRecord").filter(({ inputs }) => inputs.comment === "load balancer");
    expect(records.map(({ inputs }) => [inputs.name, inputs.proxied]).sort()).toEqual([
      ["api.coinestate.io", true],
      ["app.coinestate.io", true],
      ["origin-use1.coinestate.io", false],
    ]);
  });

  test("the load balancer lets in prefix lists on 443, and nobody by the open internet's address", () => {
    const group = ofType("aws:ec2/securityGroup:SecurityGroup").find(({ name }) => name === "coinestate-prod-use1-alb");
    expect(group).toBeDefined();
    const ways = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ name }) =>
      /^coinestate-prod-use1-(alb-http|health-check)/.test(name),
    );
    expect(
      ways.map(({ name, inputs }) => [name, inputs.fromPort, inputs.toPort, inputs.cidrIpv4 ?? inputs.cidrIpv6 ?? "list"]).sort(),
    ).toEqual([
      ["coinestate-prod-use1-alb-https-ipv4", 443, 443, "list"],
      ["coinestate-prod-use1-alb-https-ipv6", 443, 443, "list"],
      ["coinestate-prod-use1-health-checkers", 443, 443, "list"],
    ]);
    for (const { inputs } of ways) expect(String(inputs.prefixListId)).toMatch(/^pl-/);
    const room = ofType("aws:ec2/managedPrefixList:ManagedPrefixList").reduce((sum, { inputs }) => sum + Number(inputs.maxEntries), 0);
    expect(room).toBeLessThanOrEqual(35); // of the 60 rules of a security group, with the 25 of the health checkers' list
  });

  test("no rule of the load balancer reaches a target without the edge's secret", () => {
    const rules = ofType("aws:lb/listenerRule:ListenerRule");
    expect(rules.length).toBe(7);
    for (const { name, inputs } of rules) {
      const conditions = inputs.conditions as unknown as { httpHeader?: { httpHeaderName: string } }[];
      const forwards = JSON.stringify(inputs.actions).includes("forward");
      expect(
        conditions.some(({ httpHeader }) => httpHeader?.httpHeaderName === "x-origin-key"),
        name,
      ).toBe(forwards);
      const values = conditions.flatMap((condition) =>
        Object.values(condition as Record<string, { values: unknown[] }>).flatMap((each) => each.values),
      );
      expect(values.length, name).toBeLessThanOrEqual(5);
    }
  });

  test("the secret is sealed wherever it stands, encrypted with the stack's key, and back for a week in production", () => {
    const secret = "4dabf18193072939515e22adb298388d";
    const [version] = ofType("aws:secretsmanager/secretVersion:SecretVersion");
    expect(JSON.stringify(version!.inputs.secretString)).toContain(secret);
    expect(version!.ignoreChanges).toEqual(["secretString"]);
    const [holder] = ofType("aws:secretsmanager/secret:Secret");
    expect(String(holder!.inputs.kmsKeyId)).toMatch(/^arn:aws:kms:/);
    expect(holder!.inputs.recoveryWindowInDays).toBe(7);
    const transform = ofType("cloudflare:index/ruleset:Ruleset").find(({ inputs }) => inputs.phase === "http_request_late_transform");
    expect(JSON.stringify(transform!.inputs)).toContain(secret);
    for (const { inputs } of ofType("aws:lb/listenerRule:ListenerRule").filter(({ inputs }) =>
      JSON.stringify(inputs).includes("x-origin-key"),
    ))
      expect(JSON.stringify(inputs.conditions)).toContain(secret);
  });

  test("a rule goes from log to block by one action, and off leaves it in place", async () => {
    const rulesIn = async (mode: string) => {
      const made = await graph({ ...structuredClone(behindCloudflare), "edge.rules.scans.mode": mode });
      const custom = picked(made, "cloudflare:index/ruleset:Ruleset").find(({ inputs }) => inputs.phase === "http_request_firewall_custom");
      return custom!.inputs.rules as unknown as Rule[];
    };
    const [log, block, off] = [await rulesIn("log"), await rulesIn("block"), await rulesIn("off")];
    expect(log.map((rule) => (rule.ref === "scans" ? { ...rule, action: "block" } : rule))).toEqual(block);
    expect(off.map((rule) => (rule.ref === "scans" ? { ...rule, enabled: true } : rule))).toEqual(block);
  });

  test("the order in which rules are written means nothing", async () => {
    const turned = { ...cloudflareEdge, rules: Object.fromEntries(Object.entries(cloudflareEdge.rules).reverse()) };
    const again = await graph({ ...structuredClone(behindCloudflare), edge: turned });
    // The origin's secret is drawn anew in every graph; its phase is left out.
    const rulesets = (of: readonly Registered[]) =>
      Object.fromEntries(
        picked(of, "cloudflare:index/ruleset:Ruleset")
          .filter(({ inputs }) => inputs.phase !== "http_request_late_transform")
          .map(({ name, inputs }) => [name, inputs.rules]),
      );
    expect(rulesets(again)).toEqual(rulesets(resources));
  });

  test("what is not to be kept in browsers is not kept there for no seconds, which no plan takes", async () => {
    const rule = { priority: 10, when: { paths: ["/pages/*"] }, edgeSeconds: 60, browserSeconds: 0 };
    const changed = await graph({ ...structuredClone(behindCloudflare), "edge.cache": { rules: { pages: rule } } });
    const [first] = picked(changed, "cloudflare:index/ruleset:Ruleset").find(
      ({ inputs }) => inputs.phase === "http_request_cache_settings",
    )!.inputs.rules as unknown as { actionParameters: { browserTtl: unknown } }[];
    expect(first!.actionParameters.browserTtl).toEqual({ mode: "bypass" });
  });

  test("a stack that does not own the zone makes records and nothing else there", async () => {
    const member = await graph({ edge: { provider: "cloudflare", plan: "pro", zoneRules: false, origin: { lock: false } } });
    const made = member.filter(({ type }) => type.startsWith("cloudflare:")).map(({ type, inputs }) => [type, inputs.comment]);
    expect(new Set(made.map(([type]) => type))).toEqual(new Set(["cloudflare:index/dnsRecord:DnsRecord"]));
  });
});

describe("behind AWS WAF", () => {
  let resources: readonly Registered[] = [];
  beforeAll(async () => {
    resources = await graph(behindAwsWaf);
  });
  const [acl, rules] = [
    () => picked(resources, "aws:wafv2/webAcl:WebAcl")[0]!.inputs,
    () => picked(resources, "aws:wafv2/webAcl:WebAcl")[0]!.inputs.rules as unknown as AclRule[],
  ];

  test("the web ACL is bound to the load balancer and lets through what no rule refuses", () => {
    expect(acl()).toMatchObject({ scope: "REGIONAL", defaultAction: { allow: {} } });
    const [association] = picked(resources, "aws:wafv2/webAclAssociation:WebAclAssociation");
    expect(String(association!.inputs.resourceArn)).toContain(":loadbalancer/app/");
  });

  test("names and priorities are distinct, and the rules fit into what the price includes", () => {
    const priorities = rules().map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(priorities.length);
    expect(capacityOf(rules())).toBeLessThanOrEqual(capacityIncluded);
    expect(rules().map((rule) => [rule.name, statementCapacity(rule.statement)])).toEqual([
      ["candidate-header", 3],
      ["header-spoof", 2],
      ["methods", 3],
      ["scans", 33],
      ["sql-injection", 23],
      ["scanners", 13],
      ["large-body", 36],
      ["bots", 83],
      ["api-rate", 15],
      ["web-api-rate", 48],
      ["sign-in", 38],
      ["common", 700],
    ]);
  });

  test("what it records is encrypted, kept for a while, and without credentials", () => {
    const group = picked(resources, "aws:cloudwatch/logGroup:LogGroup").find(({ name }) => name === "coinestate-prod-use1-edge-waf-logs");
    expect(group!.inputs).toMatchObject({ namePrefix: "aws-waf-logs-coinestate-prod-use1-edge-", retentionInDays: 90 });
    expect(String(group!.inputs.kmsKeyId)).toMatch(/^arn:aws:kms:/);
    const [logging] = picked(resources, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    expect(logging!.inputs.redactedFields).toEqual(["authorization", "cookie", "x-canary"].map((name) => ({ singleHeader: { name } })));
  });
});

test("hosts at Route 53 get alias records", async () => {
  const zone = { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" };
  const records = picked(await graph({ ...behindAwsWaf, dns: zone }), "aws:route53/record:Record").filter(
    ({ inputs }) => inputs.type === "A",
  );
  expect(records.map(({ inputs }) => inputs.name).sort()).toEqual(["api.coinestate.io", "app.coinestate.io"]);
  for (const { inputs } of records) expect(JSON.stringify(inputs.aliases)).toContain(".elb.amazonaws.com");
});

test("a preview of the creation knows no id and declares the same", async () => {
  const urns = (of: readonly Registered[]) => of.map(({ urn }) => urn).sort();
  const preview = await declaredGraph(configOf("bench/production", behindCloudflare), { preview: true });
  expect(urns(preview)).toEqual(urns(await graph(behindCloudflare)));
});
