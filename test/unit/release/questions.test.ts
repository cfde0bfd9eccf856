/** One set of questions: what `up` and the rollback function make of the same way back is the same, and so is what they ask for. */
import { expect, test, vi } from "vitest";
import { rollBack } from "../../../components/rollback/function/index.mjs";
import { requireTargets } from "../../../ops/release/readiness.ts";
import { alarm, settings } from "../../harness/rolledBack.ts";
import { ModelCloud } from "../../model/wired/cloud.ts";
import { clusterDoor } from "../../model/wired/cluster.ts";
import { configWith, stateWith } from "../../model/wired/stack.ts";

const [old, fresh] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

/** Blue is the way back; each has so many tasks, and green so much of the traffic. */
function opened(blue: number, green: number, share: number) {
  const cloud = new ModelCloud();
  cloud.ecs.registry.set(old, "good").set(fresh, "good");
  const revisions = { blue: cloud.ecs.register("blue", old), green: cloud.ecs.register("green", fresh) };
  cloud.ecs.update("blue", revisions.blue, blue);
  cloud.ecs.update("green", revisions.green, green);
  cloud.ecs.tick(40);
  cloud.ecs.setWeights("before", { blue: 100 - share, green: share });
  return { cloud, revisions };
}

const answer = (cloud: ModelCloud, went: boolean, said: readonly string[]) => ({
  went,
  fewest: cloud.fewest.blue,
  desired: cloud.ecs.describe("blue").desired,
  said: /\d+ of \d+ healthy targets/.exec(said.join())?.[0],
});

async function byUp(...situation: Parameters<typeof opened>) {
  const { cloud, revisions } = opened(...situation);
  const said: string[] = [];
  const state = stateWith({ blue: { digest: old, revision: revisions.blue }, green: { digest: fresh, revision: revisions.green } });
  const config = configWith({ live: "blue", candidateWeight: 0, images: { blue: old, green: fresh } });
  const asked = requireTargets({
    config,
    state,
    aws: cloud.door("up"),
    cluster: clusterDoor(cloud, "up"),
    stack: "staging",
    say: (line) => said.push(line),
    wait,
  });
  const went = await asked.then(
    () => true,
    () => false,
  );
  return answer(cloud, went, said);
}

async function byFunction(...situation: Parameters<typeof opened>) {
  const { cloud } = opened(...situation);
  const receiver = { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/api-blue", minimum: 2, maximum: 20 };
  const rolled = rollBack(alarm("first"), { ...settings, receiver }, cloud.calls("function"));
  const went = await rolled.then(
    () => true,
    () => false,
  );
  expect(cloud.ecs.weights.blue === 100).toBe(went);
  return answer(cloud, went, cloud.told);
}

const wait = () => Promise.reject(new Error("waited"));

const table = [0, 1, 2, 3, 8, 12, 20].flatMap((blue) =>
  [0, 1, 2, 3, 9, 20].flatMap((green) => [1, 5, 33, 50, 75, 100].map((share) => [blue, green, share] as const)),
);

test("a way back goes, asks for as many tasks, and says the same, whoever takes it", async () => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  const answers = new Set<string>();
  for (const situation of table) {
    const up = await byUp(...situation);
    expect(await byFunction(...situation), situation.join()).toEqual(up);
    answers.add(`${up.went} ${up.said === undefined ? "enough" : "short"}`);
  }
  expect([...answers].sort()).toEqual(["false enough", "true enough", "true short"]);
});
