/** What the status names in place of a page: where an alarm's name and config tell what ends its cause. */
import { describe, expect, test } from "vitest";
import { mendOf } from "../../../ops/status/alarmMend.ts";
import { commandsOn } from "../../../ops/status/commands.ts";
import { complaints } from "../../../ops/status/complaints.ts";
import { alarmFindings } from "../../../ops/status/stackFindings.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";

const flags = { stack: "staging" };
const found = (key: string, edits: Edits = {}) => {
  const alarm = { name: `x-${key}`, key, region: "us-east-1", severity: "P2", summary: "It is so." };
  const mend = mendOf(configOf("staging", { caches: dataStores.caches, ...edits }), alarm);
  const ringing = [mend === undefined ? alarm : { ...alarm, mend }];
  return alarmFindings({ alarms: { answer: "read", value: { ringing, regions: [] } } }, commandsOn(flags)).map(({ what, command }) => [
    what,
    command,
  ]);
};

describe("an alarm's cause is ended", () => {
  const [cache = ""] = Object.keys(dataStores.caches as object);

  test("by larger nodes where a cache has no memory, and not where its one core is busy", () => {
    const command = `npx slipway cache grow --stack staging --cache ${cache} --region us-east-1 --reason 'no memory is left'`;
    for (const kind of ["evictions-p2", "memory-p1"])
      expect(found(`cache-${cache}-001-${kind}`)).toEqual([[expect.stringContaining("Larger nodes end it"), command]]);
    expect(found(`cache-${cache}-001-cpu-p2`)).toEqual([
      [expect.any(String), `npx slipway runbook x-cache-${cache}-001-cpu-p2 --stack staging`],
    ]);
  });

  test("by gateway endpoints where the month costs too much and what is missing goes through a NAT gateway", () => {
    const page = "npx slipway runbook x-monthly-cost --stack staging";
    const endpoints = { "network.gatewayEndpoints": [] };
    expect(found("monthly-cost", endpoints)).toEqual([
      [
        expect.stringContaining("S3 and DynamoDB"),
        `npx slipway up --stack staging --set 'slipway:network.gatewayEndpoints=["s3","dynamodb"]'`,
      ],
    ]);
    expect(found("monthly-cost", { "network.gatewayEndpoints": ["s3"] })).toEqual([
      [expect.stringMatching(/read of DynamoDB goes/), expect.stringContaining("up --stack")],
    ]);
    expect(found("monthly-cost")).toEqual([[expect.any(String), page]]);
  });
});

test("users who are blocked: the one rule that kept people out is named with what lets them through; of several one has to look", () => {
  const stack = configOf("smartduka/production");
  const mend = { about: "", rule: "bad-country", count: 40, command: "npx slipway up" };
  const said = (kept: Parameters<typeof complaints>[3]) => complaints(stack, flags, new Date(0), kept)[0];
  expect(said([mend])).toEqual({
    complaint: "we are blocked, as about 40 requests by bad-country in the last hour",
    command: "npx slipway up",
  });
  const { command: _, ...managed } = mend;
  for (const kept of [[], [managed], [mend, { ...mend, rule: "other" }]])
    expect(said(kept)).toEqual({ complaint: "we are blocked", command: "npx slipway waf blocked --stack staging" });
});
