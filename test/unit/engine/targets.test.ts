/** What an update of a part of a stack names besides that part. */
import { expect, test } from "vitest";
import { namesTargets, withParents } from "../../../ops/engine/targets.ts";

const type = "slipway:environment:Environment";
const environment = { urn: `urn:pulumi:staging::slipway::${type}::shop-staging`, type };

test.each([["-t"], ["--target"], ["--target=**Cluster**"]])(
  "what %s names gets the parents that it belongs to, where they are not there yet",
  (flag) => {
    expect(namesTargets([flag])).toBe(true);
    expect(withParents([flag, "x"], { resources: [] })).toEqual([flag, "x", "--target", "**slipway:environment:*::*"]);
    expect(withParents([flag, "x"], { resources: [environment] })).toEqual([flag, "x"]);
  },
);

test("flags that name no part stay as they are", () => {
  expect(withParents(["--yes", "--target-dependents"], { resources: [] })).toEqual(["--yes", "--target-dependents"]);
});
