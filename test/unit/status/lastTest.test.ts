/** The last test of the alarms' messages on the screen of `slipway status`. */
import { expect, test } from "vitest";
import { alarmTestParameter } from "../../../components/notifications/contract.ts";
import type { Reading } from "../../../ops/status/reading.ts";
import { peopleLine } from "../../../ops/status/stackLines.ts";
import type { StackStatus } from "../../../ops/status/stackStatus.ts";
import { lastTestOf } from "../../../ops/status/told.ts";
import { configOf } from "../../harness/config.ts";
import { stubbedAws } from "../../harness/stubbedAws.ts";

const config = configOf("coinestate/production");
const lineWhen = (answer: object) => lastTestOf({ stack: { config } as never, aws: stubbedAws({ "SSM.GetParameter": answer }).aws });

/** Lines of a stack whose one address is confirmed. */
function people(alarmTest?: Reading<string>): string[] {
  const one = { who: "on-call@shop.io", topic: "t", region: "us-east-1", state: "confirmed" as const };
  const status = { subscriptions: { answer: "read", value: [one] }, ...(alarmTest === undefined ? {} : { alarmTest }) };
  return peopleLine(status as unknown as StackStatus);
}

test("who tested and what came is said, and nothing of the codes", async () => {
  const code = "0123456789abcdef";
  const at = "2027-01-01T00:00:00.000Z";
  const record = {
    ...{ at, by: "jo", region: "us-east-1" },
    severities: {
      P0: { outcome: "confirmed", at, by: "jo" },
      P1: { outcome: "sent", code },
      P2: { outcome: "sent", code },
      P3: { outcome: "failed", reason: "x" },
    },
  };
  const Value = JSON.stringify(record);
  const line = await lineWhen({ Parameter: { Name: alarmTestParameter(config), Value } });
  expect(line).toContain(`tested ${at} in us-east-1 by jo: P0 came; nobody has said so of P1, P2, P3`);
  expect(line).not.toContain(code);
  expect(people({ answer: "read", value: line })).toEqual(["1 of 1 subscriptions are confirmed", line]);
});

test("a stack that nobody tested says so; a record that cannot be read or is none is said beside the rest", async () => {
  const refused = (name: string) => Object.assign(new Error("x"), { name, $metadata: {} });
  expect(await lineWhen(refused("ParameterNotFound"))).toBe("nobody has tested yet whether messages of alarms reach people");
  await expect(lineWhen(refused("AccessDeniedException"))).rejects.toThrow(alarmTestParameter(config));
  await expect(lineWhen({ Parameter: { Value: "{}" } })).rejects.toThrow("is no record of a test");
  expect(people({ answer: "unread", reason: "AccessDeniedException" })).toEqual([
    "1 of 1 subscriptions are confirmed",
    "the last test of messages could not be read",
  ]);
  expect(people()).toEqual(["1 of 1 subscriptions are confirmed"]);
});
