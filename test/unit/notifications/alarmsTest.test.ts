/** `slipway alarms test`: what is sent, who has to say that it came, and what is told where nobody can. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AlarmsTestFlags, testOn } from "../../../ops/alarms/alarmsTest.ts";
import { publishInput } from "../../../ops/alarms/testMessage.ts";
import { readTestRecord, testLine } from "../../../ops/alarms/testRecord.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import type { State, StateResource } from "../../../ops/engine/state.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf } from "../../harness/config.ts";
import { account, stubbedAws } from "../../harness/stubbedAws.ts";

const severities = ["P0", "P1", "P2", "P3"];
const config = configOf("coinestate/production");
const region = "us-east-1";
const arnOf = (severity: string) => `arn:aws:sns:${region}:${account}:coinestate-prod-use1-notify-${severity}-0123456`;
const state: State = {
  resources: severities.map((severity) => ({
    ...{ urn: `urn:pulumi:production::slipway::aws:sns/topic:Topic::coinestate-prod-use1-notify-${severity}` },
    ...{ type: "aws:sns/topic:Topic", id: arnOf(severity), outputs: { region } },
  })) as unknown as StateResource[],
  pendingOperations: [],
} as unknown as State;
const flags: AlarmsTestFlags = { stack: "production", wait: 0, confirm: [], dryRun: false };

let folder: string;
let store: LiveStore;
let aws: Aws;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-alarms-"));
  store = new LiveStore(folder);
  for (const severity of severities) {
    const arn = arnOf(severity);
    store.put({ type: "aws:sns/topic:Topic", id: arn, scope: `${account}/${region}`, properties: { arn, name: arn }, createdFor: "test" });
    subscribe(severity, false);
  }
  aws = new Aws({ account, region, cloud: "the simulated cloud", answer: simulatedAws(store, account) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function subscribe(severity: string, pendingConfirmation: boolean) {
  const properties = { topic: arnOf(severity), protocol: "email", endpoint: "devops@coinestate.io", pendingConfirmation };
  const id = `${arnOf(severity)}:1111`;
  store.put({ type: "aws:sns/topicSubscription:TopicSubscription", id, scope: `${account}/${region}`, properties, createdFor: "test" });
}

/** Bodies of what was sent, by severity. */
const mails = () =>
  store.all("aws:sns/topic:Message").map(({ properties }) => (JSON.parse(String(properties.message)) as { email: string }).email);
const codes = () => mails().map((mail) => /^Code: (\S+)$/m.exec(mail)?.[1] ?? "");

async function run(more: Partial<AlarmsTestFlags> = {}, typed: () => readonly string[] = () => [], door = aws) {
  const said: string[] = [];
  const code = await testOn(
    { config, aws: door, cloud: "the simulated cloud", state: async () => state },
    { ...flags, ...more },
    {
      print: (text) => said.push(text),
      lines: async function* () {
        yield* typed();
      },
      lookEvery: 1,
    },
  );
  return { code, said: said.join("\n"), next: said.at(-1) };
}

test("one message of each severity goes to its topic, marked as a test, with who sent it and a code of its own", async () => {
  const { code, next } = await run();
  expect(
    store
      .all("aws:sns/topic:Message")
      .map(({ properties }) => properties.topicArn)
      .sort(),
  ).toEqual(severities.map(arnOf));
  expect(new Set(codes()).size).toBe(4);
  for (const mail of mails()) {
    expect(mail).toMatch(/^TEST: a message of severity P\d of coinestate-prod in us-east-1\. Nothing is wrong\.$/m);
    expect(mail).toMatch(/^Sent by arn:aws:\S+ at /m);
    expect(mail).toMatch(/npx slipway alarms test --stack production --confirm P\d-\d{6}$/m);
  }
  expect([code, next]).toEqual([1, "Next: npx slipway runbook --stack production notifications"]);
});

test("PagerDuty and the chat get what an alarm would send; the subject is one that SNS takes", () => {
  const message = { severity: "P0", stack: "coinestate-prod", accountId: account, region, by: "arn:aws:iam::1:user/jo" } as const;
  const sent = publishInput(arnOf("P0"), { ...message, at: new Date(0), code: "P0-123456", confirm: "npx slipway …" });
  const { https } = JSON.parse(String(sent.Message)) as { https: string };
  expect(JSON.parse(https)).toMatchObject({ AlarmName: "TEST P0 of coinestate-prod", NewStateValue: "ALARM", AWSAccountId: account });
  expect(sent.Subject).toBe("TEST P0 of coinestate-prod");
});

test("it waits until each code was typed or confirmed elsewhere, and ends with nothing to do", async () => {
  const waiting = run({ wait: 20_000 }, () => codes().slice(0, 3));
  const other = async () => {
    while ((await readTestRecord(aws, config).catch(() => undefined)) === undefined) await new Promise((done) => setTimeout(done, 2));
    return run({ confirm: codes().slice(3) });
  };
  const [here, there] = await Promise.all([waiting, other()]);
  expect(here.said).toContain("Still awaited");
  expect([here.code, here.next]).toEqual([0, "Next: nothing to do"]);
  expect(there.said).toContain("Last test: tested ");
  expect(testLine(await readTestRecord(aws, config))).toMatch(/: P0, P1, P2, P3 came$/);
});

test("a wait has an end, and says of what nobody has said that it came", async () => {
  const { code, said } = await run({ wait: 30 }, () => codes().slice(0, 1));
  expect(said).toMatch(/: P\d came; nobody has said so of P\d, P\d, P\d\./);
  expect(code).toBe(1);
});

test("a code that no message carries is refused, and the others count", async () => {
  await run();
  await expect(run({ confirm: [codes()[0] ?? "", "P1-000000"] })).rejects.toThrow(/No message of the last test carries P1-000000/);
  expect(testLine(await readTestRecord(aws, config))).toMatch(/: P\d came; nobody has said so of /);
});

test("a code before any test is told that nothing was sent", async () => {
  await expect(run({ confirm: ["P0-123456"] })).rejects.toThrow(
    "Nothing was sent yet. Send it: npx slipway alarms test --stack production",
  );
});

test("a topic without subscribers and one that waits to be confirmed are named; a dry run sends nothing", async () => {
  for (const one of store.all("aws:sns/topicSubscription:TopicSubscription")) if (one.properties.topic === arnOf("P1")) store.delete(one);
  const gone = await run({ dryRun: true });
  expect(gone.said).toMatch(/P1 .*nobody/);
  expect([gone.code, gone.next]).toEqual([1, "Next: npx slipway up --stack production --refresh"]);
  subscribe("P1", true);
  const waiting = await run({ dryRun: true });
  expect(waiting.said).toContain("devops@coinestate.io (waits to be confirmed)");
  expect(waiting.next).toBe("Next: npx slipway doctor --stack production");
  expect(mails()).toEqual([]);
});

test("what one topic refuses keeps no other from being tried", async () => {
  const refused = Object.assign(new Error("The ciphertext refers to a key that is disabled"), {
    name: "KMSDisabledException",
    $metadata: {},
  });
  const { aws: door, calls } = stubbedAws({
    "SNS.ListSubscriptionsByTopic": { Subscriptions: [{ Protocol: "email", Endpoint: "a@b.io", SubscriptionArn: "arn:aws:sns:x" }] },
    "SNS.Publish": [{}, refused, {}, {}],
    "SSM.PutParameter": {},
  });
  const { code, said } = await run({}, undefined, door);
  expect(calls.filter(({ operation }) => operation === "Publish").length).toBe(4);
  expect(said).toContain("KMSDisabledException");
  expect(code).toBe(1);
});

test("a region without topics of the stack is refused, with those that have some", async () => {
  await expect(run({ region: "us-west-1" })).rejects.toThrow("There are: us-east-1, eu-west-1, ap-southeast-1");
});
