/** The one door to AWS: who asks is checked first, simulated AWS answers the SDK's own clients, and what fails is said in one sentence. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
import { UserError } from "../../../ops/userError.ts";
import { type Api, serveApi } from "../../../sandbox/api/server.ts";
import { type Call, serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";

const account = "123456789012";
const region = "us-east-1";
const arn = (name: string) => `arn:aws:elasticloadbalancing:${region}:${account}:${name}`;

/** Nothing of the person's own credentials, and no way to others. */
function withoutCredentials(): void {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"])
    vi.stubEnv(name, undefined);
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) vi.stubEnv(name, "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
}

beforeEach(withoutCredentials);
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("whose credentials they are", () => {
  const asking = (owner: string) => {
    const calls: Call[] = [];
    const answer = (call: Call) => {
      calls.push(call);
      return call.client === "STS" ? { Account: owner, Arn: `arn:aws:iam::${owner}:user/me` } : {};
    };
    return { calls, aws: new Aws({ account, region, cloud: "the simulated cloud", answer }) };
  };

  test("is asked once, before the first client is handed out, whatever is asked then", async () => {
    const { aws, calls } = asking(account);
    const [first, second] = await Promise.all([aws.client("ssm", "eu-west-1"), aws.client("elbv2", region)]);
    await first.getParameter({ Name: "/a" });
    await second.describeRules({ RuleArns: ["r"] });
    expect(await aws.identity()).toEqual({ arn: `arn:aws:iam::${account}:user/me` });
    expect(calls.map(({ client, operation, region: where }) => `${client}.${operation} ${where}`)).toEqual([
      "STS.GetCallerIdentity us-east-1",
      "SSM.GetParameter eu-west-1",
      "ElasticLoadBalancingV2.DescribeRules us-east-1",
    ]);
  });

  test("of another account: refused, and nothing is read or written", async () => {
    const { aws, calls } = asking("999999999999");
    await expect(aws.client("ssm", region)).rejects.toThrow(
      "of account 999999999999, and the stack belongs to 123456789012. Nothing was read or changed.",
    );
    await expect(aws.client("ssm", region)).rejects.toMatchObject({ exitCode: 2 });
    expect(calls).toHaveLength(1);
  });
});

describe("credentials that do not work are one sentence with what to run", () => {
  const refused = async (error?: Error) => {
    const answer = () => Promise.reject(error);
    const aws = new Aws({ account, region, cloud: `AWS account ${account}`, ...(error === undefined ? {} : { answer }) });
    const thrown: unknown = await aws.client("ssm", region).catch((one: unknown) => one);
    expect(thrown).toBeInstanceOf(UserError);
    expect((thrown as UserError).exitCode).toBe(2);
    return (thrown as UserError).message;
  };

  test("none at all, by the SDK's own chain", async () => {
    const message = await refused();
    expect(message).toContain(`There are no credentials for AWS account ${account}: Could not load credentials from any providers. Run: `);
    expect(message).toMatch(/Run: aws sso login, or choose a profile that works: export AWS_PROFILE=<profile>$/);
  });

  test("a token's file that is not there, and a network that is not there, are no faults of the program", async () => {
    const system = Object.assign(new Error("ENOENT: no such file or directory, open '/token'"), { syscall: "open", code: "ENOENT" });
    const aws = new Aws({ account, region, cloud: `AWS account ${account}`, answer: () => Promise.reject(system) });
    await expect(aws.client("ssm", region)).rejects.toThrow(
      `Nobody can tell whose the credentials are in AWS account ${account}: Error: ENOENT`,
    );
    await expect(aws.client("ssm", region)).rejects.toBeInstanceOf(UserError);
  });

  test.each(["ExpiredToken", "ExpiredTokenException"])("%s", async (name) => {
    vi.stubEnv("AWS_PROFILE", "production");
    expect(await refused(serviceError(name, "The security token included in the request is expired"))).toMatch(
      /^The credentials for .* have expired\..* Run: aws sso login --profile production$/,
    );
  });

  test("a session of SSO that is over", async () => {
    const error = Object.assign(new Error("Token is expired. To refresh this SSO session run 'aws sso login'"), {
      name: "TokenProviderError",
      tryNextLink: false,
    });
    expect(await refused(error)).toContain("have expired");
  });

  test("a key that AWS does not know", async () => {
    expect(await refused(serviceError("InvalidClientTokenId", "The security token included in the request is invalid."))).toContain(
      "AWS does not know the credentials",
    );
  });
});

test("a refusal says what could not be done, in which cloud, and why; an error of the program stays itself", () => {
  const refusal = new Aws({ account, region, cloud: `AWS account ${account}` }).refusal(
    serviceError("AccessDeniedException", "not allowed"),
    "The latch /a cannot be read",
  );
  expect(refusal).toMatchObject({
    message: `The latch /a cannot be read in AWS account ${account}: AccessDeniedException: not allowed`,
    exitCode: 1,
  });
  const own = new TypeError("undefined is not a function");
  expect(new Aws({ account, region, cloud: `AWS account ${account}` }).refusal(own, "x")).toBe(own);
});

describe("the simulated cloud", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-door-"));
  const store = openLiveStore(folder);
  let api: Api;
  const scope = `${account}/${region}`;
  const put = (type: string, id: string, properties: Properties) => store.put({ type, id, scope, properties, createdFor: "" });
  const forward = (...groups: readonly [string, number][]): Properties => ({
    type: "forward",
    order: 1,
    forward: { targetGroups: groups.map(([group, weight]) => ({ arn: arn(group), weight })) },
  });
  beforeAll(async () => {
    for (const colour of ["blue", "green"]) {
      put("aws:lb/targetGroup:TargetGroup", arn(colour), { name: colour });
      const loadBalancers = [{ targetGroupArn: arn(colour), containerName: "app", containerPort: 3000 }];
      const tasks = {
        desiredCount: colour === "blue" ? 2 : 0,
        cluster: "arn:cluster",
        taskDefinition: `arn:task/${colour}:1`,
        loadBalancers,
      };
      put("aws:ecs/service:Service", `arn:service/${colour}`, { name: colour, ...tasks });
    }
    put("aws:ecs/cluster:Cluster", "arn:cluster", { name: "main" });
    put("aws:lb/listener:Listener", arn("listener"), {});
    const conditions = [{ hostHeader: { values: ["api.example.com"] } }, { queryStrings: [{ key: "v", value: "2" }] }];
    put("aws:lb/listenerRule:ListenerRule", arn("rule"), {
      ...{ listenerArn: arn("listener"), priority: 100, conditions },
      actions: [forward(["blue", 95], ["green", 5])],
    });
    put("aws:lb/listenerRule:ListenerRule", arn("single"), {
      listenerArn: arn("listener"),
      priority: 200,
      actions: [forward(["blue", 1])],
    });
    api = await serveApi({ store, account });
  });
  afterAll(() => {
    api.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const simulated = () => new Aws({ account, region, cloud: "the simulated cloud", answer: simulatedAws(store, account) });
  /** The same door on a real network, with AWS's own protocol: only the address is another. */
  const overNetwork = () => {
    vi.stubEnv("AWS_ENDPOINT_URL", api.url);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    return new Aws({ account, region, cloud: `AWS account ${account}` });
  };

  test.each([
    ["in this process", simulated],
    ["over AWS's protocol", overNetwork],
  ])("answers the SDK's clients, %s", async (_, door) => {
    const aws = door();
    const elb = await aws.client("elbv2", region);
    const { Rules } = await elb.describeRules({ RuleArns: [arn("rule"), arn("single")] });
    expect(Rules).toMatchObject([
      {
        RuleArn: arn("rule"),
        Priority: "100",
        IsDefault: false,
        Conditions: [
          { Field: "host-header", HostHeaderConfig: { Values: ["api.example.com"] } },
          { Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }] } },
        ],
        Actions: [
          {
            Type: "forward",
            Order: 1,
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: arn("blue"), Weight: 95 },
                { TargetGroupArn: arn("green"), Weight: 5 },
              ],
              TargetGroupStickinessConfig: { Enabled: false },
            },
          },
        ],
      },
      { Actions: [{ TargetGroupArn: arn("blue"), ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn("blue"), Weight: 1 }] } }] },
    ]);
    const { TargetHealthDescriptions } = await elb.describeTargetHealth({ TargetGroupArn: arn("blue") });
    expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(["healthy", "healthy"]);
    await expect(elb.describeRules({ RuleArns: [arn("gone")] })).rejects.toMatchObject({
      name: "RuleNotFoundException",
      $fault: "client",
    });
    expect((await aws.identity()).arn).toMatch(new RegExp(`^arn:aws:iam::${account}:user/`));
  });

  test.each([
    ["in this process", simulated],
    ["over AWS's protocol", overNetwork],
  ])("takes weights, and refuses those that AWS refuses, %s", async (_, door) => {
    const elb = await door().client("elbv2", region);
    const move = (blue: number, green: number, sticky = false) =>
      elb.modifyRule({
        RuleArn: arn("rule"),
        Actions: [
          {
            Type: "forward",
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: arn("blue"), Weight: blue },
                { TargetGroupArn: arn("green"), Weight: green },
              ],
              TargetGroupStickinessConfig: sticky ? { Enabled: true, DurationSeconds: 60 } : { Enabled: false },
            },
          },
        ],
      });
    const forwards = async () => (await elb.describeRules({ RuleArns: [arn("rule")] })).Rules?.[0]?.Actions?.[0]?.ForwardConfig;
    await move(0, 100, true);
    expect((await forwards())?.TargetGroups?.map(({ Weight }) => Weight)).toEqual([0, 100]);
    expect((await forwards())?.TargetGroupStickinessConfig).toEqual({ Enabled: true, DurationSeconds: 60 });
    await expect(move(1000, 0)).rejects.toMatchObject({ name: "ValidationError" });
    await move(95, 5);
    expect((await forwards())?.TargetGroups?.map(({ Weight }) => Weight)).toEqual([95, 5]);
    expect((await forwards())?.TargetGroupStickinessConfig).toEqual({ Enabled: false });
  });

  test("gives lists by pages", async () => {
    const elb = await simulated().client("elbv2", region);
    const pages: (string | undefined)[][] = [];
    for await (const { Rules = [] } of elb.paginateDescribeRules({ ListenerArn: arn("listener"), PageSize: 1 }))
      pages.push(Rules.map(({ RuleArn }) => RuleArn));
    expect(pages).toEqual([[arn("rule")], [arn("single")]]);
  });

  test("tells services and their tasks, and those that are not there", async () => {
    const ecs = await simulated().client("ecs", region);
    const { services, failures } = await ecs.describeServices({ cluster: "main", services: ["blue", "gone"] });
    expect(services).toMatchObject([{ serviceName: "blue", desiredCount: 2, runningCount: 2, taskDefinition: "arn:task/blue:1" }]);
    expect(failures).toEqual([{ arn: `arn:aws:ecs:${region}:${account}:service/main/gone`, reason: "MISSING" }]);
    await expect(ecs.describeServices({ cluster: "other", services: ["blue"] })).rejects.toMatchObject({
      name: "ClusterNotFoundException",
    });
  });

  test("names an operation that it does not know", async () => {
    const elb = await simulated().client("elbv2", region);
    await expect(elb.describeSSLPolicies({})).rejects.toThrow(
      "the simulated cloud does not answer ElasticLoadBalancingV2.DescribeSSLPolicies",
    );
  });
});

test("the door loads no client until one is asked for", () => {
  const script = `await import("./ops/aws/open.ts"); const { Module } = await import("node:module"); console.log(Object.keys(Module._cache).filter((file) => /@aws-sdk|@smithy/.test(file)).length);`;
  const root = join(import.meta.dirname, "../../..");
  expect(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" }).trim()).toBe("0");
});
