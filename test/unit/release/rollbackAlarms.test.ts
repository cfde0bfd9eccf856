/** Alarms that roll a service back, before a candidate gets more: what rings already takes nothing back any more. */
import { beforeEach, expect, test } from "vitest";
import { requireTargets } from "../../../ops/release/readiness.ts";
import type { Side } from "../../model/ecs.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const alarm = "coinestate-staging-use1-api-rollback-error-rate";
let cloud: ModelCloud;
let revisions: Record<Side, string>;

const update = (candidateWeight: number, rollbackAlarms: readonly string[] = [alarm]) => {
  const state = stateWith(
    { blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } },
    { rollbackAlarms },
  );
  return {
    ...{ config: configWith({ live: "blue", candidateWeight, images: { blue: old, green: fresh } }), state, stack: "staging" },
    ...{ aws: cloud.door("up"), cluster: clusterDoor(cloud, "up"), say: () => {}, wait: async () => cloud.ecs.tick(1) },
  };
};

beforeEach(() => {
  cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, 12);
  cloud.ecs.update("green", revisions.green, 12);
  cloud.ecs.setWeights("before", { blue: 75, green: 25 });
  cloud.ecs.tick(40);
  cloud.ringing.add(alarm);
});

test("N1 no candidate gets more while an alarm that would roll it back rings", async () => {
  await expect(requireTargets(update(50))).rejects.toThrow(
    `api: ${alarm} rings, and an alarm that rings already rolls nothing back: green gets no more while it does`,
  );
});

test("once it is OK again the candidate gets more, and a way back asks no alarm at all", async () => {
  const asked: string[] = [];
  cloud.before = (_, operation) => void asked.push(operation);
  await requireTargets(update(0));
  expect(asked).not.toContain("describeAlarms");
  cloud.ringing.clear();
  await requireTargets(update(50));
  expect(asked).toContain("describeAlarms");
});

test("where nobody can tell whether one rings, the candidate waits", async () => {
  cloud.before = (_, operation) => {
    if (operation === "describeAlarms") throw new Error("Throttling");
  };
  await expect(requireTargets(update(50))).rejects.toThrow(
    "nobody can tell whether an alarm that rolls api back rings, so green gets no more: The rollback alarms of api cannot be read: Throttling",
  );
  await requireTargets(update(0));
});

test("the refusal names the command that takes back what the candidate has", async () => {
  await expect(requireTargets(update(50))).rejects.toThrow(
    `npx slipway rollback now --stack staging --service api --reason 'rings: ${alarm}'`,
  );
});

test("a service that no alarm rolls back asks of none: a call without names would tell of everybody's", async () => {
  const asked: string[] = [];
  cloud.before = (_, operation) => void asked.push(operation);
  await requireTargets(update(50, []));
  expect(asked).not.toContain("describeAlarms");
});

test("what nobody foresaw is no alarm that cannot be read", async () => {
  const given = update(50);
  for (const { type, outputs } of given.state.resources)
    if (type === "aws:cloudwatch/eventRule:EventRule") (outputs as { eventPattern: string }).eventPattern = "{";
  await expect(requireTargets(given)).rejects.toThrow(/^(?!.*nobody can tell).*JSON/s);
});
