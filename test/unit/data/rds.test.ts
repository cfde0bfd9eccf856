/** What config accepts of databases, RDS accepts. */
import { expect, it } from "vitest";
import { errorOf, rawConfig } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { emptyCloud } from "../../harness/emptyCloud.ts";

const instance = "aws:rds/instance:Instance";
const server = {
  ...{ identifier: "main", engine: "postgres", engineVersion: "17", instanceClass: "db.t4g.medium", allocatedStorage: 20 },
  ...{ username: "slipway", manageMasterUserPassword: true, backupRetentionPeriod: 7, skipFinalSnapshot: true },
};

/** What an act is refused with; empty when it is not. */
function refusalOf(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    return String(error);
  }
}

it("A16 names of databases and users that RDS refuses are refused in config", () => {
  const accepted = (edits: Record<string, string>) => errorOf(rawConfig("bench/production", { ...dataStores, ...edits })) === "";
  expect(accepted({ "databases.main.databaseName": "ledger_2" })).toBe(true);
  const late = ["deed-pro", "1st", "user", "Order", "table", "ledger_2"].flatMap((name) => [
    ...(accepted({ "databases.main.databaseName": name })
      ? [refusalOf(() => emptyCloud().create(instance, { ...server, dbName: name }))]
      : []),
    ...(accepted({ "databases.main.masterUser": name })
      ? [refusalOf(() => emptyCloud().create(instance, { ...server, username: name }))]
      : []),
  ]);
  expect(late.filter((refusal) => refusal !== "")).toEqual([]);
});
