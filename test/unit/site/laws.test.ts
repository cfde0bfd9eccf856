/** What must hold for every resource of a stack with sites, secrets, pipeline roles and a budget, read off the graph. */
import { beforeAll, describe, expect, test } from "vitest";
import { StaticSite } from "../../../components/staticSite/staticSite.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { configOf } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import type { Registered } from "../../harness/graph.ts";
import { oneOfEach } from "../../harness/platform.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

const distributionType = "aws:cloudfront/distribution:Distribution";

interface DistributionInputs {
  readonly aliases: readonly string[];
  readonly origins: readonly {
    readonly originId: string;
    readonly originPath?: string;
    readonly originAccessControlId?: string;
    readonly domainName: string;
  }[];
  readonly originGroups: readonly { readonly members: readonly { readonly originId: string }[] }[];
  readonly defaultCacheBehavior: Behaviour;
  readonly orderedCacheBehaviors: readonly Behaviour[];
  readonly customErrorResponses: readonly {
    readonly errorCode: number;
    readonly errorCachingMinTtl: number;
    readonly responsePagePath?: string;
  }[];
  readonly viewerCertificate: unknown;
}

interface Behaviour {
  readonly pathPattern?: string;
  readonly targetOriginId: string;
  readonly viewerProtocolPolicy: string;
  readonly functionAssociations?: readonly { readonly functionArn: string }[];
  readonly responseHeadersPolicyId?: string;
}

async function graph(stack: string, more: Readonly<Record<string, unknown>> = {}, preview = false): Promise<readonly Registered[]> {
  return declaredGraph(configOf(stack, { ...oneOfEach(configOf(stack)), ...more }), { preview });
}

describe("production", () => {
  let resources: readonly Registered[] = [];
  beforeAll(async () => {
    resources = await graph("bench/production");
  }, 60_000);
  const ofType = (type: string) => {
    const found = resources.filter((resource) => resource.type === type);
    expect(found.length, type).toBeGreaterThan(0);
    return found;
  };
  const distribution = (name: string) =>
    ofType(distributionType).find((found) => found.name === name)!.inputs as unknown as DistributionInputs;

  test("each bucket is closed, encrypted, versioned and read by one distribution or the log delivery alone", () => {
    const buckets = ofType("aws:s3/bucket:Bucket").filter(({ name }) => name.startsWith("coinestate-prod-site-"));
    expect(buckets).toHaveLength(6);
    for (const { name, inputs, protect } of buckets) {
      expect([protect, inputs.forceDestroy ?? false]).toEqual([true, false]);
      const beside = (type: string) => resources.find((resource) => resource.name === name && resource.type === `aws:s3/${type}`)?.inputs;
      expect(Object.values(beside("bucketPublicAccessBlock:BucketPublicAccessBlock")!).filter((value) => value === true)).toHaveLength(4);
      expect(beside("bucketVersioning:BucketVersioning")).toMatchObject({ versioningConfiguration: { status: "Enabled" } });
      const encryption = JSON.stringify(beside("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"));
      expect(encryption).toContain(name.endsWith("-files") ? "arn:aws:kms:" : "AES256");
      const { Statement } = JSON.parse(String(beside("bucketPolicy:BucketPolicy")!.policy)) as {
        Statement: { Effect: string; Principal: { Service?: string }; Condition: Record<string, Record<string, string>> }[];
      };
      const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
      expect(allowed.length).toBeGreaterThan(0);
      for (const { Principal, Condition } of allowed) {
        expect(Principal.Service).toMatch(/^(?:cloudfront|delivery\.logs)\.amazonaws\.com$/);
        if (Principal.Service === "cloudfront.amazonaws.com")
          expect(Condition.StringEquals!["aws:SourceArn"]).toMatch(/^arn:aws:cloudfront::\d{12}:distribution\/E[0-9A-F]{13}$/);
      }
      expect(JSON.stringify(Statement)).toContain('"aws:SecureTransport":"false"');
    }
  });

  test("TLS 1.2 of 2021 by a certificate of us-east-1, and nothing in plain HTTP", () => {
    for (const { inputs } of ofType(distributionType)) {
      const { viewerCertificate, defaultCacheBehavior, orderedCacheBehaviors } = inputs as unknown as DistributionInputs;
      expect(viewerCertificate).toMatchObject({ minimumProtocolVersion: "TLSv1.2_2021", sslSupportMethod: "sni-only" });
      expect(JSON.stringify(viewerCertificate)).toContain("arn:aws:acm:us-east-1:");
      for (const { viewerProtocolPolicy, responseHeadersPolicyId } of [defaultCacheBehavior, ...orderedCacheBehaviors]) {
        expect(viewerProtocolPolicy).toMatch(/^(?:https-only|redirect-to-https)$/);
        expect(responseHeadersPolicyId).toMatch(/^[0-9a-f-]{36}$/);
      }
    }
  });

  test("the headers of every path are the required ones (CDN-06)", () => {
    for (const { inputs } of ofType("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")) {
      expect(inputs.securityHeadersConfig).toMatchObject({
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY" },
        referrerPolicy: { referrerPolicy: "origin-when-cross-origin" },
        strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, preload: true },
        xssProtection: { protection: true, modeBlock: true },
      });
      expect(JSON.stringify(inputs.securityHeadersConfig)).toContain("https://api.coinestate.io");
      expect(inputs.customHeadersConfig).toMatchObject({ items: [{ header: "X-DNS-Prefetch-Control", value: "on" }] });
    }
  });

  test("paths of the backend run no function, keep no error, and come before everything else (CDN-03, CDN-05)", () => {
    const { orderedCacheBehaviors, origins, customErrorResponses, defaultCacheBehavior } = distribution("coinestate-prod-site-app");
    expect(orderedCacheBehaviors.map(({ pathPattern, targetOriginId }) => [pathPattern, targetOriginId])).toEqual([
      ["/api/*", "backend"],
      ["/socket.io/*", "backend"],
      ["/assets/*", "bucket"],
    ]);
    for (const { functionAssociations, targetOriginId } of orderedCacheBehaviors)
      if (targetOriginId === "backend") expect(functionAssociations).toBeUndefined();
    expect(defaultCacheBehavior.functionAssociations).toHaveLength(2);
    expect(origins.find(({ originId }) => originId === "backend")?.domainName).toBe("api.coinestate.io");
    for (const { errorCachingMinTtl, responsePagePath } of customErrorResponses)
      expect([errorCachingMinTtl, responsePagePath]).toEqual([0, undefined]);
  });

  test("a release is a folder, read through the access control", () => {
    const [origin] = distribution("coinestate-prod-site-app").origins;
    expect(origin).toMatchObject({ originId: "bucket", originPath: "/releases/2026-11-21.1" });
    expect(origin!.originAccessControlId).toMatch(/^E/);
  });

  test("the host is asked first and the bucket when it fails", () => {
    const { originGroups, defaultCacheBehavior } = distribution("coinestate-prod-site-shop");
    expect(originGroups[0]!.members.map(({ originId }) => originId)).toEqual(["host", "bucket"]);
    expect(defaultCacheBehavior.targetOriginId).toBe("pages");
  });

  test("DNS leads to whoever serves, and the backup is ready on the same name", () => {
    const records = resources.filter(
      ({ type, name }) =>
        type === "cloudflare:index/dnsRecord:DnsRecord" && /^coinestate-prod-edge-records-\w+\.coinestate\.io$/.test(name),
    );
    const content = (name: string) => records.find((record) => record.name === name)?.inputs.content;
    expect(content("coinestate-prod-edge-records-docs.coinestate.io")).toBe("cname.vercel-dns.com");
    expect(content("coinestate-prod-edge-records-shop.coinestate.io")).toMatch(/\.cloudfront\.net$/);
    expect(content("coinestate-prod-edge-records-www.coinestate.io")).toMatch(/\.cloudfront\.net$/);
    expect(distribution("coinestate-prod-site-docs").aliases).toEqual(["docs.coinestate.io"]);
  });

  test("access is logged, by deliveries arranged in us-east-1", () => {
    const sources = ofType("aws:cloudwatch/logDeliverySource:LogDeliverySource");
    expect(sources).toHaveLength(ofType(distributionType).length);
    for (const { inputs } of sources) expect(inputs).toMatchObject({ region: "us-east-1", logType: "ACCESS_LOGS" });
  });

  test("no secret has a version in the program, and each entry has the customer key and its window", () => {
    // One that is drawn is nobody's entry: it goes with its name, at once.
    const declared = resources.filter(({ name }) => !/-candidate-\w+$/.test(name));
    const values = declared.filter(({ type }) => /secretVersion|ssm\/parameter/.test(type));
    // The latch of an automatic rollback is no secret, and its value is left alone.
    expect(values.filter(({ name }) => !name.endsWith("-rollback"))).toEqual([]);
    for (const { inputs, ignoreChanges } of values) expect([inputs.type, ignoreChanges]).toEqual(["String", ["insecureValue", "value"]]);
    for (const { inputs, protect } of declared.filter(({ type }) => type === "aws:secretsmanager/secret:Secret")) {
      expect(protect).toBe(true);
      expect(inputs).toMatchObject({ recoveryWindowInDays: 30, kmsKeyId: expect.stringMatching(/^arn:aws:kms:/) as unknown });
    }
  });

  test("tasks may read their own secrets by exact ARN, and decrypt with the stack's keys alone", () => {
    const [policy] = resources.filter(
      ({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && name === "coinestate-prod-use1-api-execution",
    );
    const { Statement } = JSON.parse(String(policy!.inputs.policy)) as { Statement: { Sid: string; Resource: string | string[] }[] };
    const resourceOf = (sid: string) => [Statement.find(({ Sid }) => Sid === sid)!.Resource].flat();
    expect(resourceOf("ReadSecrets")).toEqual([
      expect.stringMatching(
        /^arn:aws:secretsmanager:us-east-1:123456789012:secret:\/coinestate\/prod\/blockchain\/private-key-[0-9A-Za-z]{6}$/,
      ),
    ]);
    expect(resourceOf("ReadParameters")).toHaveLength(3);
    for (const arn of [...resourceOf("ReadParameters"), ...resourceOf("DecryptSecrets")]) expect(arn).not.toContain("*");
    const [task] = resources.filter(
      ({ type, name }) => type === "aws:ecs/taskDefinition:TaskDefinition" && name === "coinestate-prod-use1-api-blue",
    );
    expect(String(task!.inputs.containerDefinitions)).toContain(resourceOf("ReadSecrets")[0]);
  });

  test("every resource that can carry tags carries the stack's", () => {
    const taggable = resources.filter(
      ({ type, custom }) => custom && type.startsWith("aws:") && factsOf(type)?.properties.tags?.optional === true,
    );
    for (const { urn, inputs } of taggable)
      expect(inputs.tags, urn).toMatchObject({ System: "coinestate", Environment: "prod", ManagedBy: "slipway" });
  });
});

test("what holds data is protected in production and free in staging", async () => {
  const stateful = /^aws:(?:s3\/bucket|kms\/key|secretsmanager\/secret|cloudfront\/distribution):\w+$/;
  const found = (await graph("staging")).filter(({ type }) => stateful.test(type));
  expect(found.length).toBeGreaterThan(10);
  expect(new Set(found.map(({ protect }) => protect))).toEqual(new Set([false]));
}, 60_000);

test("the preview of a creation registers the same", async () => {
  const urns = async (preview: boolean) => (await graph("bench/production", {}, preview)).map(({ urn }) => urn).sort();
  expect(await urns(true)).toEqual(await urns(false));
}, 60_000);

test("another site, or sites in another order, moves nothing", async () => {
  const { sites } = oneOfEach(configOf("bench/production")) as { sites: Record<string, unknown> };
  const before = new Set((await graph("bench/production")).map(({ urn }) => urn));
  const reordered = Object.fromEntries([["aaa", { hosts: ["aaa.coinestate.io"] }], ...Object.entries(sites).reverse()]);
  const after = new Set((await graph("bench/production", { sites: reordered })).map(({ urn }) => urn));
  expect([...before].filter((urn) => !after.has(urn))).toEqual([]);
  expect(after.size).toBeGreaterThan(before.size);
}, 60_000);

test("a host that the load balancer's certificate covers already has one validation record, not two", async () => {
  const resources = await graph("bench/production", { sites: { top: { hosts: ["coinestate.io", "www.coinestate.io"] } } });
  const records = resources.filter(({ type, name }) => type === "cloudflare:index/dnsRecord:DnsRecord" && name.includes("validation"));
  expect(records.map(({ name }) => name).sort()).toEqual([
    "coinestate-prod-validation-coinestate.io",
    "coinestate-prod-validation-www.coinestate.io",
  ]);
}, 60_000);

test("a zone at Route 53 gets alias records of both families, and a CNAME for an external host", async () => {
  const dns = { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" };
  const records = (await graph("bench/production", { dns })).filter(
    ({ type, name }) => type === "aws:route53/record:Record" && !name.includes("validation"),
  );
  expect(records.map(({ name, inputs }) => `${name} ${inputs.type}`).sort()).toEqual([
    "coinestate-prod-edge-records-api.coinestate.io A",
    "coinestate-prod-edge-records-app.coinestate.io A",
    "coinestate-prod-edge-records-console.coinestate.io A",
    "coinestate-prod-edge-records-console.coinestate.io-AAAA AAAA",
    "coinestate-prod-edge-records-docs.coinestate.io CNAME",
    "coinestate-prod-edge-records-shop.coinestate.io CNAME",
    "coinestate-prod-edge-records-www.coinestate.io A",
    "coinestate-prod-edge-records-www.coinestate.io-AAAA AAAA",
  ]);
}, 60_000);

test("a site on the service's own host sends that host on to the load balancer", async () => {
  const resources = await graph("bench/production", { sites: { app: { hosts: ["app.coinestate.io"], backend: { service: "web" } } } });
  const { origins } = resources.find(({ type }) => type === distributionType)!.inputs as unknown as DistributionInputs;
  expect(origins.find(({ originId }) => originId === "backend")?.domainName).toMatch(/\.elb\.amazonaws\.com$/);
}, 60_000);

test("wrong arguments are all named at once", () => {
  const refused = refusedArguments(
    () =>
      new StaticSite("site", {
        region: "us-east-1",
        accountId: "123456789012",
        hosts: [],
        zone: { provider: "cloudflare", zone: "coinestate.io", zoneId: "0".repeat(32) },
        certificateArn: "arn",
        keyArn: "arn",
        origin: { kind: "s3-cloudfront" },
        release: "a/b",
        accessLogDays: 0,
        notFoundPage: "/404.html",
        backend: { domainName: "api.coinestate.io", forwardHost: false, paths: ["/api/*"], readTimeoutSeconds: 90 },
        contentSecurityPolicy: { "script-src": ["*"] },
      }),
  );
  expect(refused).toEqual([
    "hosts",
    "release",
    "backend.readTimeoutSeconds",
    "contentSecurityPolicy.script-src[0]",
    "accessLogDays",
    "notFoundPage",
  ]);
});
