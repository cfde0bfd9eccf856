/** Latches as the commands read and write them: in an account and in the simulated cloud, by the same calls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Aws } from "../../../ops/aws/aws.ts";
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
