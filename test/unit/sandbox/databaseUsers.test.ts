/** Users of simulated PostgreSQL servers, and tasks that are run once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answered } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { makeUser, refusedUser } from "../../../sandbox/cloud/aws/databaseUsers.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder: string;
let store: LiveStore;
let cloud: Cloud;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-database-users-"));
  store = new LiveStore(folder);
  cloud = new Cloud(catalogue, store);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties) => cloud.create({ type, urn: `urn::${type}`, inputs, secrets: [] }, place);
const instance = "aws:rds/instance:Instance";
const server = (groups: string[] = []) =>
  create(instance, {
    ...{ identifier: "main", engine: "postgres", instanceClass: "db.t4g.medium", allocatedStorage: 20, username: "slipway", port: 5432 },
    ...{ dbName: "shop", manageMasterUserPassword: true, backupRetentionPeriod: 7, skipFinalSnapshot: true, vpcSecurityGroupIds: groups },
  });
const variables = (values: Readonly<Record<string, string>>) => Object.entries(values).map(([name, value]) => ({ name, value }));
const service = (host: string) => [
  { environment: variables({ MAIN_HOST: host, MAIN_DATABASE: "shop", MAIN_USERNAME: "shop_app", OTHER_HOST: "elsewhere" }) },
];

test("a server refuses a service whose user nobody made, and forgets its users when it goes", () => {
  const { id, properties } = server();
  const host = String(properties.address);
  expect(refusedUser(store, service(host), place.account)).toContain('password authentication failed for user "shop_app"');
  expect(refusedUser(store, service("db.example"), place.account)).toBeUndefined();
  makeUser(store, place.account, "shop_app", "shop");
  expect(refusedUser(store, service(host), place.account)).toBeUndefined();
  cloud.delete(instance, id, properties, place);
  server();
  expect(refusedUser(store, service(String(store.all(instance)[0]!.properties.address)), place.account)).toContain("shop_app");
});

describe("RunTask", () => {
  const group = (name: string, vpcId: string) => create("aws:ec2/securityGroup:SecurityGroup", { name, description: "x", vpcId }).id;
  const run = (admitted: boolean, secrets: object[] = []) => {
    const vpc = create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).id;
    const [own, task] = [group("own", vpc), group("task", vpc)];
    const { properties } = server([own]);
    if (admitted)
      create("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        ...{ securityGroupId: own, referencedSecurityGroupId: task, ipProtocol: "tcp", fromPort: 5432, toPort: 5432 },
      });
    const environment = variables({ PGHOST: String(properties.address), PGDATABASE: "shop", APPLICATION_USER: "shop_app" });
    const definition = create("aws:ecs/taskDefinition:TaskDefinition", {
      ...{ family: "init", requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc", cpu: "256", memory: "512" },
      containerDefinitions: JSON.stringify([{ name: "task", image: "public.ecr.aws/x@sha256:1", essential: true, environment, secrets }]),
    });
    const cluster = create("aws:ecs/cluster:Cluster", { name: "tasks" }).id;
    const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-elsewhere"], securityGroups: [task] } };
    const input = { cluster, taskDefinition: String(definition.properties.arn), launchType: "FARGATE", networkConfiguration };
    const { tasks } = answered("ECS", "RunTask", input, { store, place }) as { tasks: { taskArn: string }[] };
    const asked = { cluster, tasks: tasks.map(({ taskArn }) => taskArn) };
    const [ended] = (answered("ECS", "DescribeTasks", asked, { store, place }) as { tasks: object[] }).tasks;
    return { ended, known: refusedUser(store, service(String(properties.address)), place.account) === undefined };
  };

  test("makes the user where the database lets the task in", () => {
    const { ended, known } = run(true);
    expect(ended).toMatchObject({ lastStatus: "STOPPED", stopCode: "EssentialContainerExited", containers: [{ exitCode: 0 }] });
    expect(known).toBe(true);
  });

  test("ends as psql does where the database lets nobody in", () => {
    const { ended, known } = run(false);
    expect(ended).toMatchObject({ containers: [{ exitCode: 2 }] });
    expect(known).toBe(false);
  });

  test("does not start without its secrets", () => {
    const { ended, known } = run(true, [{ name: "X", valueFrom: "arn:aws:ssm:us-east-1:123456789012:parameter/a/b/c" }]);
    expect(ended).toMatchObject({ stopCode: "TaskFailedToStart", stoppedReason: expect.stringContaining("ResourceInitializationError") });
    expect(known).toBe(false);
  });
});
