/** What AWS refuses of a deployed database in the middle of an update is refused before it, and RDS agrees. */
import { describe, expect, test } from "vitest";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import type { StackConfig } from "../../../infra/config/stack.ts";
import { refusedDatabaseChanges } from "../../../infra/release/databasesInState.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { emptyCloud } from "../../harness/emptyCloud.ts";

const [instance, cluster] = ["aws:rds/instance:Instance", "aws:docdb/cluster:Cluster"];
/** The storage that there is: with less, that is refused too. */
const storage: Edits = { "databases.ledger.storageGib": 100 };
const stackOf = (edits: Edits) => configOf("bench/production", { ...dataStores, ...edits });

/** Servers as a state holds them, by the database that they are. */
const servers: Readonly<Record<string, readonly [type: string, outputs: Properties]>> = {
  main: [instance, { engineVersion: "17", allocatedStorage: 100 }],
  ledger: [instance, { engineVersion: "17", allocatedStorage: 100 }],
  olympiad: [cluster, { engineVersion: "5.0.0" }],
};
const state = Object.fromEntries(
  Object.entries(servers).map(([name, [type, outputs]]) => [
    `urn:pulumi:s::slipway::${type}::coinestate-prod-use1-db-${name}`,
    { type, outputs },
  ]),
);

/** What the provider is told of a database, as far as this is about it. */
function told({ databases }: StackConfig, name: string): Properties {
  const database = databases[name];
  if (database === undefined || database.engine === "dynamodb") throw new Error(`${name} is no server`);
  const storage = database.engine === "postgres" ? { allocatedStorage: database.storageGib } : {};
  return { engineVersion: database.version, allowMajorVersionUpgrade: database.allowMajorUpgrade, ...storage };
}

/** Whether the simulated cloud makes each server what config wants. */
function areMade(config: StackConfig): boolean {
  const { create, update } = emptyCloud();
  try {
    for (const [name, [type, outputs]] of Object.entries(servers)) {
      const names = type === instance ? { identifier: name, engine: "postgres" } : { clusterIdentifier: name, engine: "docdb" };
      const made = { ...names, ...outputs, instanceClass: "db.t4g.medium", username: "slipway", manageMasterUserPassword: true };
      const { instanceClass: _, username: __, ...clusterInputs } = made;
      update(type, create(type, type === instance ? made : clusterInputs, name), told(config, name));
    }
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/AllowMajorVersionUpgrade|Cannot upgrade|must not be less/);
    return false;
  }
}

describe("is refused", () => {
  test.each<[path: string, edits: Edits, allowed: string, fix: string]>([
    [
      "databases.main.version",
      { "databases.main.version": "18", ...storage },
      '"17", as deployed; or allowMajorUpgrade: true beside it',
      "17",
    ],
    ["databases.main.version", { "databases.main.version": "16", ...storage }, "an older version is a restore into another database", "17"],
    [
      "databases.olympiad.version",
      { "databases.olympiad.version": "8.0.0", ...storage },
      '"5.0.0", as deployed; or allowMajorUpgrade',
      "5.0.0",
    ],
    ["databases.ledger.storageGib", { "databases.ledger.storageGib": 40 }, "an integer from 100, as deployed", "100"],
  ])("%s %j", (path, edits, allowed, fix) => {
    const problems = refusedDatabaseChanges(stackOf(edits), state);
    expect(problems.map((problem) => formatConfigPath(problem.path))).toEqual([path]);
    expect(problems[0]?.allowed).toContain(allowed);
    expect(problems[0]?.fix).toContain(fix);
    expect(problems[0]?.reason).toContain("in the middle of the update");
    expect(areMade(stackOf(edits))).toBe(false);
  });
});

describe("is let through", () => {
  test.each<Edits>([
    storage,
    { ...storage, "databases.main.version": "17.6" },
    { ...storage, "databases.main.version": "18", "databases.main.allowMajorUpgrade": true },
    { ...storage, "databases.olympiad.version": "8.0.0", "databases.olympiad.allowMajorUpgrade": true },
    { "databases.ledger.storageGib": 200 },
  ])("%j", (edits) => {
    expect(refusedDatabaseChanges(stackOf(edits), state)).toEqual([]);
    expect(areMade(stackOf(edits))).toBe(true);
  });

  test("less storage to begin with, where it grows by itself", () => {
    const edits = { ...storage, "databases.main.storageGib": 40 };
    expect(refusedDatabaseChanges(stackOf(edits), state)).toEqual([]);
  });

  test("all of a database that the state does not hold", () => {
    expect(refusedDatabaseChanges(stackOf({ ...storage, "databases.main.version": "14" }), {})).toEqual([]);
  });
});

test("the version that runs counts, not the one that was asked for", () => {
  const upgraded = Object.fromEntries(
    Object.entries(state).map(([urn, { type, outputs }]) => [urn, { type, outputs: { ...outputs, engineVersionActual: "18.1" } }]),
  );
  const paths = refusedDatabaseChanges(stackOf(storage), upgraded).map(({ path }) => formatConfigPath(path));
  expect(paths).toContain("databases.main.version");
});
