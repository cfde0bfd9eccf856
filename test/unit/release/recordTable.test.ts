/** The table of release records, by the SDK's own client over the simulated cloud: two writers, one that is killed, one that is late. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { itemPut } from "../../../components/release/item.ts";
import { newRecord, weightsIn } from "../../../components/release/record.ts";
import type { ReleaseRecord } from "../../../components/release/recordContract.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { type Happening, patienceMilliseconds, readReleaseRecord, writeReleaseRecord } from "../../../ops/release/recordTable.ts";
import { type Call, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";

const tableType = "aws:dynamodb/table:Table";
const account = "123456789012";
const place = { region: "us-east-1", table: "shop-prod-use1-releases-1a2b3c4", service: "api" };
const digest = `sha256:${"a".repeat(64)}`;
const moment = { now: new Date("2026-11-30T12:00:00Z"), retainOldMinutes: 60 };
const deployed: Happening = {
  ...{ kind: "deployed", by: "ana", colour: "blue", digest },
  ...{ tasks: { wanted: 2, running: 2 }, revision: { wanted: "api:1", running: "api:1" } },
};
const everything: Happening = { kind: "shareChanged", by: "ana", weights: { blue: 100, green: 0 }, basis: "word" };
const intended: Happening = { kind: "intended", by: "ben", weights: { blue: 95, green: 5 }, basis: "step" };

let folder = "";
let cloud: Cloud;
let aws: Aws;
let table: ReturnType<Cloud["create"]>;

/** The simulated cloud behind the one door. @param before what happens to a call before it is answered */
function door(before: (call: Call) => Promise<void> | void = () => {}): Aws {
  const answer = simulatedAws(cloud.store, account);
  return new Aws({
    ...{ account, region: place.region, cloud: "the simulated cloud" },
    answer: async (call) => {
      await before(call);
      return answer(call);
    },
  });
}

const read = async (): Promise<ReleaseRecord> => {
  const found = await readReleaseRecord(aws, place);
  if (found.answer !== "record") throw new Error(JSON.stringify(found));
  return found.record;
};
const write = (before: ReleaseRecord | undefined, happenings: readonly Happening[], by = aws) =>
  writeReleaseRecord(by, place, before, happenings, "blue", moment);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-record-"));
  cloud = new Cloud(catalogue, new LiveStore(folder));
  const attributes = [{ name: "service", type: "S" }];
  const inputs = { name: place.table, billingMode: "PAY_PER_REQUEST", hashKey: "service", attributes };
  table = cloud.create({ type: tableType, urn: "urn::releases", inputs, secrets: [] }, { account, region: place.region });
  aws = door();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a record is written, read back as it was, and replaced one version after the other", async () => {
  expect(await readReleaseRecord(aws, place)).toEqual({ answer: "absent" });
  const first = await write(undefined, [deployed, everything]);
  expect(first).toMatchObject({ outcome: "changed", record: { version: 1, runs: { blue: digest } } });
  expect(first).toMatchObject({ record: await read() });
  expect(await write(await read(), [intended])).toMatchObject({ outcome: "changed", record: { version: 2, intent: { by: "ben" } } });
  expect(weightsIn(await read())).toEqual({ blue: 100, green: 0 });
  expect(await write(await read(), [intended])).toMatchObject({ outcome: "unchanged" });
});

test("of two writers who read the same version one is told, and what the other wrote stands", async () => {
  await write(undefined, [deployed, everything]);
  const both = await read();
  expect(await write(both, [intended])).toMatchObject({ outcome: "changed" });
  const late = await write(both, [{ kind: "rolledBack", by: "eve", colour: "green", digest, weights: { blue: 100, green: 0 } }]);
  expect(late).toMatchObject({ outcome: "conflict", record: { version: 2, intent: { by: "ben" } } });
  expect(await read()).toMatchObject({ version: 2, intent: { by: "ben" } });
});

test("of two first writers one is told, too", async () => {
  expect(await write(undefined, [deployed])).toMatchObject({ outcome: "changed" });
  expect(await write(undefined, [deployed, everything])).toMatchObject({ outcome: "conflict", record: { version: 1 } });
});

test("a writer that is killed before its write leaves what was there, and the next one goes on from it", async () => {
  await write(undefined, [deployed, everything]);
  const killed = door(({ operation }) => {
    if (operation === "PutItem") throw Object.assign(new Error("socket hang up"), { name: "TimeoutError", $metadata: {} });
  });
  expect(await write(await read(), [intended], killed)).toMatchObject({
    outcome: "unwritten",
    reason: expect.stringContaining("socket hang up"),
  });
  expect(await read()).toMatchObject({ version: 1 });
  expect(await write(await read(), [intended])).toMatchObject({ outcome: "changed", record: { version: 2 } });
});

test("a table that does not answer is given up after a second, in reading and in writing", async () => {
  const record = newRecord({ service: "api", region: place.region, live: "blue" });
  const silent = door(({ client }) => (client === "DynamoDB" ? new Promise<void>(() => {}) : undefined));
  const before = performance.now();
  expect(await readReleaseRecord(silent, place)).toMatchObject({ answer: "unread", reason: expect.stringContaining("1000 ms") });
  expect(await write(record, [deployed], silent)).toMatchObject({ outcome: "unwritten" });
  expect(performance.now() - before).toBeLessThan(4 * patienceMilliseconds);
});

test.each([
  ["is no JSON", { record: { S: "{" } }],
  ["has another form", { record: { S: '{"format": 2}' } }],
  ["has none", {}],
])("an item whose record %s is unread, and is not written over", async (_, attributes) => {
  const key = { service: { S: "api" } };
  const dynamodb = await aws.client("dynamodb", place.region);
  await dynamodb.putItem({ TableName: place.table, Item: { ...key, version: { N: "7" }, ...attributes } });
  expect(await readReleaseRecord(aws, place)).toMatchObject({ answer: "unread" });
  expect(await write(undefined, [deployed])).toMatchObject({ outcome: "conflict", record: undefined });
});

test("the simulated table refuses what DynamoDB refuses", async () => {
  const dynamodb = await aws.client("dynamodb", place.region);
  const record = { ...newRecord({ service: "api", region: place.region, live: "blue" }), version: 1 };
  const put = itemPut(place.table, record);
  await expect(dynamodb.putItem({ ...put, TableName: "other" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(dynamodb.putItem({ ...put, ExpressionAttributeValues: { ":read": { N: "1" } } })).rejects.toMatchObject({
    name: "ValidationException",
  });
  await expect(dynamodb.putItem({ ...put, Item: { record: { S: "{}" } } })).rejects.toMatchObject({ name: "ValidationException" });
  const big = { ...put.Item, record: { S: "x".repeat(410 * 1024) } };
  await expect(dynamodb.putItem({ ...put, Item: big })).rejects.toThrow("Item size has exceeded");
});

test("a table that is deleted takes its items along", async () => {
  await write(undefined, [deployed]);
  cloud.delete(tableType, table.id, table.properties, { account, region: place.region });
  expect(cloud.store.all()).toEqual([]);
});
