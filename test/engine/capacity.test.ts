/** Traffic moves only to a colour whose targets are there: asked live by `up`, before anything is changed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { weightsIn } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const weight = "services.api.release.candidateWeight";
const green = { image: `sha256:${"2".repeat(64)}`, capacity: "full" };

describe("weight needs capacity", () => {
  const stack = new StackUnderTest("staging", {
    ...{ ...unwatched, ...onlyApi, "services.api.release.green": green },
    "services.api.scaling": { minimum: 2, maximum: 12 },
  });
  const service = (colour: string) => stack.live("aws:ecs/service:Service").find(({ createdFor }) => createdFor.endsWith(`-${colour}`))!;
  const scaled = (colour: string, tasks: number) => stack.runTasks(colour, tasks);

  const record = () => {
    const [item] = stack.live("aws:dynamodb/table:Item");
    const { record: kept } = item!.properties.item as unknown as { record: { S: string } };
    return JSON.parse(kept.S) as ReleaseRecord;
  };

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("A10 a candidate at its minimum is not given what more tasks serve than it may scale to", async () => {
    scaled("blue", 14);
    stack.set({ [weight]: 100 });
    const { exitCode, stderr } = await stack.up();
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("100 % needs 14 healthy targets in green, and 2 are there");
    expect(stderr).toContain("Its scaling.maximum is 12");
  });

  test("a share that its tasks can serve is given, and a way back is given at once", async () => {
    scaled("blue", 12);
    stack.set({ [weight]: 10 });
    const part = await stack.up();
    expect(part.exitCode, part.stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([90, 10]);
    expect(weightsIn(record())).toEqual({ blue: 90, green: 10 });
    expect(record()).toMatchObject({ service: "api", region: "us-east-1", live: "blue", wayBack: "blue", runs: { green: green.image } });
    expect(record().intent).toBeUndefined();
    expect(record().digests).toContainEqual(
      expect.objectContaining({
        colour: "green",
        share: 10,
        basis: "step",
        by: expect.stringContaining(":user/"),
        tasks: { wanted: 2, running: 2 },
      }),
    );
    scaled("blue", 2);
    stack.set({ [weight]: 0 });
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    const { version } = record();
    expect(record().digests).toContainEqual(expect.objectContaining({ colour: "green", share: 0, basis: "less" }));
    expect((await stack.up()).exitCode).toBe(0);
    expect(record().version).toBe(version);
  });

  const fewest = (colour: string) =>
    stack.live("aws:appautoscaling/target:Target").find(({ createdFor }) => createdFor.endsWith(`-${colour}`))!.properties.minCapacity;

  test("A10 the tasks that a candidate lacks for everything run before the weight moves, and the old colour keeps its own", async () => {
    scaled("blue", 12);
    scaled("green", 2);
    stack.set({ [weight]: 100 });
    const { exitCode, stderr } = await stack.up();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("100 % needs 12 healthy targets in green, and 2 are there. 12 tasks are asked for.");
    expect(stack.liveWeights("api")).toEqual([0, 100]);
    expect(service("green").properties.desiredCount).toBe(12);
    expect(stderr).toContain("blue of api keeps 12 tasks: blue is the way back");
    expect([fewest("blue"), fewest("green")]).toEqual([12, 2]);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("A10 a way back with too few tasks asks for them before the weight moves", async () => {
    scaled("blue", 2);
    stack.set({ [weight]: 0 });
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect(service("blue").properties.desiredCount).toBe(12);
    expect(stdout + stderr).toContain("2 of 12 healthy targets in blue: 12 tasks are asked for, expect errors until they run");
    expect([fewest("blue"), fewest("green")]).toEqual([2, 2]);
  });

  test("other labels make no way back of a way forward", async () => {
    scaled("blue", 14);
    scaled("green", 2);
    stack.set({ "services.api.release.live": "green" });
    const { exitCode, stderr } = await stack.up();
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("100 % needs 14 healthy targets in green, and 2 are there");
    stack.set({ "services.api.release.live": "blue" });
    scaled("blue", 1);
  });

  test("case 07 no traffic goes to a colour without tasks", async () => {
    stack.forget(service("green").id);
    stack.set({ [weight]: 50 });
    const { exitCode, stderr } = await stack.up();
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("green has no healthy target, and blue has 1: users are served by blue");
  });
});
