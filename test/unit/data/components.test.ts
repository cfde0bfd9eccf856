/** Data components by themselves: what they refuse, and their pure parts. */

import { describe, expect, test } from "vitest";
import type { CacheArgs } from "../../../components/cache/cache.ts";
import { cache as cacheContract } from "../../../components/cache/contract.ts";
import { contractProblems } from "../../../components/contract/accepted.ts";
import type { ArgumentProblem } from "../../../components/contract/argumentProblem.ts";
import {
  documentCluster as clusterContract,
  postgres as postgresContract,
  table as tableContract,
} from "../../../components/database/contract.ts";
import { tooFewZones } from "../../../components/database/databaseNetwork.ts";
import { DocumentCluster, type DocumentClusterArgs } from "../../../components/database/documentCluster.ts";
import { Postgres, type PostgresArgs } from "../../../components/database/postgres.ts";
import { postgresParameters } from "../../../components/database/postgresParameters.ts";
import { PostgresReplica } from "../../../components/database/postgresReplica.ts";
import type { TableArgs } from "../../../components/database/table.ts";
import { dailyWindowPattern, weeklyWindowPattern, windowMinutes, windowsOverlap } from "../../../components/database/windows.ts";
import { keyDigits } from "../../../components/physicalName.ts";
import { dataBucket, fileSystem } from "../../../components/storage/contract.ts";
import type { DataBucketArgs } from "../../../components/storage/dataBucket.ts";
import type { FileSystemArgs } from "../../../components/storage/fileSystem.ts";
import { fc } from "../../harness/campaign.ts";
import { graphOf } from "../../harness/graph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

const keyArn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const network = { vpcId: "vpc-1", subnetIds: { "us-east-1a": "subnet-a", "us-east-1b": "subnet-b" } };

const postgres: PostgresArgs = {
  region: "us-east-1",
  accountId: "123456789012",
  network,
  keyArn,
  version: "17",
  instanceClass: "db.t4g.medium",
  storageGib: 20,
  databaseName: "app",
  applicationUser: "app_user",
  multiAz: false,
  backupRetentionDays: 7,
  backupWindow: "03:00-04:00",
  maintenanceWindow: "sun:05:00-sun:06:00",
  logRetentionDays: 90,
};
const cluster: DocumentClusterArgs = {
  ...{ region: "us-east-1", network, keyArn, version: "5.0.0", instanceClass: "db.r6g.large", instances: 1 },
  ...{ databaseName: "app", applicationUser: "app_user", backupRetentionDays: 7, backupWindow: "03:00-04:00" },
  ...{ maintenanceWindow: "sun:05:00-sun:06:00", logRetentionDays: 90 },
};
const cache: CacheArgs = {
  ...{ region: "us-east-1", vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"], keyArn, engine: "valkey", version: "8.0" },
  ...{ nodeType: "cache.t4g.small", replicas: 1, multiAz: true, user: "app", snapshotRetentionDays: 7 },
  ...{ snapshotWindow: "03:00-04:00", maintenanceWindow: "sun:05:00-sun:06:00", logRetentionDays: 90 },
};
const table: TableArgs = { region: "us-east-1", keyArn, partitionKey: { name: "id", type: "S" }, pointInTimeDays: 35 };
const bucket: DataBucketArgs = { region: "us-east-1", keyArn, purpose: "private" };
const files: FileSystemArgs = { region: "us-east-1", vpcId: "vpc-1", subnetIds: network.subnetIds, keyArn };

const pathsOf = (problems: readonly ArgumentProblem[]) => problems.map(({ propertyPath }) => propertyPath);

describe("arguments", () => {
  test("good ones have no problems", () => {
    expect([
      ...contractProblems(postgresContract, postgres),
      ...contractProblems(clusterContract, cluster),
      ...tooFewZones(network),
      ...contractProblems(cacheContract, cache),
      ...contractProblems(tableContract, table),
      ...contractProblems(dataBucket, bucket),
      ...contractProblems(fileSystem, files),
    ]).toEqual([]);
  });

  test.each([
    [
      "network.subnetIds",
      refusedArguments(() => new Postgres("main", { ...postgres, network: { vpcId: "vpc-1", subnetIds: { "us-east-1a": "subnet-a" } } })),
    ],
    ["backupRetentionDays", pathsOf(contractProblems(postgresContract, { ...postgres, backupRetentionDays: 0 }))],
    ["maximumStorageGib", pathsOf(contractProblems(postgresContract, { ...postgres, maximumStorageGib: 21 }))],
    ["backupWindow", pathsOf(contractProblems(postgresContract, { ...postgres, backupWindow: "05:30-06:30" }))],
    [
      "readReplicas",
      pathsOf(
        contractProblems(postgresContract, {
          ...postgres,
          readReplicas: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`r${i}`, {}])),
        }),
      ),
    ],
    ["instances", pathsOf(contractProblems(clusterContract, { ...cluster, instances: 0 }))],
    ["network.subnetIds", refusedArguments(() => new DocumentCluster("main", { ...cluster, instances: 3 }))],
    ["slowQueryMilliseconds", pathsOf(contractProblems(clusterContract, { ...cluster, slowQueryMilliseconds: 10 }))],
    ["multiAz", pathsOf(contractProblems(cacheContract, { ...cache, replicas: 0 }))],
    ["replicas", pathsOf(contractProblems(cacheContract, { ...cache, replicas: 6 }))],
    [
      "indexes.other.partitionKey.type",
      pathsOf(contractProblems(tableContract, { ...table, indexes: { other: { partitionKey: { name: "id", type: "N" } } } })),
    ],
    ["pointInTimeDays", pathsOf(contractProblems(tableContract, { ...table, pointInTimeDays: 36 }))],
    ["expireDays", pathsOf(contractProblems(dataBucket, { ...bucket, infrequentDays: 90, expireDays: 30 }))],
    ["lock.days", pathsOf(contractProblems(dataBucket, { ...bucket, purpose: "documents", lock: { days: 0 } }))],
    ["uid", pathsOf(contractProblems(fileSystem, { ...files, uid: 0 }))],
    ["infrequentDays", pathsOf(contractProblems(fileSystem, { ...files, infrequentDays: 2 }))],
  ])("%s", (path, problems) => expect(problems).toEqual([path]));
});

test("parameters: TLS is forced, slow statements are logged, the rest is the engine's", () => {
  const values = Object.fromEntries(
    postgresParameters({ version: "17", slowQueryMilliseconds: 500, maximumConnections: 200 }).map(({ name, value }) => [name, value]),
  );
  expect(values).toEqual({
    log_connections: "1",
    log_disconnections: "1",
    log_min_duration_statement: "500",
    max_connections: "200",
    "rds.force_ssl": "1",
  });
  expect(postgresParameters({ version: "17", slowQueryMilliseconds: 500 }).map(({ name }) => name)).not.toContain("max_connections");
});

test("names take eight digits of the key, whatever kind of key it is", () => {
  expect(keyDigits(keyArn)).toBe("11111111");
  expect(keyDigits("arn:aws:kms:eu-west-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef")).toBe("01234567");
});

describe("a replica in another region", () => {
  const place = {
    in: "otherRegion" as const,
    network,
  };
  const made = (source: string | undefined) =>
    graphOf(() => {
      new PostgresReplica("euw1-db-main", {
        ...{ region: "eu-west-1", source, instanceClass: "db.t4g.medium", place, keyArn, protect: true, multiAz: true },
        maintenanceWindow: "sun:05:00-sun:06:00",
        logRetentionDays: 30,
      });
    });

  test("has its own network, key and backups, takes no password, and is protected", async () => {
    const resources = await made("arn:aws:rds:us-east-1:123456789012:db:main");
    const instance = resources.find(({ type }) => type === "aws:rds/instance:Instance")!;
    expect(instance.inputs).toMatchObject({
      region: "eu-west-1",
      replicateSourceDb: "arn:aws:rds:us-east-1:123456789012:db:main",
      kmsKeyId: keyArn,
      storageEncrypted: true,
      backupRetentionPeriod: 7,
      deletionProtection: true,
      multiAz: true,
    });
    expect([instance.inputs.password, instance.inputs.username, instance.inputs.manageMasterUserPassword]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(instance.protect).toBe(true);
    expect(instance.inputs.enabledCloudwatchLogsExports).toEqual(["postgresql", "upgrade"]);
    const logs = resources.filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    expect(logs.map(({ inputs: { kmsKeyId, retentionInDays } }) => [kmsKeyId, retentionInDays])).toEqual([
      [keyArn, 30],
      [keyArn, 30],
    ]);
    for (const { inputs, custom } of resources) if (custom) expect(inputs.region).toBe("eu-west-1");
  });

  test("is promoted without another name", async () => {
    const of = async (source: string | undefined) => {
      const { urn, inputs } = (await made(source)).find(({ type }) => type === "aws:rds/instance:Instance")!;
      return { urn, identifier: inputs.identifier, kmsKeyId: inputs.kmsKeyId };
    };
    expect(await of(undefined)).toEqual(await of("arn:aws:rds:us-east-1:123456789012:db:main"));
  });
});

describe("windows", () => {
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
  const day = fc.constantFrom("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  const daily = fc.tuple(clock, clock).map(([start, end]) => `${start}-${end}`);
  const weekly = fc.tuple(day, clock, day, clock).map(([from, start, to, end]) => `${from}:${start}-${to}:${end}`);

  test("overlap is symmetric, and every window overlaps itself", () => {
    fc.assert(
      fc.property(daily, weekly, (a, b) => {
        expect(windowsOverlap(a, b)).toBe(windowsOverlap(b, a));
        expect([windowsOverlap(a, a), windowsOverlap(b, b)]).toEqual([true, true]);
        expect([dailyWindowPattern.test(a), weeklyWindowPattern.test(b)]).toEqual([true, true]);
        expect(windowMinutes(a)! > 0 && windowMinutes(b)! > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["03:00-04:00", "sun:05:00-sun:06:00", false],
    ["05:59-06:30", "sun:05:00-sun:06:00", true],
    ["06:00-06:30", "sun:05:00-sun:06:00", false],
    ["23:30-00:30", "mon:00:00-mon:01:00", true],
    ["23:30-00:30", "sun:23:00-sun:23:30", false],
    ["00:10-00:40", "sun:23:30-mon:00:30", true],
  ])("%s and %s: %s", (a, b, expected) => expect(windowsOverlap(a, b)).toBe(expected));
});
