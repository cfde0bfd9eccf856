/** What config accepts of databases, RDS accepts. */
import { expect, it } from "vitest";
import { Postgres } from "../../../components/database/postgres.ts";
import { errorOf, rawConfig } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { emptyCloud, makeDeclared, place } from "../../harness/emptyCloud.ts";
import { graphOf } from "../../harness/graph.ts";

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

const args = {
  ...{ region: place.region, accountId: place.account, keyArn: `arn:aws:kms:${place.region}:${place.account}:key/1` },
  network: { vpcId: "vpc-1", subnetIds: { "us-east-1a": "subnet-a", "us-east-1b": "subnet-b" } },
  ...{ instanceClass: "db.t4g.medium", databaseName: "app", applicationUser: "app_user" },
};

it("A15 a replica beside its source stands in the source's network", async () => {
  const graph = await graphOf(() => new Postgres("main", { ...args, readReplicas: { reports: {} } }));
  expect(graph.filter(({ type }) => type === instance)).toHaveLength(2);
  expect(refusalOf(() => makeDeclared(graph, instance))).toBe("");
});

it("A18 insights are kept as long as RDS sells them", async () => {
  const kept = [7, 62, 465, 731].filter((days) => {
    const edits = { ...dataStores, "databases.ledger.insightsDays": days };
    return errorOf(rawConfig("bench/production", edits)) === "";
  });
  const refused = [];
  for (const insightsDays of kept) {
    const graph = await graphOf(() => new Postgres("main", { ...args, insightsDays: insightsDays as 7 }));
    refused.push(...[refusalOf(() => makeDeclared(graph, instance))].filter((text) => text !== ""));
  }
  expect(refused).toEqual([]);
  expect(kept).toContain(465);
});
