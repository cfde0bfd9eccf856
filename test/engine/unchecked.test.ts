/** A program with types that the simulated cloud does not know runs on the real engine, and is told which they are. */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { unprotected } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const program = (size: number) => `
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as kubernetes from "@pulumi/kubernetes";

export default async () => {
  const cloud = new aws.Provider("aws", { region: "eu-west-1" });
  const stream = new aws.kinesis.Stream("clicks", { name: "clicks", shardCount: ${size} }, { provider: cloud });
  new aws.sns.Topic("told", { displayName: stream.arn }, { provider: cloud });
  const queue = new cloudflare.Queue("orders", { accountId: "0".repeat(32), queueName: "orders" });
  new cloudflare.DnsRecord("record", { zoneId: "f".repeat(32), name: queue.id, type: "TXT", content: '"a"', ttl: 1 });
  const cluster = new kubernetes.Provider("cluster", { kubeconfig: JSON.stringify({
    apiVersion: "v1", kind: "Config", "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server: "https://cluster.example" } }],
    users: [{ name: "a", user: { token: "a" } }],
  }) });
  const nightly = new kubernetes.batch.v1.CronJob("nightly", {
    metadata: { name: "nightly", namespace: "default", labels: { size: "${size}" } },
    spec: { schedule: "@daily", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [] } } } } },
  }, { provider: cluster });
  return { arn: stream.arn, uid: nightly.metadata.uid };
};
`;
const types = ["aws:kinesis/stream:Stream", "cloudflare:index/queue:Queue", "kubernetes:batch/v1:CronJob"];
const named = [
  "Served unchecked by the simulated cloud, which does not know these types: no input of theirs was checked, and ids and ARNs are made up.",
  ...types.map((type) => `  ${type}`),
  "To have them checked: docs/add-a-resource-type.md",
].join("\n");

const stack = new StackUnderTest("bench/production", unprotected);
const main = join(stack.folder, "program.ts");

beforeAll(() => {
  symlinkSync(join(import.meta.dirname, "..", "..", "node_modules"), join(stack.folder, "node_modules"));
  const file = join(stack.folder, "Pulumi.yaml");
  const project = parseDocument(readFileSync(file, "utf8"));
  project.set("main", main);
  writeFileSync(file, project.toString());
  writeFileSync(main, program(1));
});
afterAll(() => stack.remove());

test("a type that the simulated cloud does not know is previewed, made, changed and destroyed, and named at the end of each run", async () => {
  const command = (name: string, ...flags: string[]) => stack.slipway(name, "--stack", stack.stack, "--non-interactive", ...flags);
  const preview = await command("preview");
  expect(preview).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(named) as unknown });
  const up = await stack.up();
  expect(up, up.stdout).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(named) as unknown });
  const [stream] = stack.live("aws:kinesis/stream:Stream");
  expect(stack.live("aws:sns/topic:Topic")[0]!.properties.displayName).toBe(stream!.properties.arn);
  expect((await stack.preview()).changes).toEqual([]);

  writeFileSync(main, program(2));
  const { changes } = await stack.update();
  // Neither depends on the other: the engine tells of them in the order in which they end.
  const byType = changes.toSorted((a, b) => a.type.localeCompare(b.type));
  expect(byType.map(({ op, type, paths }) => [op, type, paths])).toEqual([
    ["update", "aws:kinesis/stream:Stream", ["shardCount"]],
    ["update", "kubernetes:batch/v1:CronJob", ["metadata.labels.size"]],
  ]);
  expect(await stack.refresh()).toMatchObject({ exitCode: 0 });
  expect((await stack.preview()).changes).toEqual([]);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(stack.live()).toEqual([]);
});
