/** What an update of a part of a stack names besides that part. */
import { expect, test } from "vitest";
import { namesTargets, withParents } from "../../../ops/engine/targets.ts";

test.each([["-t"], ["--target"], ["--target=**Cluster**"]])("what %s names gets the parents that it belongs to", (flag) => {
  expect(namesTargets([flag])).toBe(true);
  expect(withParents([flag, "x"])).toEqual([flag, "x", "--target", "**slipway:environment:*::*"]);
});

test("flags that name no part stay as they are", () => {
  expect(withParents(["--yes", "--target-dependents"])).toEqual(["--yes", "--target-dependents"]);
});
