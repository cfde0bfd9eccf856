/** Types that the sandbox has no facts of: taken as they come, told apart from those that are checked, and never a wall. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as kubernetes from "@pulumi/kubernetes";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { aws as awsCloud } from "../../../sandbox/cloud/aws/catalogue.ts";
import type { Catalogue } from "../../../sandbox/cloud/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { kubernetes as kubernetesCloud } from "../../../sandbox/cloud/kubernetes/catalogue.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { Resources } from "../../../sandbox/provider/resources.ts";
import { type Properties, unknown } from "../../../sandbox/provider/values.ts";
import { graphOf } from "../../harness/graph.ts";
import { uncheckedTypes } from "../../harness/uncheckedTypes.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-unchecked-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** One resource of a type on a simulated cloud, by the calls that the engine makes. */
function resource(catalogue: Catalogue, type: string) {
  const resources = new Resources(new Cloud(catalogue, new LiveStore(folder)));
  const urn = `urn:pulumi:test::test::${type}::thing`;
  return {
    check: (inputs: Properties) => resources.check(urn, {}, inputs, new Uint8Array(), place),
    create: (inputs: Properties, preview = false) => resources.create(urn, inputs, place, preview),
    changes: (state: Properties, before: Properties, after: Properties) =>
      resources
        .diff(urn, state, before, after)
        .changes.map(({ path, kind, replaces }) => `${kind} ${path.join(".")}${replaces ? " replaces" : ""}`),
    update: (id: string, state: Properties, inputs: Properties) => resources.update(urn, id, state, inputs, place, false),
    read: (id: string, state: Properties, inputs: Properties) => resources.read(urn, id, state, inputs, place),
    delete: (id: string, state: Properties) => resources.delete(urn, id, state, place),
  };
}

test("an unknown type of AWS takes its inputs as they are, and answers them with an id and an ARN", () => {
  const dashboard = resource(awsCloud, "aws:quicksight/dashboard:Dashboard");
  const inputs = { name: "sales", open: false, rows: [{ size: 1 }] };
  expect(dashboard.check(inputs)).toEqual({ inputs, failures: [] });
  expect(dashboard.create(inputs, true)).toEqual({ id: "", properties: { ...inputs, arn: unknown } });
  const { id, properties } = dashboard.create(inputs);
  expect(properties).toEqual({ ...inputs, id, arn: `arn:aws:quicksight:us-east-1:123456789012:${id}` });
  expect(dashboard.read(id, properties, inputs)).toEqual({ id, inputs, properties });
  expect(dashboard.read(id, {}, {})?.inputs).toMatchObject(inputs);
});

test("two of one name are two, since it is not known what has to differ", () => {
  const policy = resource(awsCloud, "aws:quicksight/dashboard:Dashboard");
  expect(policy.create({ name: "same" }).id).not.toBe(policy.create({ name: "same" }).id);
  expect(policy.create({}).id).toMatch(/^[0-9a-f]{17}$/);
});

test("a change of anything is an update of it, and what was taken away is gone", () => {
  const dashboard = resource(awsCloud, "aws:quicksight/dashboard:Dashboard");
  const before = { name: "sales", note: "a", rows: [{ size: 1 }] };
  const after = { name: "sales", open: false, rows: [{ size: 2 }] };
  const { id, properties } = dashboard.create(before);
  expect(dashboard.changes(properties, before, before)).toEqual([]);
  expect(dashboard.changes(properties, before, after).sort()).toEqual(["add open", "delete note", "update rows.0"]);
  const updated = dashboard.update(id, properties, after);
  expect(updated).toEqual({ ...after, id, arn: properties.arn });
  expect(dashboard.changes(updated, after, after)).toEqual([]);
  dashboard.delete(id, updated);
  expect(dashboard.read(id, updated, after)).toBeUndefined();
});

test("an unknown kind of Kubernetes has the metadata of every kind, and its name replaces", () => {
  const job = resource(kubernetesCloud, "kubernetes:batch/v1:CronJob");
  const named = (name: string, schedule = "@daily") => ({ metadata: { name, namespace: "default" }, spec: { schedule } });
  const { id, properties } = job.create(named("nightly"));
  expect(id).toBe("default/nightly");
  expect(properties.metadata).toMatchObject({ name: "nightly", generation: 1 });
  expect(job.changes(properties, named("nightly"), named("nightly", "@hourly"))).toEqual(["update spec.schedule"]);
  expect(job.changes(properties, named("nightly"), named("hourly"))).toEqual(["update metadata.name replaces"]);
  expect(job.update(id, properties, named("nightly", "@hourly"))).toMatchObject({ metadata: { generation: 2 }, status: {} });
});

test("a unit test's graph holds unknown types beside known ones, and the file names them", async () => {
  const registered = await graphOf(() => {
    const board = new aws.quicksight.Namespace("board", { namespace: "sales" });
    new aws.sns.Topic("told", { displayName: board.arn });
    new cloudflare.Queue("queue", { accountId: "0123", queueName: "orders" });
    new kubernetes.batch.v1.CronJob("nightly", { metadata: { name: "nightly" }, spec: { schedule: "@daily" } as never });
  });
  const topic = registered.find(({ name }) => name === "told");
  expect(topic!.inputs.displayName).toMatch(/^arn:aws:quicksight:us-east-1:123456789012:/);
  expect(uncheckedTypes()).toMatch(/: aws:quicksight\/namespace:Namespace, cloudflare:index\/queue:Queue, kubernetes:batch\/v1:CronJob$/);
  expect(uncheckedTypes()).toBeUndefined();
});
