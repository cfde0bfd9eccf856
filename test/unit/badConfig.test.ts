/** A table of bad configs: each gives one readable problem that names the key, and a command that mends it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { examine } from "../../infra/config/parse.ts";
import { formatConfigPath } from "../../infra/config/problem.ts";
import { applyFix, type Edits, errorOf, parsePath, rawConfig, sourceOf } from "../harness/config.ts";

interface Case {
  readonly edits: Edits;
  /** Path that the problem names. */
  readonly path: string;
  /** What the message says besides. */
  readonly says: string;
  /** No single command can fix it; a person has to choose. */
  readonly noFix?: true;
  /** The command has a place for a value that only a person knows. */
  readonly choose?: true;
}

/** The secrets that the stack's services read, declared. */
const parameters = Object.fromEntries(
  ["blockchain/private-key", "database/url", "jwt/secret", "kyc-provider/api-key"].map((name) => [
    `/coinestate/prod/${name}`,
    { store: "parameter" },
  ]),
);

const digest = `sha256:${"0".repeat(64)}`;

const cases: readonly Case[] = [
  { edits: { system: undefined }, path: "system", says: "is missing", choose: true },
  { edits: { system: "Coin Estate" }, path: "system", says: 'is "Coin Estate"', choose: true },
  { edits: { environment: "production-environment" }, path: "environment", says: "allowed: short name of the environment", choose: true },
  { edits: { protect: "yes" }, path: "protect", says: "allowed: true or false" },
  { edits: { tags: { "aws:x": "1" } }, path: "tags.aws:x", says: "is not a good name", noFix: true },
  { edits: { aws: undefined }, path: "aws", says: "accountId (required), region (required)", noFix: true },
  { edits: { "aws.accountId": "12345" }, path: "aws.accountId", says: "12 digits in quotes", choose: true },
  { edits: { "aws.accountId": 123456789012 }, path: "aws.accountId", says: "--type string" },
  { edits: { "aws.region": "us-east1" }, path: "aws.region", says: 'is "us-east1"' },
  { edits: { "aws.profile": "admin" }, path: "aws.profile", says: "is not a known key" },
  { edits: { netwrok: {} }, path: "netwrok", says: "did you mean network?" },
  { edits: { "network.cidr": "10.20.0.0/8" }, path: "network.cidr", says: "/16 to /22", choose: true },
  { edits: { "network.cidr": "10.20.0.0" }, path: "network.cidr", says: 'is "10.20.0.0"', choose: true },
  { edits: { "network.zones": ["us-east-1a"] }, path: "network.zones", says: "two or three different availability zones", noFix: true },
  { edits: { "network.zones": ["us-east-1a", "us-east-1b", "us-east-1a"] }, path: "network.zones[2]", says: "which is given before" },
  { edits: { "network.gatewayEndpoints": ["s3", "s3"] }, path: "network.gatewayEndpoints[1]", says: "which is given before" },
  { edits: { "loadBalancer.allowFrom": ["0.0.0.0/0", "0.0.0.0/0"] }, path: "loadBalancer.allowFrom[1]", says: "which is given before" },
  {
    edits: { "services.api.route.hosts": ["api.coinestate.io", "api.coinestate.io"] },
    path: "services.api.route.hosts[1]",
    says: "given before",
  },
  { edits: { "network.zones": ["us-east-1a", "eu-west-1b"] }, path: "network.zones[1]", says: "a zone of us-east-1" },
  { edits: { "network.natGateways": "perzone" }, path: "network.natGateways", says: "did you mean perZone?" },
  { edits: { "network.interfaceEndpoints": ["ecr"] }, path: "network.interfaceEndpoints[0]", says: "one of ecr.api, ecr.dkr" },
  { edits: { "network.flowLogs.retentionDays": 91 }, path: "network.flowLogs.retentionDays", says: "is 91" },
  { edits: { "dns.provider": "cloudfare" }, path: "dns.provider", says: "did you mean cloudflare?" },
  { edits: { "dns.zoneId": "Z123" }, path: "dns.zoneId", says: "32 hexadecimal digits", choose: true },
  { edits: { "loadBalancer.allowFrom": [] }, path: "loadBalancer.allowFrom", says: "nobody else can" },
  { edits: { "loadBalancer.allowFrom": ["everywhere"] }, path: "loadBalancer.allowFrom[0]", says: "CIDR notation", noFix: true },
  { edits: { "loadBalancer.idleTimeoutSeconds": 5000 }, path: "loadBalancer.idleTimeoutSeconds", says: "an integer from 1 to 4000" },
  {
    edits: { "loadBalancer.certificate.domain": "Coinestate.io" },
    path: "loadBalancer.certificate.domain",
    says: 'is "Coinestate.io"',
    choose: true,
  },
  { edits: { "loadBalancer.candidateHeader": "X Canary" }, path: "loadBalancer.candidateHeader", says: "request header" },
  {
    edits: { "registry.repositories.coinestate-api.keepImages": 1 },
    path: "registry.repositories.coinestate-api.keepImages",
    says: "an integer from 2 to 1000",
  },
  {
    edits: { "registry.repositories": { "coinestate-api": {}, "coinestate-web": {}, "Coin Estate": {} } },
    path: 'registry.repositories["Coin Estate"]',
    says: "is not a good name",
    noFix: true,
  },
  { edits: { "logs.retentionDays": "ninety" }, path: "logs.retentionDays", says: 'is "ninety"' },
  { edits: { "rollout.strategy": "bluegreen" }, path: "rollout.strategy", says: "did you mean blueGreen?" },
  { edits: { "rollout.steps": [{ weight: 50, bakeMinutes: 10 }] }, path: "rollout.steps", says: "the last one 100", noFix: true },
  {
    edits: {
      "rollout.steps": [
        { weight: 50, bakeMinutes: 10 },
        { weight: 25, bakeMinutes: 10 },
        { weight: 100, bakeMinutes: 10 },
      ],
    },
    path: "rollout.steps",
    says: "rising order",
    noFix: true,
  },
  { edits: { services: {} }, path: "services", says: "services by name", noFix: true },
  {
    edits: { "services.a-service-whose-name-is-longer-than-forty": rawConfig("bench/production").services },
    path: "services.a-service-whose-name-is-longer-than-forty",
    says: "at most 40 characters",
    noFix: true,
  },
  { edits: { "services.api.port": 70_000 }, path: "services.api.port", says: "an integer from 1 to 65535" },
  { edits: { "services.api.port": "3000" }, path: "services.api.port", says: 'is "3000"' },
  { edits: { "services.api.cpu": 1000 }, path: "services.api.cpu", says: "one of 256, 512, 1024" },
  { edits: { "services.api.memory": 1024 }, path: "services.api.memory", says: "what Fargate offers with 1024 CPU units" },
  { edits: { "services.api.user": "root" }, path: "services.api.user", says: "never root" },
  { edits: { "services.api.user": "0:0" }, path: "services.api.user", says: "never root" },
  { edits: { "services.api.repository": "somebody-elses" }, path: "services.api.repository", says: "not among registry.repositories" },
  { edits: { "registry.from": { accountId: "210987654321" } }, path: "registry.from", says: "is given beside registry.repositories" },
  {
    edits: { "registry.repositories": {}, "registry.pullAccounts": ["210987654321"], "registry.from": { accountId: "123456789012" } },
    path: "registry.pullAccounts",
    says: "who owns the repositories says who may pull",
  },
  { edits: { "registry.pullAccounts": ["2109"] }, path: "registry.pullAccounts[0]", says: "12 digits", noFix: true },
  {
    edits: { "services.api.route.priority": 200, "services.web.route.priority": 200 },
    path: "services.web.route.priority",
    says: "as for api",
  },
  {
    edits: { "services.api.route.hosts": ["api.x.coinestate.io"] },
    path: "services.api.route.hosts[0]",
    says: "the certificate does not cover",
  },
  {
    edits: { "services.web.route.paths": ["/a", "/b", "/c", "/d"] },
    path: "services.web.route",
    says: "at most four hosts and paths",
    noFix: true,
  },
  { edits: { "services.api.route.paths": ["api"] }, path: "services.api.route.paths[0]", says: "starts with a slash" },
  { edits: { "services.api.healthCheck.path": "health" }, path: "services.api.healthCheck.path", says: "path that answers 200" },
  {
    edits: { "services.api.healthCheck.timeoutSeconds": 10 },
    path: "services.api.healthCheck.timeoutSeconds",
    says: "not less than the interval",
  },
  { edits: { "services.api.kind": "wbe" }, path: "services.api.kind", says: "did you mean web?" },
  { edits: { "services.api.scaling.maximum": 1 }, path: "services.api.scaling.maximum", says: "below the minimum 2" },
  { edits: { "services.api.secrets.JWT_SECRET": "hunter2" }, path: "services.api.secrets.JWT_SECRET", says: "never the value" },
  { edits: { "services.api.environment.1X": "a" }, path: "services.api.environment.1X", says: "is not a good name", noFix: true },
  {
    edits: { "services.api.release.candidateWeight": 101 },
    path: "services.api.release.candidateWeight",
    says: "an integer from 0 to 100",
  },
  { edits: { "services.api.release.candidateWeight": -1 }, path: "services.api.release.candidateWeight", says: "an integer from 0 to 100" },
  { edits: { "services.api.release.candidateWeight": 2.5 }, path: "services.api.release.candidateWeight", says: "is 2.5" },
  { edits: { "services.api.release.candidateWeight": "25%" }, path: "services.api.release.candidateWeight", says: 'is "25%"' },
  { edits: { "services.api.release.live": "red" }, path: "services.api.release.live", says: "one of blue, green", choose: true },
  { edits: { "services.api.release.candidateWeight": "5" }, path: "services.api.release.candidateWeight", says: "' 5" },
  { edits: { "services.api.release.candidateWieght": 50 }, path: "services.api.release.candidateWieght", says: "candidateWeight" },
  { edits: { "network.cidr": "10.20.5.0/16" }, path: "network.cidr", says: "from its network address", choose: true },
  { edits: { "network.cidr": "8.8.0.0/16" }, path: "network.cidr", says: "private address block", choose: true },
  { edits: { "aws.region": "us-gov-west-1" }, path: "aws.region", says: 'is "us-gov-west-1"', noFix: true },
  {
    edits: { "network.natGateways": "none", "network.interfaceEndpoints": ["ecr.api", "ecr.dkr", "ssm"] },
    path: "network.interfaceEndpoints",
    says: "has no logs, and there is no NAT gateway",
  },
  {
    edits: { "services.api.egress": { amqps: { port: 5671, cidr: "10.30.0.0/16" } } },
    path: "services.api.egress",
    says: "has no rule for port 443 to public addresses",
  },
  {
    edits: { "services.api.egress": { https: { port: 443, cidr: "10.30.0.0/16" } } },
    path: "services.api.egress",
    says: "tasks could not start",
  },
  { edits: { "services.api.egress": {} }, path: "services.api.egress", says: "the list is whole" },
  {
    edits: {
      "network.natGateways": "none",
      "network.interfaceEndpoints": ["ecr.api", "ecr.dkr", "logs", "ssm"],
      secrets: { ...parameters, "/coinestate/prod/jwt/secret": { store: "secretsManager" } },
    },
    path: "network.interfaceEndpoints",
    says: "has no secretsmanager, and there is no NAT gateway",
  },
  {
    edits: { "loadBalancer.certificate.alternativeNames": ["*.coinestate.io", "foo.other.org"] },
    path: "loadBalancer.certificate.alternativeNames[1]",
    says: "outside the zone",
    noFix: true,
  },
  { edits: { "loadBalancer.candidateHeader": "host" }, path: "loadBalancer.candidateHeader", says: "beginning with x-" },
  { edits: { "loadBalancer.allowFrom": ["::/0"] }, path: "loadBalancer.allowFrom[0]", says: "IPv4 block", choose: true },
  { edits: { "services.api.environment.JWT_SECRET": "x" }, path: "services.api.environment.JWT_SECRET", says: "among the secrets as well" },
  {
    edits: { "services.api.writablePaths": ["/var/lib", "/var-lib"] },
    path: "services.api.writablePaths[1]",
    says: "volume would have the name",
    noFix: true,
  },
  { edits: { "services.api.healthCheck.matcher": "999" }, path: "services.api.healthCheck.matcher", says: "from 200 to 499" },
  {
    edits: { "services.api.secrets.JWT_SECRET": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-AbCdEf" },
    path: "services.api.secrets.JWT_SECRET",
    says: "is in eu-west-1",
    noFix: true,
  },
  {
    edits: { "services.web.route.hosts": ["api.coinestate.io"], "services.web.route.paths": [] },
    path: "services.web.route.hosts[0]",
    says: "which api has with the same path",
    noFix: true,
  },
  { edits: { constructor: {} }, path: "constructor", says: "is not a known key" },
  { edits: { "services.api.release.blue.image": "latest" }, path: "services.api.release.blue.image", says: "64 hexadecimal digits" },
  {
    edits: { "services.api.release.green.image": undefined, "services.api.release.candidateWeight": 5 },
    path: "services.api.release.green.image",
    says: "green has 5 % of the traffic",
  },
  {
    edits: { "services.api.release.green.capacity": "zero", "services.api.release.candidateWeight": 5 },
    path: "services.api.release.green.capacity",
    says: "green has 5 % of the traffic",
  },
  {
    edits: { "services.api.release.blue.capacity": "zero" },
    path: "services.api.release.blue.capacity",
    says: "blue has 100 % of the traffic",
  },
  {
    edits: { "services.api.release.blue.minimumTasks": 50 },
    path: "services.api.release.blue.minimumTasks",
    says: "outside the service's 2 to 12 tasks",
  },
  {
    edits: { "services.api.release.stickinessSeconds": 90_000 },
    path: "services.api.release.stickinessSeconds",
    says: "longer than the smallest bake",
  },
  { edits: { "services.api.release.candidate": { image: digest } }, path: "services.api.release.candidate", says: "is not a known key" },
  { edits: { "services.api.retension": 3 }, path: "services.api.retension", says: "is not a known key" },
];

describe("bad config", () => {
  test("the table has more than forty cases", () => expect(cases.length).toBeGreaterThan(40));

  test.each(cases)("$path: $says", ({ edits, path, says, noFix, choose }) => {
    const raw = rawConfig("bench/production", edits);
    const { problems } = examine(raw);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    const error = errorOf(raw);
    expect(error).toContain("Pulumi.production.yaml has 1 problem:");
    expect(error).toContain(`slipway:${path}`);
    expect(error).toContain(says);
    if (noFix) return;
    expect(error).toContain("fix:     pulumi config ");
    const commands = [...error.matchAll(/pulumi config (?:set|rm) --stack production( --config-file base\.yaml)? --path ('[^']+'|\S+)/g)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [command, inBase, word = ""] of commands)
      expect(inBase !== undefined, command).toBe(isOfBase(word.replaceAll(/'|slipway:/g, ""), path));
    if (choose ?? problems[0]!.choose) {
      expect(error).toContain(`--path 'slipway:${path}' VALUE   # with a value of yours`);
      expect(problems[0]!.fix).toBeUndefined();
      return;
    }
    applyFix(raw, problems[0]!.fix!);
    expect(examine(raw).problems).toEqual([]);
  });
});

test("names that the guides use as stand-ins are refused wherever they are", () => {
  const error = errorOf(rawConfig("bench/production", { "dns.zone": "yourdomain.com" }));
  expect(error).toMatch(/slipway:dns\.zone +is "yourdomain\.com", a placeholder that belongs to somebody else/);
});

/** Text of a file of the project. */
function projectFile(name: string): string {
  return readFileSync(join(sourceOf("bench/production").folder, name), "utf8");
}

/** Whether a file has a path, or the list that it is an element of. */
function holds(file: string, path: string): boolean {
  const { config } = parseYaml(projectFile(file)) as { config: unknown };
  const [area, ...rest] = parsePath(path);
  const value = [`slipway:${area}`, ...rest].reduce(
    (at, part) => (Array.isArray(at) ? at : (at as Record<string, unknown> | undefined)?.[part]),
    config,
  );
  return value !== undefined;
}

/** Whether a command on a path has to be about the base: the stack file has nothing there, and the base has; so for what neither has. */
function isOfBase(path: string, problem: string): boolean {
  if (holds("Pulumi.production.yaml", path)) return false;
  return holds("base.yaml", path) || (path !== problem && isOfBase(problem, problem));
}

/** First line of a file that holds the text. */
function lineWith(text: string, file = "Pulumi.production.yaml"): number {
  return (
    projectFile(file)
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe("several problems", () => {
  test("are all told at once, in the order of the file, each with its line", () => {
    const raw = rawConfig("bench/production", {
      "services.api.release.candidateWeight": 250,
      "network.natGateways": "perzone",
      "aws.region": undefined,
    });
    const error = errorOf(raw);
    expect(error).toContain("has 3 problems:");
    const lines = [...error.matchAll(/^ {2}(base\.yaml )?line (\d+) +slipway:(\S+)/gm)].map(([, base, line, path]) => [
      base,
      Number(line),
      path,
    ]);
    expect(lines).toEqual([
      [undefined, lineWith("natGateways:"), "network.natGateways"],
      [undefined, lineWith("candidateWeight:"), "services.api.release.candidateWeight"],
      ["base.yaml ", lineWith("region:", "base.yaml"), "aws.region"],
    ]);
  });

  test("rules between areas speak although another area is broken", () => {
    const { problems } = examine(rawConfig("bench/production", { "network.cidr": "nonsense", "services.api.scaling.maximum": 1 }));
    expect(problems.map(({ path }) => formatConfigPath(path)).sort()).toEqual(["network.cidr", "services.api.scaling.maximum"]);
  });

  test("rules between areas speak although fields of one area break a rule together", () => {
    const edits = {
      "services.api.healthCheck.intervalSeconds": 5,
      "services.api.healthCheck.timeoutSeconds": 9,
      "services.api.repository": "nowhere",
    };
    const { problems } = examine(rawConfig("bench/production", edits));
    expect(problems.map(({ path }) => formatConfigPath(path)).sort()).toEqual([
      "services.api.healthCheck.timeoutSeconds",
      "services.api.repository",
    ]);
  });

  test("a secret value is never printed", () => {
    const raw = rawConfig("bench/production", { system: "s3cr3t value" });
    const { problems } = examine(raw, { secretKeys: new Set(["system"]) });
    expect(JSON.stringify(problems)).not.toContain("s3cr3t");
    expect(problems[0]!.found).toBe("is [secret]");
  });
});
