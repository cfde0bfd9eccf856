/** Rows of `slipway verify` on who is told of alarms. */
import { expect, test } from "vitest";
import type { ToldSeverity } from "../../../ops/alarms/told.ts";
import type { State } from "../../../ops/engine/state.ts";
import { judged, peopleChecks } from "../../../ops/verify/people.ts";
import { configOf } from "../../harness/config.ts";
import { account, stubbedAws } from "../../harness/stubbedAws.ts";

const flags = { stack: "production" };
const topic = { arn: `arn:aws:sns:us-east-1:${account}:coinestate-prod-use1-notify-P0`, region: "us-east-1" };
const mail = (confirmed: boolean) => ({ topic, protocol: "email", endpoint: "devops@coinestate.io", confirmed, chat: false });
const told = (...value: ReturnType<typeof mail>[]): ToldSeverity => ({ severity: "P0", topic, subscribers: { answer: "read", value } });

test.each<[what: string, told: ToldSeverity, verdict: string, says: string, advice: string | undefined]>([
  ["confirmed", told(mail(true)), "good", "every address is confirmed", undefined],
  ["nobody", told(), "failed", "P0: nobody", "npx slipway up --stack production --refresh"],
  ["waits, and nobody else", told(mail(false)), "degraded", "(waits to be confirmed)", "npx slipway doctor --stack production"],
  ["waits, beside another", told(mail(true), mail(false)), "degraded", "(waits to be confirmed)", "npx slipway doctor --stack production"],
  ["no topic", { ...told(), topic: undefined }, "failed", "P0: nobody", "npx slipway up --stack production --refresh"],
  ["not read", { ...told(), subscribers: { answer: "unread", reason: "AccessDenied" } }, "failed", "AccessDenied", "It could not be read"],
])("%s", (_, one, verdict, says, advice) => {
  const found = judged([one], flags);
  expect(found.verdict).toBe(verdict);
  expect(found.found).toContain(says);
  expect(found.advice ?? "").toContain(advice ?? "");
});

test("a stack whose subscriptions are gone fails in its region, and one that nobody tested is told so", async () => {
  const { aws } = stubbedAws({
    "SNS.ListSubscriptionsByTopic": { Subscriptions: [] },
    "SSM.GetParameter": Object.assign(new Error("x"), { name: "ParameterNotFound", $metadata: {} }),
  });
  const resources = ["P0", "P1", "P2", "P3"].map((severity) => ({
    ...{ urn: "u", type: "aws:sns/topic:Topic", id: topic.arn.replace("P0", severity), outputs: { region: "us-east-1" } },
  }));
  const state = { resources, pendingOperations: [] } as unknown as State;
  const [people, tested] = await peopleChecks(configOf("coinestate/production"), aws, state, ["us-east-1"], flags);
  expect(people).toMatchObject({
    what: "who is told in us-east-1",
    verdict: "failed",
    found: expect.stringMatching(/^P0: nobody\nP1: nobody/),
  });
  expect(tested).toMatchObject({ verdict: "degraded", advice: "npx slipway alarms test --stack production" });
});
