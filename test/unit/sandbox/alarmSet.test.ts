/** `slipway sandbox alarm set`: what it says of a state that does not change, from which nothing follows, as at CloudWatch. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "../../../ops/userError.ts";
import { setAlarm } from "../../../rehearsal/sandbox/alarm.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";

const account = "123456789012";
const name = "shop-prod-use1-api-rollback-error-rate";
let folder = "";
const set = (state: "OK" | "ALARM") => setAlarm({ folder, name: "shop", runtimeOptions: {} }, account, name, state, "a test");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-alarm-"));
  openLiveStore(join(folder, ".slipway")).put({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    id: name,
    scope: `${account}/us-east-1`,
    properties: { name, arn: `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}` },
    createdFor: "",
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

test("an alarm that rings already sets nothing off: the command fails and says what to run", async () => {
  expect(await set("ALARM")).toEqual([`${name} is ALARM.`]);
  const refused = await set("ALARM").then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(UserError);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(String(refused)).toMatch(/is ALARM already, since 20\S+Z, in the simulated cloud/);
  expect(String(refused)).toContain("no traffic was moved");
  expect(String(refused)).toContain(`slipway sandbox alarm set ${name} OK`);
  expect(await set("OK")).toEqual([`${name} is OK.`]);
  expect(await set("ALARM")).toEqual([`${name} is ALARM.`]);
});

test("an alarm that is over already is told to be", async () => {
  await set("OK");
  expect(await set("OK")).toEqual([`${name} was OK already: nothing follows.`]);
});
