/** Functions, queues and events in the live cloud: AWS's own formats, and what AWS refuses. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { checkInputs } from "../../../sandbox/cloud/check.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { differences } from "../../../sandbox/cloud/difference.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder = "";
let cloud: Cloud;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-cloud-"));
  cloud = new Cloud(aws, new LiveStore(folder));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties) => cloud.create({ type, urn: `urn::${type}`, inputs, secrets: [] }, place);

const lambdaFunction = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const queue = "aws:sqs/queue:Queue";
const eventRule = "aws:cloudwatch/eventRule:EventRule";
const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";

const code = (hash: string): Properties => ({ "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", assets: {}, hash });
const role = (service = "lambda.amazonaws.com") =>
  String(
    create("aws:iam/role:Role", { name: "probe", assumeRolePolicy: JSON.stringify({ Principal: { Service: service } }) }).properties.arn,
  );
const allow = (action: string) =>
  create("aws:iam/rolePolicy:RolePolicy", { name: "probe", role: "probe", policy: JSON.stringify({ Action: [action] }) });
const probe = (more: Properties = {}): Properties => ({
  ...{ name: "probe", role: role(), runtime: "nodejs22.x", handler: "index.handler", code: code("a") },
  ...more,
});

const makes = (more: Properties) => () => create(lambdaFunction, probe(more));

describe("formats", () => {
  test("of a function are AWS's own", () => {
    const { id, properties } = create(lambdaFunction, probe());
    expect([id, properties.arn]).toEqual(["probe", "arn:aws:lambda:us-east-1:123456789012:function:probe"]);
    expect(properties.invokeArn).toMatch(/^arn:aws:apigateway:us-east-1:lambda:path\/2015-03-31\/functions\/arn:.*:probe\/invocations$/);
  });

  test("of queues, rules and targets are AWS's own", () => {
    expect(create(queue, { name: "dead" })).toMatchObject({
      id: "https://sqs.us-east-1.amazonaws.com/123456789012/dead",
      properties: { arn: "arn:aws:sqs:us-east-1:123456789012:dead", sqsManagedSseEnabled: true },
    });
    expect(create(eventRule, { name: "tick", scheduleExpression: "rate(1 minute)" }).properties).toMatchObject({
      arn: "arn:aws:events:us-east-1:123456789012:rule/tick",
      state: "ENABLED",
      isEnabled: true,
    });
    expect(create(eventTarget, { rule: "tick", targetId: "probe", arn: "arn:aws:lambda:us-east-1:123456789012:function:probe" }).id).toBe(
      "tick-probe",
    );
  });
});

describe("code", () => {
  const facts = aws.facts(lambdaFunction)!;

  test("is told apart by its hash alone, wherever it was read from", () => {
    const changes = (before: Properties, after: Properties) =>
      differences(facts, { code: before }, { code: before }, { code: after }).map(({ path, replaces }) => [path.join("."), replaces]);
    expect(changes(code("a"), { ...code("a"), path: "/another/machine" })).toEqual([]);
    expect(changes(code("a"), code("b"))).toEqual([["code", false]]);
  });

  test("is an archive, or an image, or an object in a bucket", () => {
    const problems = (inputs: Properties) => checkInputs(facts, { name: "probe", role: "arn:aws:iam::1:role/x", ...inputs });
    expect(problems({ code: code("a") })).toEqual([]);
    expect(problems({ code: { index: "index.mjs" } })[0]?.reason).toMatch(/expected an archive/);
    // The real bridge reads text as the name of a file.
    expect(problems({ code: "index.mjs" })).toEqual([]);
    expect(problems({})[0]?.reason).toMatch(/One of code, imageUri, s3Bucket must be specified/);
  });

  test("that changes is another revision of the same function", () => {
    const wanted = probe();
    const made = create(lambdaFunction, wanted);
    const inputs = { ...wanted, code: code("b") };
    const next = cloud.update(made.id, made.properties, { type: lambdaFunction, urn: "urn::f", inputs, secrets: [] }, place);
    expect([made.properties.codeSha256, next.codeSha256, next.arn]).toEqual(["a", "b", made.properties.arn]);
  });
});

describe("AWS refuses", () => {
  test("a role that Lambda may not take", () => {
    const other = role("ecs-tasks.amazonaws.com");
    expect(() => create(lambdaFunction, { ...code("a"), name: "p", role: other, runtime: "nodejs22.x", handler: "i.h" })).toThrow(
      "cannot be assumed by Lambda",
    );
  });

  test("a function in a network whose role may not make network interfaces yet", () => {
    const vpcId = create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).id;
    const subnetId = create("aws:ec2/subnet:Subnet", { vpcId, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" }).id;
    const group = create("aws:ec2/securityGroup:SecurityGroup", { vpcId, name: "probe" }).id;
    const wanted = probe({ vpcConfig: { subnetIds: [subnetId], securityGroupIds: [group] } });
    expect(() => create(lambdaFunction, wanted)).toThrow("CreateNetworkInterface");
    allow("ec2:CreateNetworkInterface");
    expect(create(lambdaFunction, wanted).id).toBe("probe");
  });

  test.each<[string, () => unknown, string]>([
    ["a function without a handler", makes({ handler: null }), "Runtime and Handler are mandatory"],
    [
      "dead letters that the role may not send",
      makes({ deadLetterConfig: { targetArn: "arn:aws:sqs:us-east-1:123456789012:dead" } }),
      "SendMessage on SQS",
    ],
    [
      "a permission for no function",
      () => create(permission, { function: "gone", action: "a", principal: "p" }),
      "Function not found: gone",
    ],
    ["a target of no rule", () => create(eventTarget, { rule: "gone", arn: "arn:aws:sqs:us-east-1:1:q" }), "Rule gone does not exist"],
    ["a schedule of one minutes", () => create(eventRule, { name: "r", scheduleExpression: "rate(1 minutes)" }), "is not valid"],
    ["cron with five fields", () => create(eventRule, { name: "r", scheduleExpression: "cron(*/5 * * * *)" }), "is not valid"],
    ["a FIFO queue without the suffix", () => create(queue, { name: "dead", fifoQueue: true }), ".fifo"],
  ])("%s", (_, act, says) => expect(act).toThrow(says));

  test("to delete a rule that has targets, and a sixth target", () => {
    const rule = create(eventRule, { name: "tick", scheduleExpression: "cron(0/5 * * * ? *)" });
    const target = (targetId: string) => create(eventTarget, { rule: "tick", targetId, arn: "arn:aws:sqs:us-east-1:1:q" });
    for (const name of ["a", "b", "c", "d", "e"]) target(name);
    expect(() => target("f")).toThrow("exceeds the maximum number allowed: 5");
    expect(() => cloud.delete(eventRule, rule.id, rule.properties, place)).toThrow("since it has targets");
  });

  test("one statement twice on a function, not on two", () => {
    const made = probe();
    for (const name of ["one", "two"]) create(lambdaFunction, { ...made, name });
    const grant = (name: string) => create(permission, { function: name, statementId: "events", action: "a", principal: "p" });
    grant("one");
    grant("two");
    expect(() => grant("one")).toThrow("already exists");
  });
});
