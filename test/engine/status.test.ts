/** `slipway status` on the real engine's state and the simulated cloud: what is wrong is in it, and its last line says what to run. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { onCallStatements } from "../../bootstrap/onCall.ts";
import { latchFolder } from "../../components/rollback/latch.ts";
import { Aws } from "../../ops/aws/aws.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { openSession } from "../../ops/engine/commands.ts";
import { readState } from "../../ops/engine/state.ts";
import { Cluster } from "../../ops/kubernetes/cluster.ts";
import { findProject } from "../../ops/project/project.ts";
import { screen } from "../../ops/status/screen.ts";
import { statusOf } from "../../ops/status/status.ts";
import { unreadIn } from "../../ops/status/unread.ts";
import { type Call, serviceError, simulatedAws } from "../../sandbox/aws/simulated.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { allows } from "../harness/iam.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", {
  ...{ ...watchedRelease, ...onlyApi, "autoRollback.web": undefined, uptime: undefined },
  databases: { main: { engine: "dynamodb", partitionKey: { name: "id" } } },
  "backup.plans.main.stores": { databases: ["main"] },
});
const status = (...flags: string[]) => stack.slipway("status", "--stack", "staging", ...flags);

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());

describe("one screen", () => {
  it("N15 says what serves, by what is live, the state and the config, and what to run next", async () => {
    const { stdout } = await status();
    expect(stdout).toMatch(/api +blue +100 +100 +100 +1 of 1 /);
    expect(stdout).toMatch(/ +green +0 +0 +0 +1 of 1 /);
    expect(stdout).toMatch(/\nNext: npx slipway \S.*$/);
  });

  test("the same as JSON, with its exit code", async () => {
    const { stdout, exitCode } = await status("--json");
    const { services, next, exitCode: told } = JSON.parse(stdout);
    expect(services.value.services[0]).toMatchObject({ service: "api", home: "blue", colours: [{ live: 100 }, { live: 0 }] });
    expect([told, exitCode]).toEqual([1, 1]);
    expect(next).toMatch(/^npx slipway /);
  });

  test("an alarm that rings has its page and since when; the lock has its holder", async () => {
    const lock = join(stack.folder, ".slipway/state/.pulumi/locks/organization/slipway/staging");
    mkdirSync(lock, { recursive: true });
    const owner = { pid: 4711, username: "runner", hostname: "runner-1", timestamp: "2026-01-01T00:00:00Z" };
    writeFileSync(join(lock, "a.json"), JSON.stringify(owner));
    const name = "coinestate-staging-use1-api-no-healthy-targets";
    await stack.slipway("sandbox", "alarm", "set", name, "ALARM", "--stack", "staging");
    const { stdout } = await status();
    expect(stdout).toMatch(new RegExp(`P\\d +${name} since 20\\d\\d-.* docs/runbooks/unhealthy-targets.md`));
    expect(stdout).toContain("runner on runner-1 (process 4711) since 2026-01-01 00:00, older than any job may run");
    await stack.slipway("pulumi", "--stack", "staging", "cancel", "--yes");
    await stack.slipway("sandbox", "alarm", "set", name, "OK", "--stack", "staging");
    expect((await status()).stdout).toMatch(/lock +free/);
  });
});

test("the README shows what is really printed: somebody moved traffic, and an alarm rings", async () => {
  const [rule] = stack.live("aws:lb/listenerRule:ListenerRule").filter(({ createdFor }) => createdFor.endsWith("-use1-api"));
  const turn = (weights: readonly number[]) =>
    stack.edit(rule!, ({ actions }) => {
      const [action] = actions as unknown as { forward: { targetGroups: { weight: number }[] } }[];
      for (const [index, weight] of weights.entries()) action!.forward.targetGroups[index]!.weight = weight;
    });
  const alarm = (state: string) =>
    stack.slipway("sandbox", "alarm", "set", "coinestate-staging-use1-api-error-rate-p1", state, "--stack", "staging");
  turn([75, 25]);
  await alarm("ALARM");
  const { stdout } = await status();
  turn([100, 0]);
  await alarm("OK");
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, shown = ""] = /```\n(staging in the simulated cloud[\s\S]*?)\n```/.exec(readme) ?? [];
  // Times, people and what is drawn are others each time; a stack that was made before has no history here.
  const masked = (text: string) =>
    text
      .split("\n")
      .map((line) => (line.startsWith("changes ") ? "changes" : line.trimEnd()))
      .join("\n")
      .replaceAll(/20\d\d-\d\d-\d\d \d\d:\d\d/g, "<time>")
      .replaceAll(/by \S+$/gm, "by <person>")
      .replaceAll(/-[0-9a-f]{7}\b/g, "-<drawn>");
  expect(masked(shown)).toBe(masked(stripVTControlCharacters(stdout)));
});

describe("what somebody did in a console", () => {
  const doorType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const recordType = "cloudflare:index/dnsRecord:DnsRecord";
  const store = () => openLiveStore(join(stack.folder, ".slipway"));

  it("N8 a rule of a security group that no state holds is told with what it opens, and closed by what comes next", async () => {
    const [door] = stack.live(doorType);
    const properties = { ...door!.properties, cidrIpv4: "0.0.0.0/0", securityGroupRuleId: "sgr-0f00d00000000000f" };
    store().put({ ...door!, id: "sgr-0f00d00000000000f", properties });
    const { stdout } = await status();
    expect(stdout).toMatch(/sgr-0f00d00000000000f lets .*0\.0\.0\.0\/0/);
    const next = /\nNext: npx slipway (.*)$/.exec(stdout)?.[1] ?? "";
    expect(next).toContain("sgr-0f00d00000000000f");
    await stack.slipway(...next.replaceAll(/'([^']*)'/g, (_, words: string) => words.replaceAll(" ", "_")).split(" "));
    expect(stack.live(doorType).map(({ id }) => id)).not.toContain("sgr-0f00d00000000000f");
    expect((await status()).stdout).not.toContain("sgr-0f00d00000000000f");
  });

  it("N23 a record that somebody deleted is told, and made again by what comes next", async () => {
    const record = stack.live(recordType).find(({ createdFor }) => createdFor.endsWith("-edge-records-api.staging.coinestate.io"));
    store().delete(record!);
    const { stdout } = await status("--deep");
    expect(stdout).toMatch(/record api\.staging\.coinestate\.io .*gone/);
    expect(stdout).toMatch(/\nNext: npx slipway up --stack staging --refresh$/);
  });
});

describe("what cannot be read is said, and the rest is shown", () => {
  /** What IAM calls services whose clients have another name. */
  const prefixes: Readonly<Record<string, string>> = {
    ...{ ApplicationAutoScaling: "application-autoscaling", ElasticLoadBalancingV2: "elasticloadbalancing" },
  };
  const all = ["services", "alarms", "lock", "holds", "stores", "people", "secrets", "changes"];

  /** The screen where some questions are not answered. @param fate of a question. @default it is answered */
  async function refused(
    fate: (call: Call) => Error | Promise<never> | undefined,
    deep = false,
  ): Promise<{ unread: string[]; screen: string }> {
    const project = findProject(stack.folder);
    const named = { project, name: "staging", file: stack.file, config: resolvedConfig(stack.file), backend: sandboxOf(project) };
    const answer = simulatedAws(openLiveStore(join(stack.folder, ".slipway")), named.config.aws.accountId);
    const aws = new Aws({
      ...{ account: named.config.aws.accountId, region: "us-east-1", cloud: "the simulated cloud" },
      answer: (call) => {
        const met = fate(call);
        if (met instanceof Error) throw met;
        return met ?? answer(call);
      },
    });
    const session = openSession(named);
    const seen = await statusOf({ stack: named, aws, cluster: new Cluster(undefined) }, () => readState(session), deep);
    const unread = unreadIn(seen);
    return { unread, screen: stripVTControlCharacters(screen({ ...seen, unread, complaints: [], findings: [] })) };
  }

  const questions: readonly (readonly [operation: string, says: RegExp, part: string])[] = [
    ["ElasticLoadBalancingV2.DescribeRules", /^api, weights: The rule .* cannot be read/, "services"],
    ["ElasticLoadBalancingV2.DescribeTargetHealth", /^api: who answers in blue could not be read/, "services"],
    ["ECS.DescribeServices", /^api, deployments: The services of api cannot be read/, "services"],
    ["DynamoDB.GetItem", /^api, release record: /, "services"],
    ["CloudWatch.DescribeAlarms", /^alarms: Alarms of us-east-1 cannot be read/, "alarms"],
    ["SSM.GetParameter", /^latch of api: The latch .* cannot be read/, "holds"],
    ["DynamoDB.DescribeTable", /^dynamodb table .* cannot be read/, "stores"],
    ["Backup.ListRecoveryPointsByBackupVault", /^backup of databases-main in us-east-1: The vault/, "stores"],
    ["SNS.ListSubscriptionsByTopic", /^subscriptions of .* in us-east-1: SNS does not tell/, "people"],
    ["SSM.DescribeParameters", /^secret \/coinestate\/staging\/.*: .*It cannot be read/, "secrets"],
  ];
  const named = ({ client, operation }: Call, wanted: string) => `${client}.${operation}` === wanted;

  test.each(questions)("%s: not allowed, or too many questions", async (operation, says) => {
    for (const error of [serviceError("AccessDeniedException", "not allowed"), serviceError("ThrottlingException", "Rate exceeded")]) {
      const { unread, screen: shown } = await refused((call) => (named(call, operation) ? error : undefined));
      expect(
        unread.some((line) => says.test(line)),
        unread.join("\n"),
      ).toBe(true);
      expect(
        unread.every((line) => line.includes(error.name) || /could not be read|does not tell/.test(line)),
        unread.join("\n"),
      ).toBe(true);
      for (const part of all) expect(shown).toMatch(new RegExp(`^${part} `, "m"));
      expect(shown.match(/^\w+ +could not be read$/gm)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });

  test("a question that is never answered holds up nothing but itself", async () => {
    const began = performance.now();
    const looks = questions.map(([operation]) =>
      refused((call) => (named(call, operation) ? new Promise<never>(() => undefined) : undefined)),
    );
    for (const { unread, screen: shown } of await Promise.all(looks)) {
      expect(unread.join("\n")).toMatch(/no answer within|could not be read|does not tell/);
      for (const part of all) expect(shown).toMatch(new RegExp(`^${part} `, "m"));
    }
    expect(performance.now() - began).toBeLessThan(8000);
  });

  test("who is on call may ask all that is asked", async () => {
    const calls = new Set<string>();
    const { unread } = await refused((call) => {
      calls.add(`${call.client}.${call.operation}`);
      return undefined;
    }, true);
    expect(unread).toEqual([]);
    const scope = { accountId: "123456789012", system: "coinestate", environment: "staging", regions: ["us-east-1"] };
    const statements = onCallStatements(scope);
    const own: Readonly<Record<string, string>> = {
      "dynamodb:GetItem": "arn:aws:dynamodb:us-east-1:123456789012:table/coinestate-staging-use1-releases-1a2b3c4",
      "ssm:GetParameter": `arn:aws:ssm:us-east-1:123456789012:parameter${latchFolder(scope)}/api`,
    };
    const asked = [...calls].map((name) => {
      const [client = "", operation = ""] = name.split(".");
      return `${prefixes[client] ?? client.toLowerCase()}:${operation}`;
    });
    expect(asked.length).toBeGreaterThan(15);
    const refusals = asked.filter(
      (action) => !allows(statements, { action, resource: own[action] ?? "arn:aws:any:us-east-1:123456789012:thing" }),
    );
    expect(refusals).toEqual([]);
  });

  test("credentials of another account: what lies in the state's own place is shown, and nothing is asked with them", async () => {
    const calls: string[] = [];
    const { unread, screen: shown } = await refused((call) => {
      calls.push(call.operation);
      return named(call, "STS.GetCallerIdentity") ? serviceError("ExpiredTokenException", "The token has expired") : undefined;
    });
    expect(new Set(calls)).toEqual(new Set(["GetCallerIdentity"]));
    expect(unread.join("\n")).toContain("have expired");
    expect(shown).toMatch(/^lock +free/m);
    expect(shown).toMatch(/^changes +/m);
  });
});
