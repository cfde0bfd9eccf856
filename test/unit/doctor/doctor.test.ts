/** `slipway doctor` on set-ups in which one thing is missing, each named with what puts it right; and without a network. */
import dns from "node:dns/promises";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { caaFor, type Dns } from "../../../ops/doctor/dns.ts";
import { doctor, report } from "../../../ops/doctor/doctor.ts";
import { type Line, passes } from "../../../ops/doctor/line.ts";
import { examined } from "../../../ops/doctor/probe.ts";
import { configFiles, findProject } from "../../../ops/project/project.ts";
import { UserError } from "../../../ops/userError.ts";
import { apiOnCluster, server } from "../../harness/cluster.ts";
import type { Edits } from "../../harness/config.ts";
import { ExaminedStack } from "../../harness/examinedStack.ts";

const account = "123456789012";
const topic = `arn:aws:sns:us-east-1:${account}:topic-P3`;
const root = join(import.meta.dirname, "..", "..", "..");

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The stacks' own zone, at Route 53. */
const route53: Edits = { dns: { provider: "route53", zone: "coinestate.io", zoneId: "Z0123456789ABCDEFGHIJ" } };
const proxied: Edits = {
  edge: { provider: "cloudflare", plan: "pro", records: true, zoneRules: true, certificateNames: ["*.staging.coinestate.io"] },
};
const slack: Edits = {
  "notifications.slack": { workspaceId: "T0123456789", channelId: "C0123456789" },
  "notifications.routes": { P3: ["slack", "email"] },
};
const foreignRegistry: Edits = {
  "registry.repositories": undefined,
  "registry.from": { accountId: "210987654321", region: "eu-west-1" },
};
const mailOnly: Edits = { notifications: { emails: { devops: "devops@coinestate.io" }, sendAllTo: "P3" } };
const clusterScope = new URL(server).host;

/** What is wrong, as `area what: found → fix`. */
const wrong = (lines: readonly Line[]) =>
  lines
    .filter((line) => !passes(line))
    .map((line) => `${line.verdict} ${line.area} ${line.what}: ${line.found} → ${"fix" in line ? line.fix : ""}`);

interface Broken {
  readonly title: string;
  readonly edits?: Edits;
  readonly stack?: string;
  /** Takes one thing away from a set-up in which all is there. */
  readonly take: (examined: ExaminedStack) => void;
  /** What every wrong line says, in order. */
  readonly says: readonly RegExp[];
}

const broken: readonly Broken[] = [
  {
    title: "tools: no engine, and nothing is downloaded or built",
    take: () => {
      vi.stubEnv("PATH", "");
      vi.stubEnv("SLIPWAY_CACHE", "/nowhere");
    },
    says: [/^missing tools Pulumi engine: No Pulumi engine is here yet:[\s\S]*PATH: no pulumi[\s\S]* → pulumi --stack staging version$/],
  },
  {
    title: "quota: too few vCPU for what the services scale to",
    take: (stack) => stack.put("aws:servicequotas/serviceQuota:ServiceQuota", "fargate/L-3032A538", { value: 1 }),
    says: [
      /^missing quotas vCPU of Fargate tasks, us-east-1: 1 allowed, the stack takes up to 1\.5 → aws service-quotas request-service-quota-increase --region us-east-1 --service-code fargate --quota-code L-3032A538 --desired-value 2$/,
    ],
  },
  {
    title: "quota: too few addresses for a NAT gateway in every zone",
    edits: { "network.natGateways": "perZone" },
    take: (stack) => stack.put("aws:servicequotas/serviceQuota:ServiceQuota", "ec2/L-0263D0A3", { value: 1 }),
    says: [/^missing quotas Elastic IP addresses, us-east-1: 1 allowed, the stack takes up to 2 → aws service-quotas/],
  },
  {
    title: "quota: too few load balancers",
    take: (stack) => stack.put("aws:servicequotas/serviceQuota:ServiceQuota", "elasticloadbalancing/L-53DA6B97", { value: 0 }),
    says: [/^missing quotas Application Load Balancers, us-east-1: 0 allowed/],
  },
  {
    title: "images: nobody has pushed them",
    take: (stack) => stack.remove("aws:ecr/image:Image"),
    says: [
      /^missing images api sha256:1f3a9c0e5b7d…, us-east-1: coinestate-staging-api does not hold it → slipway sandbox images push --stack staging$/,
      /^missing images api sha256:9c0e5b7d2468…/,
      /^missing images web sha256:2468ace01357…/,
    ],
  },
  {
    title: "images: there are no repositories yet",
    take: (stack) => stack.remove("aws:ecr/repository:Repository"),
    says: Array.from(
      { length: 3 },
      () => /^missing images .*there is no repository coinestate-staging-(?:api|web) yet → slipway up --stack staging /,
    ),
  },
  {
    title: "images: a standby region has no copy",
    stack: "production",
    edits: mailOnly,
    take: (stack) => stack.remove("aws:ecr/image:Image", "us-west-2"),
    says: [
      /^missing images api sha256:1f3a9c0e5b7d…, us-west-2: coinestate-api does not hold it/,
      /^missing images api sha256:9c0e5b7d2468…, us-west-2/,
      /^missing images web .*us-west-2/,
    ],
  },
  {
    title: "images: the registry of another account, which has not got one",
    edits: foreignRegistry,
    take: (stack) => stack.remove("aws:ecr/image:Image"),
    says: Array.from({ length: 3 }, () => /^missing images .*, eu-west-1 of 210987654321: coinestate-staging-.* does not hold it/),
  },
  {
    title: "images: the registry of another account, which does not let this one pull",
    edits: foreignRegistry,
    take: (stack) => stack.remove("aws:ecr/repositoryPolicy:RepositoryPolicy"),
    says: Array.from(
      { length: 3 },
      () =>
        /^missing images .*does not let account 123456789012 pull → pulumi config set --path 'slipway:registry\.pullAccounts\[0\]' 123456789012/,
    ),
  },
  {
    title: "secrets: no value",
    take: (stack) => stack.remove("aws:ssm/parameter:Parameter"),
    says: [
      /^missing secrets \/coinestate\/staging\/blockchain\/private-key, us-east-1: has no value → slipway secrets set --stack staging \/coinestate\/staging\/blockchain\/private-key$/,
      /database\/url/,
      /jwt\/secret/,
      /kyc-provider\/api-key/,
    ],
  },
  {
    title: "zone: of another account",
    edits: route53,
    take: (stack) =>
      stack.put(
        "aws:route53/record:Record",
        "r",
        { zoneId: "Z0123456789ABCDEFGHIJ", name: "www.coinestate.io" },
        { account: "999999999999" },
      ),
    says: [
      /^missing dns zone coinestate\.io: Z0123456789ABCDEFGHIJ is no zone of this account.*→ aws route53 list-hosted-zones-by-name --dns-name coinestate\.io; then: pulumi --stack staging config set --path slipway:dns\.zoneId/,
    ],
  },
  {
    title: "zone: the id of another one",
    edits: route53,
    take: (stack) => stack.put("aws:route53/zone:Zone", "Z0123456789ABCDEFGHIJ", { name: "example.com" }),
    says: [/^missing dns zone coinestate\.io: Z0123456789ABCDEFGHIJ is the zone of example\.com/],
  },
  {
    title: "CAA: only somebody else may issue",
    take: (stack) =>
      stack.put("aws:route53/record:Record", "caa", { type: "CAA", name: "coinestate.io", records: ['0 issue "letsencrypt.org"'] }),
    says: [
      /^missing dns certificate of AWS for staging\.coinestate\.io: CAA of coinestate\.io lets only "letsencrypt\.org" issue → add to the records of coinestate\.io: CAA 0 issue "amazon\.com"$/,
      /certificate of AWS for \*\.staging\.coinestate\.io/,
    ],
  },
  {
    title: "CAA: AWS may issue, but no name with a star",
    take: (stack) =>
      stack.put("aws:route53/record:Record", "caa", {
        type: "CAA",
        name: "coinestate.io",
        records: ['0 issue "amazon.com"', '0 issuewild ";"'],
      }),
    says: [
      /^missing dns certificate of AWS for \*\.staging\.coinestate\.io: CAA of coinestate\.io lets only ";" issue → add .*CAA 0 issuewild "amazon\.com"$/,
    ],
  },
  {
    title: "Cloudflare: the token has expired, and what needs it is not asked",
    take: (stack) => stack.putIn("cloudflare", "cloudflare:index/apiToken:ApiToken", { status: "expired" }),
    says: [
      /^missing cloudflare API token: the token is expired → make a token at .*export CLOUDFLARE_API_TOKEN=/,
      /^notAsked dns zone coinestate\.io: not asked before this is good: API token/,
      /^notAsked dns records of the stack's hosts: not asked before/,
      /^notAsked cloudflare right DNS: Edit: not asked before/,
    ],
  },
  {
    title: "Cloudflare: the token may not change records",
    take: (stack) => stack.putIn("cloudflare", "cloudflare:index/apiToken:ApiToken", { status: "active", permissionGroups: ["Zone"] }),
    says: [
      /^notAsked dns records of the stack's hosts: Cloudflare refuses .*Authentication error \(10000\)/,
      /^missing cloudflare right DNS: Edit: Cloudflare refuses .*Authentication error \(10000\) → add DNS: Edit for coinestate\.io to the token/,
    ],
  },
  {
    title: "Cloudflare: the zone is not delegated",
    take: (stack) => stack.putIn("cloudflare", "cloudflare:index/zone:Zone", { name: "coinestate.io", status: "pending" }),
    says: [
      /^missing dns zone coinestate\.io: dns\.zone is pending at Cloudflare: the zone is not delegated to it → at the registrar of coinestate\.io/,
    ],
  },
  {
    title: "dns: the zone has another plan than config believes",
    edits: { ...proxied, "loadBalancer.allowFrom": [] },
    take: (stack) => {
      stack.putIn("cloudflare", "cloudflare:index/zone:Zone", { name: "coinestate.io", plan: "free" });
      stack.putIn("cloudflare", "cloudflare:index/certificatePack:CertificatePack", {
        type: "advanced",
        hosts: ["*.staging.coinestate.io"],
      });
    },
    says: [/^missing dns zone coinestate\.io: edge\.plan is "pro", and the zone has the plan free → pulumi --stack staging config set/],
  },
  {
    title: "Cloudflare: a phase has somebody else's ruleset",
    edits: { ...proxied, "loadBalancer.allowFrom": [] },
    take: (stack) => {
      const ruleset = { zoneId: stack.stack.config.dns.zoneId, kind: "zone", phase: "http_request_late_transform", name: "default" };
      stack.putIn("zones", "cloudflare:index/ruleset:Ruleset", ruleset, "0123456789abcdef0123456789abcdef");
      stack.putIn("cloudflare", "cloudflare:index/certificatePack:CertificatePack", {
        type: "advanced",
        hosts: ["*.staging.coinestate.io"],
      });
    },
    says: [
      /^missing cloudflare rulesets of the zone's phases: edge\.zoneRules is true, and the zone has a ruleset of the phase http_request_late_transform already: "default".* → curl .*rulesets\/0123456789abcdef0123456789abcdef/,
    ],
  },
  {
    title: "certificates: a declared name that no certificate at Cloudflare has",
    edits: { ...proxied, "loadBalancer.allowFrom": [] },
    take: () => {},
    says: [
      /^missing certificates Cloudflare's for api\.staging\.coinestate\.io: none of coinestate\.io, \*\.coinestate\.io covers it: browsers would refuse it → order an advanced certificate/,
      /^missing certificates Cloudflare's for app\.staging\.coinestate\.io/,
    ],
  },
  {
    title: "mail: nobody has confirmed",
    take: (stack) => {
      stack.state({ type: "aws:sns/topic:Topic", id: topic });
      stack.put("aws:sns/topicSubscription:TopicSubscription", "s", {
        topic,
        protocol: "email",
        endpoint: "devops@coinestate.io",
        pendingConfirmation: true,
      });
    },
    says: [
      /^missing people devops@coinestate\.io: 1 of 1 subscriptions wait to be confirmed → open the mail .*aws sns subscribe --region us-east-1 --topic-arn arn:aws:sns:us-east-1:123456789012:topic-P3/,
    ],
  },
  {
    title: "mail: the time to confirm has passed",
    take: (stack) => stack.state({ type: "aws:sns/topic:Topic", id: topic }),
    says: [/^missing people devops@coinestate\.io: no topic tells it/],
  },
  {
    title: "chat: nobody knows whether the workspace is let in",
    edits: slack,
    take: () => {},
    says: [
      /^notAsked people Slack workspace T0123456789: .* → as an administrator of the workspace, once: https:\/\/console\.aws\.amazon\.com\/chatbot/,
    ],
  },
  {
    title: "cluster: the credentials may not make Deployments and routes",
    edits: apiOnCluster,
    take: (stack) =>
      stack.putIn(clusterScope, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", {
        rules: [
          { apiGroups: [""], resources: ["*"] },
          { apiGroups: ["autoscaling", "policy", "networking.k8s.io", "external-secrets.io"], resources: ["*"] },
        ],
      }),
    says: [
      /^missing cluster rights on https:\/\/.*: may not create deployments\.apps, patch deployments\.apps, delete deployments\.apps, create httproutes\.gateway.* watch replicasets\.apps → bind the role .*kubectl auth can-i create deployments\.apps -n coinestate$/,
    ],
  },
  {
    title: "account: the credentials are of another one, and nothing else is asked of it",
    take: () => vi.stubEnv("SLIPWAY_SANDBOX_ACCOUNT", "999999999999"),
    says: [
      /^missing account credentials of 123456789012: The credentials are of account 999999999999, and the stack belongs to 123456789012[\s\S]* → aws sso login, or export AWS_PROFILE=/,
      ...Array.from(
        { length: 11 },
        () => /^notAsked (?:quotas|secrets|images|people) .*: not asked before this is good: credentials of 123456789012/,
      ),
    ],
  },
];

describe("a set-up in which one thing is missing", () => {
  test.each(broken)("$title", async ({ edits = {}, stack = "staging", take, says }) => {
    using examinedStack = await new ExaminedStack(stack, edits).complete();
    take(examinedStack);
    const found = wrong(await examinedStack.lines());
    expect(found).toHaveLength(says.length);
    for (const [index, pattern] of says.entries()) expect(found[index]).toMatch(pattern);
  });
});

const taken: Readonly<Record<string, readonly [Edits, (stack: ExaminedStack) => void]>> = {
  cloudflare: [
    {},
    (stack) =>
      stack.putIn(
        "cloudflare",
        "cloudflare:index/dnsRecord:DnsRecord",
        { name: "app.staging.coinestate.io", type: "CNAME", content: "old.example", zoneId: stack.stack.config.dns.zoneId },
        "record-of-somebody",
      ),
  ],
  "Route 53": [
    route53,
    (stack) =>
      stack.put("aws:route53/record:Record", "somebody", {
        zoneId: "Z0123456789ABCDEFGHIJ",
        name: "app.staging.coinestate.io",
        type: "CNAME",
        records: ["old.example"],
      }),
  ],
};

test("A7 a name that leads elsewhere already is named before an update meets it", async () => {
  for (const [edits, take] of Object.values(taken)) {
    using examinedStack = await new ExaminedStack("staging", edits).complete();
    take(examinedStack);
    expect(wrong(await examinedStack.lines())).toEqual([
      expect.stringMatching(/^missing dns record of app\.staging\.coinestate\.io: CNAME old\.example is there already.* → /),
    ]);
  }
});

test.each([
  ["staging", {}],
  ["staging", { ...route53 }],
  ["staging", apiOnCluster],
  ["clearhold/production", {}],
  ["production", mailOnly],
] as const)("%s with all that it needs has nothing wrong", async (stack, edits) => {
  using examinedStack = await new ExaminedStack(stack, edits).complete();
  const lines = await examinedStack.lines();
  expect(wrong(lines)).toEqual([]);
  expect(lines.length).toBeGreaterThan(12);
});

test("people who have confirmed, and a channel that AWS took, are good", async () => {
  using stack = await new ExaminedStack("staging", slack).complete();
  const channel = { type: "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", outputs: { slackTeamId: "T0123456789" } };
  stack.state({ type: "aws:sns/topic:Topic", id: topic }, channel);
  stack.put("aws:sns/topicSubscription:TopicSubscription", `${topic}:1`, {
    topic,
    protocol: "email",
    endpoint: "devops@coinestate.io",
    pendingConfirmation: false,
  });
  const people = (await stack.lines()).filter(({ area }) => area === "people");
  expect(people.map(({ what, verdict }) => [what, verdict])).toEqual([
    ["devops@coinestate.io", "good"],
    ["Slack workspace T0123456789", "good"],
  ]);
});

test("without a network everything but the tools could not be asked, and nothing is called good", async () => {
  const refused = Object.assign(new Error("queryCaa ECONNREFUSED"), { code: "ECONNREFUSED" });
  vi.spyOn(dns, "resolveCaa").mockRejectedValue(refused);
  for (const [name, value] of Object.entries({
    ...{ AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "test", AWS_MAX_ATTEMPTS: "1" },
    ...{ CLOUDFLARE_BASE_URL: "http://127.0.0.1:9", CLOUDFLARE_API_TOKEN: "token-of-the-test" },
  }))
    vi.stubEnv(name, value);
  const folder = mkdtempSync(join(tmpdir(), "slipway-doctor-state-"));
  try {
    using stack = new ExaminedStack("staging", {}, { kind: "shared", folder, url: `file://${folder}` });
    const lines = await stack.lines();
    expect(lines.filter(({ area }) => area !== "tools").map(({ verdict }) => verdict)).toEqual(lines.slice(2).map(() => "notAsked"));
    expect(lines.find(({ area }) => area === "account")?.found).toContain("Nobody can tell whose the credentials are");
    expect(lines.find(({ what }) => what === "API token")?.found).toContain("Cloudflare does not answer: ");
    expect(lines.find(({ area }) => area === "dns")?.found).toBe(
      "The DNS does not tell about staging.coinestate.io: queryCaa ECONNREFUSED",
    );
    expect(JSON.stringify(lines)).not.toContain("token-of-the-test");
    expect(JSON.stringify(lines)).not.toMatch(/aws sso login|make a token/); // neither would put it right
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);

test("a DNS that knows neither a name nor one above it proves nothing", async () => {
  const nowhere: Dns = { servers: async () => [], caa: async () => undefined };
  await expect(caaFor("*.staging.coinestate.io", nowhere)).rejects.toThrow(
    "The DNS knows neither *.staging.coinestate.io nor a name above it.",
  );
  const apex: Dns = { ...nowhere, caa: async (name) => (name === "coinestate.io" ? [] : undefined) };
  expect(await caaFor("*.staging.coinestate.io", apex)).toEqual({ at: "", records: [] });
});

test("a question that nobody answers ends when its time is over, and others are not kept by it", async () => {
  const never = { area: "quotas", what: "VPCs", ask: () => new Promise<Line[]>(() => {}) } as const;
  const good: Line = { area: "tools", what: "Node.js", found: "v24", verdict: "good" };
  const refused = { area: "dns", what: "zone", ask: () => Promise.reject(new UserError("the DNS is out")) } as const;
  const lines = await examined([never, { area: "tools", what: "Node.js", ask: async () => [good] }, refused], "again", 20);
  expect(lines).toEqual([
    { area: "quotas", what: "VPCs", found: "no answer within 0.02 s", verdict: "notAsked", fix: "again" },
    good,
    { area: "dns", what: "zone", found: "the DNS is out", verdict: "notAsked", fix: "again" },
  ]);
  await expect(examined([{ ...never, ask: () => Promise.reject(new TypeError("a fault")) }], "again")).rejects.toThrow("a fault");
});

test("a report names each thing and what puts it right, and ends with how many are wrong", () => {
  const text = report("staging", [
    { area: "tools", what: "Node.js", found: "v24", verdict: "good" },
    { area: "secrets", what: "/a/b", found: "has no value", verdict: "missing", fix: "slipway secrets set --stack staging /a/b" },
  ]);
  expect(text).toContain("/a/b: has no value");
  expect(text).toContain("→ slipway secrets set --stack staging /a/b");
  expect(text).toContain("staging: 1 of 2 are missing or could not be asked.");
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-doctor-project-"));
  for (const file of configFiles(findProject(root))) copyFileSync(join(root, file), join(folder, file));

  test("ends with 1 when something is missing, and says it as JSON; with 2 for a stack that there is not", async () => {
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    vi.stubEnv("PULUMI_BACKEND_URL", undefined);
    const log = vi.spyOn(console, "log").mockReturnValue();
    expect(await doctor({ stack: "staging", json: true })).toBe(1);
    const told = JSON.parse(String(log.mock.calls[0]?.[0])) as {
      readonly good: boolean;
      readonly stack: string;
      readonly lines: readonly Line[];
    };
    expect([told.stack, told.good]).toEqual(["staging", false]);
    expect(told.lines.filter(({ verdict }) => verdict === "missing").map(({ area }) => area)).toEqual(
      expect.arrayContaining(["images", "secrets"]),
    );
    await expect(doctor({ stack: "stagin" })).rejects.toMatchObject({ exitCode: 2 });
    rmSync(folder, { recursive: true });
  });
});
