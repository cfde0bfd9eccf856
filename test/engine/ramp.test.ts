/** 0 → 100 and back at twelve tasks that take time: traffic waits for the candidate's targets, and the way back waits for nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { healthyTargets } from "../../sandbox/aws/loadBalancing.ts";
import { setTaskPace } from "../../sandbox/cloud/aws/taskPace.ts";
import { advanceClock } from "../../sandbox/cloud/clock.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { type Moment, rampProblems, rampTable, watched } from "../harness/ramp.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", {
  ...{ ...unwatched, ...onlyApi, "services.api.release.green": { image: `sha256:${"2".repeat(64)}`, capacity: "full" } },
  "services.api.scaling": { minimum: 2, maximum: 12 },
});
const tasks = 12;
/** Longer than any way back takes here, in milliseconds. */
const longest = 15_000;

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());

async function now(): Promise<Moment> {
  const store = openLiveStore(`${stack.folder}/.slipway`);
  const [blue, green] = ["blue", "green"].map((colour) => {
    const { properties } = stack.live("aws:ecs/service:Service").find(({ createdFor }) => createdFor.endsWith(`-api-${colour}`))!;
    const [{ targetGroupArn }] = properties.loadBalancers as [{ targetGroupArn: string }];
    return { healthy: healthyTargets(targetGroupArn, store), wanted: Number(properties.desiredCount) };
  });
  return { weight: stack.liveWeights("api")[1]!, blue: blue!.healthy, green: green!.healthy, blueWanted: blue!.wanted };
}

test("A10 0 to 100 and back at twelve tasks: targets before traffic, and a way back that waits for none", async () => {
  stack.runTasks("blue", tasks);
  const store = openLiveStore(`${stack.folder}/.slipway`);
  setTaskPace(store, 3000);
  const samples = await watched(now, 200, async () => {
    for (const weight of [25, 100]) {
      stack.set({ "services.api.release.candidateWeight": weight });
      const { exitCode, stderr } = await stack.up();
      expect(exitCode, stderr).toBe(0);
    }
    stack.runTasks("blue", 2); // as a drained colour without a reserve
    setTaskPace(store, longest);
    stack.set({ "services.api.release.candidateWeight": 0 });
    const { exitCode, stderr } = await stack.up();
    expect(exitCode, stderr).toBe(0);
    advanceClock(store, longest);
  });
  console.log(rampTable(samples));
  expect(rampProblems(samples, tasks)).toEqual([]);
});
