/** `slipway database init`: which databases, where their tasks stand, and how each end is told. */
import { describe, expect, test } from "vitest";
import { runInit } from "../../../ops/database/init.ts";
import { postgresDatabases, type TaskPlace, taskPlace } from "../../../ops/database/places.ts";
import { configOf } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { type Answers, stubbedAws } from "../../harness/stubbedAws.ts";

const config = configOf("bench/production", dataStores);
const name = "coinestate-prod-use1-db-main-init";

describe("databases", () => {
  test("are the PostgreSQL servers, or those that are named", () => {
    expect(postgresDatabases(config, [])).toEqual(["main", "ledger"]);
    expect(postgresDatabases(config, ["ledger", "ledger"])).toEqual(["ledger"]);
    expect(postgresDatabases(configOf("staging"), [])).toEqual([]);
  });

  test("of other engines and unknown ones are refused, all at once", () => {
    const refused = () => postgresDatabases(config, ["main", "contracts", "olympiad", "nowhere"]);
    expect(refused).toThrow(
      "contracts, which is dynamodb; olympiad, which is documentdb; nowhere, which the stack does not have. PostgreSQL databases of the stack: main, ledger.",
    );
  });
});

describe("where a task stands", () => {
  const resource = (type: string, own: string, more: object = {}) => ({ urn: `urn:pulumi:p::s::${type}::${own}`, type, ...more });
  const network = resource("aws:ec2/subnet:Subnet", "coinestate-prod-use1-network-private-us-east-1a", { id: "subnet-a" });
  const whole = [
    resource("aws:ecs/cluster:Cluster", "coinestate-prod-use1-cluster", { outputs: { arn: "arn:cluster" } }),
    resource("aws:ecs/taskDefinition:TaskDefinition", name, { outputs: { arn: "arn:task" } }),
    resource("aws:ec2/securityGroup:SecurityGroup", name, { id: "sg-1" }),
    resource("aws:cloudwatch/logGroup:LogGroup", name, { outputs: { name: "log" } }),
    resource("aws:ec2/subnet:Subnet", "coinestate-prod-use1-network-isolated-us-east-1a", { id: "subnet-i" }),
    network,
    { ...network, id: "subnet-old", delete: true },
  ];

  test("is told by the state, also of an update that failed", () => {
    expect(taskPlace(config, { resources: whole, pendingOperations: [] }, "main", "--stack production")).toEqual(place);
  });

  test("is missing before the ground is there, and the command that makes it is named", () => {
    const state = { resources: whole.slice(0, 1), pendingOperations: [] };
    expect(() => taskPlace(config, state, "main", "--stack production")).toThrow(
      `the state has no task definition, no security group, no log group, no private subnets of ${name}. Make the ground first: slipway up --stack production`,
    );
  });
});

const place: TaskPlace = {
  ...{ database: "main", user: "deedpro_app", databaseName: "deedpro_production", region: "us-east-1", cluster: "arn:cluster" },
  ...{ taskDefinition: "arn:task", subnets: ["subnet-a"], securityGroup: "sg-1", logGroup: "log" },
};

describe("a run", () => {
  const started: Answers = { "ECS.RunTask": { tasks: [{ taskArn: "arn:aws:ecs:us-east-1:123456789012:task/c/abc" }] } };
  const running = { tasks: [{ lastStatus: "RUNNING" }] };
  const ended = (task: object): Answers => ({
    ...started,
    "ECS.DescribeTasks": [running, { tasks: [{ lastStatus: "STOPPED", ...task }] }],
  });
  const waits: number[] = [];
  const run = (answers: Answers) => runInit(stubbedAws(answers).aws, place, async (milliseconds) => waits.push(milliseconds));

  test("is asked for in the private subnets, with the task's own group", async () => {
    const { aws, calls } = stubbedAws(ended({ stopCode: "EssentialContainerExited", containers: [{ exitCode: 0 }] }));
    expect(await runInit(aws, place, async () => undefined)).toBeUndefined();
    const asked = calls.find(({ operation }) => operation === "RunTask")?.input;
    expect(asked).toMatchObject({
      ...{ cluster: "arn:cluster", taskDefinition: "arn:task", launchType: "FARGATE" },
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" } },
    });
    expect(JSON.stringify(asked)).not.toContain("overrides");
  });

  test.each<[string, object, string]>([
    [
      "its container ends with an error",
      { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited", containers: [{ exitCode: 2 }] },
      "main: the application user was not made: Essential container in task exited, exit code 2. Its log: aws logs tail 'log' --region us-east-1 --log-stream-names task/task/abc",
    ],
    [
      "it does not start",
      { stopCode: "TaskFailedToStart", stoppedReason: "CannotPullContainerError: i/o timeout", containers: [{ reason: "no way out" }] },
      "main: the application user was not made: CannotPullContainerError: i/o timeout, no way out.",
    ],
    [
      "ECS tells nothing of a container",
      { stopCode: "EssentialContainerExited", containers: [] },
      "main: the application user was not made",
    ],
    ["somebody stops it", { stopCode: "UserInitiated", stoppedReason: "by hand", containers: [{ exitCode: 0 }] }, "by hand, exit code 0"],
  ])("says that %s", async (_, task, says) => {
    expect(await run(ended(task))).toContain(says);
  });

  test("is waited for, ten minutes at most", async () => {
    waits.length = 0;
    const said = await run({ ...started, "ECS.DescribeTasks": running });
    expect(said).toContain("has not ended after 10 minutes");
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(610_000);
  });

  test("that ECS does not begin is told with ECS's reason", async () => {
    expect(await run({ "ECS.RunTask": { failures: [{ reason: "RESOURCE:FARGATE", detail: "no capacity" }] } })).toBe(
      "main: ECS started no task: RESOURCE:FARGATE: no capacity",
    );
  });
});
