/** Latches as the commands read and write them: in an account and in the simulated cloud, by the same calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { itemPut } from "../../../components/release/item.ts";
import { changed, entryOf, newRecord, type ReleaseEvent } from "../../../components/release/record.ts";
import type { ReleaseRecord } from "../../../components/release/recordContract.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { openDigests } from "../../../ops/rollback/acknowledge.ts";
import { readLatch, writeLatch } from "../../../ops/rollback/latches.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const place = { region: "eu-west-1", name: "/slipway/coinestate/prod/rollback/api" };

test("a latch is read and written in its own region, and who asks is checked once", async () => {
  const { aws, calls } = stubbedAws({ "SSM.GetParameter": { Parameter: { Value: "{}" } }, "SSM.PutParameter": {} });
  expect(await readLatch(aws, place)).toBe("{}");
  await writeLatch(aws, place, "clear");
  expect(asked(calls)).toEqual(["STS.GetCallerIdentity", "SSM.GetParameter", "SSM.PutParameter"]);
  expect(calls.slice(1).map(({ region, input }) => [region, input])).toEqual([
    ["eu-west-1", { Name: place.name }],
    ["eu-west-1", { Name: place.name, Type: "String", Overwrite: true, Value: "clear" }],
  ]);
});

test("a parameter that is not there is no latch; one that may not be read or written says so", async () => {
  const { aws } = stubbedAws({ "SSM.GetParameter": serviceError("ParameterNotFound", place.name) });
  expect(await readLatch(aws, place)).toBeUndefined();
  await expect(readLatch(stubbedAws({}).aws, place)).rejects.toThrow(
    `The latch ${place.name} cannot be read in the simulated cloud: AccessDenied`,
  );
  await expect(writeLatch(aws, place, "x")).rejects.toThrow(`The latch ${place.name} cannot be written`);
});

test("credentials of another account read and write nothing", async () => {
  const { aws, calls } = stubbedAws({}, "999999999999");
  await expect(readLatch(aws, place)).rejects.toThrow("Nothing was read or changed");
  await expect(writeLatch(aws, place, "x")).rejects.toThrow("Nothing was read or changed");
  expect(asked(calls)).toEqual(["STS.GetCallerIdentity"]);
});

test("the simulated cloud keeps what is written, and its versions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-latch-"));
  try {
    const aws = new Aws({
      account,
      region: "us-east-1",
      cloud: "the simulated cloud",
      answer: simulatedAws(openLiveStore(folder), account),
    });
    expect(await readLatch(aws, place)).toBeUndefined();
    await writeLatch(aws, place, "one");
    await writeLatch(aws, place, "two");
    expect(await readLatch(aws, place)).toBe("two");
    const ssm = await aws.client("ssm", place.region);
    expect((await ssm.getParameter({ Name: place.name })).Parameter).toMatchObject({ Type: "String", Version: 2 });
    await expect(ssm.putParameter({ Name: place.name, Value: "three" })).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    expect(await readLatch(aws, { ...place, region: "us-east-1" })).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
const moment = { now: new Date("2026-11-30T12:00:00Z"), retainOldMinutes: 60 };
const at = { region: "eu-west-1", table: "releases", service: "api" };
const word = { by: "jo", reason: "the database was slow" };

/** Green ran one digest that was rolled back, and runs another that was, too. */
function barred(): ReleaseRecord {
  const ran = { tasks: { wanted: 2, running: 2 }, revision: { wanted: "api:1", running: "api:1" } };
  const away = { blue: 100, green: 0 };
  return ["a", "b"].reduce<ReleaseRecord>(
    (record, letter) => {
      const event = { colour: "green", digest: digestOf(letter), by: "alarm" } as const;
      const told: Omit<ReleaseEvent, "read">[] = [
        { kind: "deployed", ...event, ...ran } as ReleaseEvent,
        { kind: "rolledBack", ...event, weights: away } as ReleaseEvent,
      ];
      return told.reduce((before, one) => {
        const made = changed(before, { ...one, read: before.version } as ReleaseEvent, moment);
        return made.outcome === "changed" ? made.record : before;
      }, record);
    },
    newRecord({ service: "api", region: "eu-west-1", live: "blue" }),
  );
}
const found = (record: ReleaseRecord) => ({ Item: itemPut("releases", record).Item });
const conflict = serviceError("ConditionalCheckFailedException", "The conditional request failed");

test("a person's word opens the digest that runs, and no other; whoever wrote meanwhile is read again", async () => {
  const first = barred();
  const second = { ...first, version: first.version + 1 };
  const { aws, calls } = stubbedAws({
    "DynamoDB.GetItem": [found(first), found(second), found(second)],
    "DynamoDB.PutItem": [conflict, {}],
  });
  expect(await openDigests(aws, at, word, moment)).toEqual({ digests: [digestOf("b")] });
  const put = calls.filter(({ operation }) => operation === "PutItem").at(-1)!.input as ReturnType<typeof itemPut>;
  const record = JSON.parse(put.Item.record.S) as ReleaseRecord;
  expect(record.version).toBe(second.version + 1);
  expect(entryOf(record, "green")).toMatchObject({
    digest: digestOf("b"),
    state: "running",
    word: { ...word, at: moment.now.toISOString() },
  });
  expect(record.digests.find(({ digest }) => digest === digestOf("a"))).toMatchObject({ state: "rolledBack" });
});

test.each<[string, Parameters<typeof stubbedAws>[0], object]>([
  ["where nobody keeps a record there is nothing to open", { "DynamoDB.GetItem": {} }, { digests: [] }],
  [
    "nor where nothing is barred",
    { "DynamoDB.GetItem": found(newRecord({ service: "api", region: "eu-west-1", live: "blue" })) },
    { digests: [] },
  ],
  ["a record that cannot be read is told", {}, { refused: expect.stringContaining("AccessDenied") }],
  ["so is one that cannot be written", { "DynamoDB.GetItem": found(barred()) }, { refused: expect.stringContaining("AccessDenied") }],
  [
    "and one that somebody else writes each time",
    { "DynamoDB.GetItem": found(barred()), "DynamoDB.PutItem": conflict },
    { refused: "somebody else wrote the release record of api meanwhile" },
  ],
])("%s", async (_, answers, result) => {
  expect(await openDigests(stubbedAws(answers).aws, at, word, moment)).toEqual(result);
});
