/** What a component says of arguments that its contract refuses: the same words as the config's. */
import { describe, expect, test } from "vitest";
import { cache } from "../../../components/cache/contract.ts";
import { accepted, contractProblems } from "../../../components/contract/accepted.ts";

const good = { engine: "valkey", nodeType: "cache.t4g.small" } as const;

describe("arguments that a contract names", () => {
  test("defaults are filled in, and what it does not name is left to the component", () => {
    const given = accepted("sessions", cache, { ...good, subnetIds: ["subnet-a"] });
    expect(given).toMatchObject({ engine: "valkey", version: "8.0", replicas: 0, user: "app", evictionPolicy: "volatile-lru" });
    expect(given).not.toHaveProperty("subnetIds");
  });

  test("a field says what was given and what is allowed", () => {
    expect(contractProblems(cache, { ...good, replicas: 6 })).toEqual([
      {
        propertyPath: "replicas",
        reason: "is 6; give an integer from 0 to 5 (replicas beside the primary; with one, it takes over by itself)",
      },
    ]);
  });

  test("fields that break a rule together say it once", () => {
    expect(contractProblems(cache, { ...good, multiAz: true })).toEqual([
      { propertyPath: "multiAz", reason: "is true without a replica; give true with one replica or more" },
    ]);
  });

  test("everything wrong stands in one error, the component's own problems among it", () => {
    const own = [{ propertyPath: "subnetIds", reason: "is empty" }];
    expect(() => accepted("sessions", cache, { engine: "valkey", replicas: 9, user: "default" }, own)).toThrow(
      /^sessions cannot be created:\n {2}nodeType is missing; give .*\n {2}replicas is 9; .*\n {2}user is "default"; .*\n {2}subnetIds is empty$/s,
    );
  });
});
