/** Stickiness of a running service: the load balancer demands that the rule sticks before its targets do. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, "services.api.release.stickinessSeconds": undefined });
const targetsStick = () =>
  stack
    .live("aws:lb/targetGroup:TargetGroup")
    .map(({ properties }) => (properties.stickiness as { enabled?: boolean } | undefined)?.enabled === true);

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());

test("A17 stickiness is switched on in a running service, its rule first and its targets in the next update", async () => {
  expect(targetsStick()).toEqual([false, false]);
  stack.set({ "services.api.release.stickinessSeconds": 60 });
  const first = await stack.up();
  expect(first.exitCode, first.stdout + first.stderr).toBe(0);
  expect(first.stdout + first.stderr).toContain("the next update");
  expect(targetsStick()).toEqual([false, false]);
  await stack.update();
  expect(targetsStick()).toEqual([true, true]);
});
