/** `slipway alarms heartbeat`: sent while somebody would be told, to an address that stands nowhere, and never otherwise. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beat, heartbeatVariable } from "../../../ops/alarms/heartbeat.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import type { State } from "../../../ops/engine/state.ts";
import { simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { setAlarmState } from "../../../sandbox/events/alarmState.ts";
import { configOf } from "../../harness/config.ts";
import { account } from "../../harness/stubbedAws.ts";

const routes = Object.fromEntries(["P0", "P1", "P2", "P3"].map((severity) => [severity, ["email"]]));
const config = configOf("staging", { "notifications.sendAllTo": undefined, "notifications.routes": routes });
const region = "us-east-1";
const severities = ["P0", "P1", "P2", "P3"];
const arnOf = (severity: string) => `arn:aws:sns:${region}:${account}:coinestate-staging-use1-notify-${severity}-0123456`;
const resources = severities.map((severity) => ({ type: "aws:sns/topic:Topic", id: arnOf(severity), urn: severity, outputs: { region } }));
const stack = { name: "shop/staging", config } as unknown as Parameters<typeof beat>[0]["stack"];

let folder = "";
let store: LiveStore;
let server: Server;
let status = 200;
let came: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "slipway-beat-"));
  store = new LiveStore(folder);
  for (const severity of severities) {
    const arn = arnOf(severity);
    store.put({ type: "aws:sns/topic:Topic", id: arn, scope: `${account}/${region}`, properties: { arn }, createdFor: "" });
    subscribe(severity, false);
  }
  [status, came] = [200, []];
  server = createServer(({ method, url }, response) => {
    came.push(`${method} ${url}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function subscribe(severity: string, pendingConfirmation: boolean) {
  const properties = { topic: arnOf(severity), protocol: "email", endpoint: "a@shop.io", pendingConfirmation };
  const place = { type: "aws:sns/topicSubscription:TopicSubscription", id: `${arnOf(severity)}:1`, scope: `${account}/${region}` };
  store.put({ ...place, properties, createdFor: "" });
}

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/key-of-ours/{stack}`;

async function sent(to = address()) {
  const lines: string[] = [];
  const aws = new Aws({ account, region, cloud: "the simulated cloud", answer: simulatedAws(store, account) });
  const code = await beat({ stack, aws, state: { resources } as unknown as State }, to, (line) => lines.push(line), 1);
  const said = lines.join("\n");
  expect(said).not.toContain("key-of-ours");
  return { code, said };
}

test("it goes out while each severity has somebody who confirmed, once, by the stack's name", async () => {
  const { code, said } = await sent();
  expect([code, came]).toEqual([0, ["POST /key-of-ours/shop-staging"]]);
  expect(said).toContain("have somebody to reach");
});

test("nobody who confirmed, a topic that is gone, an alarm that says messages are lost: it does not go out, and each is said", async () => {
  subscribe("P1", true);
  store.delete(store.get("aws:sns/topicSubscription:TopicSubscription", `${arnOf("P2")}:1`, `${account}/${region}`)!);
  store.delete(store.get("aws:sns/topic:Topic", arnOf("P3"), `${account}/${region}`)!);
  const name = "coinestate-staging-use1-notifications-undelivered";
  const alarmDescription = "P2: Messages of alarms do not arrive.\nRunbook: docs/runbooks/notifications.md";
  const scope = `${account}/${region}`;
  const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
  store.put({ type, id: name, scope, properties: { name, alarmDescription }, createdFor: "" });
  setAlarmState(store, store.get(type, name, scope)!, "ALARM", "as a test");
  const { code, said } = await sent();
  expect([code, came]).toEqual([1, []]);
  expect(said).toContain("Nobody has confirmed that P1 may be sent in us-east-1.");
  expect(said).toContain("Nobody has confirmed that P2 may be sent in us-east-1.");
  expect(said).toMatch(/The topic of P3 in us-east-1 cannot be read .*Topic does not exist/);
  expect(said).toMatch(/^coinestate-staging-use1-notifications-undelivered rings in us-east-1: /m);
  expect(said).toMatch(/Next: npx slipway runbook notifications --stack shop\/staging$/);
});

test("an address that refuses is tried three times; one that is none is refused, and without any nothing is sent", async () => {
  status = 500;
  expect(await sent()).toEqual({ code: 1, said: `The address in ${heartbeatVariable} answers 500: what waits there will ring.` });
  expect(came).toHaveLength(3);
  await expect(sent("http://hc.example.com/x")).rejects.toThrow("begins with https://");
  expect((await sent("")).code).toBe(0);
  expect(came).toHaveLength(3);
});
