/** Data stores in the live cloud: AWS's own formats, and what AWS refuses. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder = "";
let cloud: Cloud;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-cloud-"));
  cloud = new Cloud(aws, new LiveStore(folder));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (type: string, inputs: Properties) => cloud.create({ type, urn: `urn::${type}`, inputs, secrets: [] }, place);
const remove = (type: string, { id, properties }: { id: string; properties: Properties }) => cloud.delete(type, id, properties, place);

const instance = "aws:rds/instance:Instance";
const subnetGroup = "aws:rds/subnetGroup:SubnetGroup";
const nodes = "aws:elasticache/replicationGroup:ReplicationGroup";
const bucket = "aws:s3/bucket:Bucket";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const files = "aws:efs/fileSystem:FileSystem";
const table = "aws:dynamodb/table:Table";
const cluster = "aws:docdb/cluster:Cluster";

const vpc = () => create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }).id;
const subnet = (vpcId: string, part: number, zone: string) =>
  create("aws:ec2/subnet:Subnet", { vpcId, cidrBlock: `10.0.${part}.0/24`, availabilityZone: zone }).id;
const twoZones = () => {
  const vpcId = vpc();
  return create(subnetGroup, { name: "two", subnetIds: [subnet(vpcId, 0, "us-east-1a"), subnet(vpcId, 1, "us-east-1b")] });
};
const server: Properties = {
  ...{ identifier: "main", engine: "postgres", instanceClass: "db.t4g.medium", allocatedStorage: 20, username: "slipway" },
  ...{ manageMasterUserPassword: true, backupRetentionPeriod: 7, skipFinalSnapshot: true },
};
const plain: Properties = { ...server, manageMasterUserPassword: false, password: "long-enough-password" };
const documents: Properties = { clusterIdentifier: "docs", engine: "docdb", manageMasterUserPassword: true, skipFinalSnapshot: true };
/** Makes an object and changes it. */
const change = (type: string, inputs: Properties, changes: Properties) => {
  const { id, properties } = create(type, inputs);
  return cloud.update(id, properties, { type, urn: "u", inputs: { ...inputs, ...changes }, secrets: [] }, place);
};
const versioned = (name: string, more: Properties = {}) => {
  const made = create(bucket, { bucket: name, ...more });
  create("aws:s3/bucketVersioning:BucketVersioning", { bucket: name, versioningConfiguration: { status: "Enabled" } });
  return made;
};
const rule = { defaultRetention: { mode: "GOVERNANCE", days: 1 } };

test("a version rises within its major one, and to the next by the word for it", () => {
  const [from, word] = [{ ...server, engineVersion: "16.4" }, { allowMajorVersionUpgrade: true }];
  expect(change(instance, from, { engineVersion: "16.6" }).engineVersion).toBe("16.6");
  expect(change(instance, { ...from, identifier: "other" }, { engineVersion: "17.2", ...word }).engineVersion).toBe("17.2");
});

describe("formats", () => {
  test("of databases are AWS's own", () => {
    const { id, properties } = create(instance, server);
    expect(id).toMatch(/^db-/);
    expect(properties.arn).toBe("arn:aws:rds:us-east-1:123456789012:db:main");
    expect(properties.endpoint).toMatch(/^main\.c[0-9a-f]{11}\.us-east-1\.rds\.amazonaws\.com:5432$/);
    expect(properties.masterUserSecrets).toMatchObject([{ secretArn: expect.stringMatching(/:secret:rds!db-[0-9a-f-]{36}-\w{6}$/) }]);
    const made = create(cluster, documents).properties;
    expect(made.endpoint).toMatch(/^docs\.cluster-[0-9a-f]{12}\.us-east-1\.docdb\.amazonaws\.com$/);
    expect(made.readerEndpoint).toBe(String(made.endpoint).replace(".cluster-", ".cluster-ro-"));
  });

  test("of caches, files and secrets are AWS's own", () => {
    const { properties } = create(nodes, { replicationGroupId: "cache", description: "x", numCacheClusters: 2 });
    expect(properties.primaryEndpointAddress).toMatch(/^master\.cache\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
    expect(properties.memberClusters).toEqual(["cache-001", "cache-002"]);
    expect(create(files, { encrypted: true }).properties.dnsName).toMatch(/^fs-[0-9a-f]{17}\.efs\.us-east-1\.amazonaws\.com$/);
    expect(create("aws:secretsmanager/secret:Secret", { name: "app" }).id).toMatch(/^arn:aws:secretsmanager:.*:secret:app-\w{6}$/);
  });
});

describe("refusals", () => {
  const refused: readonly [name: string, act: () => unknown, says: string][] = [
    [
      "a protected database is deleted",
      () => remove(instance, create(instance, { ...server, deletionProtection: true })),
      "disable deletion protection",
    ],
    [
      "a database is deleted with no word on its last snapshot",
      () => remove(instance, create(instance, { ...server, skipFinalSnapshot: false })),
      "FinalDBSnapshotIdentifier is required",
    ],
    ["a database without a password", () => create(instance, { ...server, manageMasterUserPassword: false }), "Invalid master password"],
    [
      "two databases of one name",
      () => {
        create(instance, server);
        create(instance, server);
      },
      "DBInstanceAlreadyExists",
    ],
    [
      "a backup window inside of maintenance",
      () => create(instance, { ...server, backupWindow: "05:30-06:30", maintenanceWindow: "sun:05:00-sun:06:00" }),
      "must not overlap",
    ],
    [
      "a replica of a database whose password RDS manages",
      () =>
        create(instance, {
          identifier: "copy",
          instanceClass: "db.t4g.medium",
          replicateSourceDb: String(create(instance, server).properties.arn),
        }),
      "manages its master user password",
    ],
    [
      "a replica of a database without backups",
      () => {
        const { properties } = create(instance, { ...plain, backupRetentionPeriod: 0 });
        create(instance, { identifier: "copy", instanceClass: "db.t4g.medium", replicateSourceDb: String(properties.arn) });
      },
      "Automated backups are not enabled",
    ],
    [
      "a replica of an encrypted database in another region without a key there",
      () => {
        const { properties } = create(instance, { ...plain, storageEncrypted: true });
        create(instance, {
          identifier: "copy",
          region: "eu-west-1",
          instanceClass: "db.t4g.medium",
          replicateSourceDb: String(properties.arn),
        });
      },
      "needs a KMS key of its own Region",
    ],
    ["less storage", () => change(instance, server, { allocatedStorage: 10 }), "must not be less than the current"],
    [
      "a new major version of a database without the word for it",
      () => change(instance, { ...server, engineVersion: "16.4" }, { engineVersion: "17" }),
      "AllowMajorVersionUpgrade flag must be present",
    ],
    [
      "a new major version of documents without the word for it",
      () => change(cluster, { ...documents, engineVersion: "4.0.0" }, { engineVersion: "5.0.0" }),
      "AllowMajorVersionUpgrade flag must be present",
    ],
    [
      "an older major version",
      () => change(instance, { ...server, engineVersion: "17.2" }, { engineVersion: "16.4", allowMajorVersionUpgrade: true }),
      "Cannot upgrade postgres from 17.2 to 16.4",
    ],
    [
      "a subnet group in one zone",
      () => {
        const vpcId = vpc();
        create(subnetGroup, { name: "one", subnetIds: [subnet(vpcId, 0, "us-east-1a"), subnet(vpcId, 1, "us-east-1a")] });
      },
      "at least 2 AZs",
    ],
    [
      "a subnet group that a database uses",
      () => {
        const group = twoZones();
        create(instance, { ...server, dbSubnetGroupName: "two" });
        remove(subnetGroup, group);
      },
      "InvalidDBSubnetGroupStateFault",
    ],
    [
      "a cluster that still has an instance",
      () => {
        const made = create(cluster, { clusterIdentifier: "docs", manageMasterUserPassword: true, skipFinalSnapshot: true });
        create("aws:docdb/clusterInstance:ClusterInstance", {
          identifier: "docs-a",
          clusterIdentifier: "docs",
          instanceClass: "db.r6g.large",
        });
        remove(cluster, made);
      },
      "still contains DB instances",
    ],
    [
      "a protected table is deleted",
      () =>
        remove(
          table,
          create(table, { name: "t", hashKey: "id", attributes: [{ name: "id", type: "S" }], deletionProtectionEnabled: true }),
        ),
      "currently protected against deletion",
    ],
    [
      "a table with an attribute that no key has",
      () => {
        const attributes = ["id", "other"].map((name) => ({ name, type: "S" }));
        create(table, { name: "t", hashKey: "id", attributes });
      },
      "Number of attributes in KeySchema",
    ],
    [
      "failover without a replica",
      () => create(nodes, { replicationGroupId: "c", description: "x", numCacheClusters: 1, automaticFailoverEnabled: true }),
      "needs at least 1 replica",
    ],
    [
      "a Redis group without the default user",
      () => create("aws:elasticache/userGroup:UserGroup", { userGroupId: "g", engine: "redis", userIds: [] }),
      "DefaultUserRequired",
    ],
    [
      "a cache user without a password",
      () => create("aws:elasticache/user:User", { userId: "u", userName: "app", engine: "valkey", accessString: "on ~* +@all" }),
      "No password was provided",
    ],
    [
      "a second mount target in a zone",
      () => {
        const vpcId = vpc();
        const { id: fileSystemId } = create(files, {});
        for (const part of [0, 1]) create("aws:efs/mountTarget:MountTarget", { fileSystemId, subnetId: subnet(vpcId, part, "us-east-1a") });
      },
      "MountTargetConflict",
    ],
    [
      "a file system that is mounted",
      () => {
        const made = create(files, {});
        create("aws:efs/mountTarget:MountTarget", { fileSystemId: made.id, subnetId: subnet(vpc(), 0, "us-east-1a") });
        remove(files, made);
      },
      "FileSystemInUse",
    ],
    [
      "object lock on a bucket that was made without it",
      () => {
        versioned("plain");
        create(lock, { bucket: "plain", rule });
      },
      "cannot be enabled on existing buckets",
    ],
    [
      "object lock without versions",
      () => {
        create(bucket, { bucket: "plain", objectLockEnabled: true });
        create(lock, { bucket: "plain", rule });
      },
      "Versioning must be 'Enabled'",
    ],
    [
      "a bucket with objects in it",
      () => {
        const made = create(bucket, { bucket: "full" });
        create("aws:s3/bucketObjectv2:BucketObjectv2", { bucket: "full", key: "a" });
        remove(bucket, made);
      },
      "BucketNotEmpty",
    ],
    [
      "a copy into a bucket without versions",
      () => {
        versioned("from");
        create(bucket, { bucket: "to" });
        const role = create("aws:iam/role:Role", { name: "copy", assumeRolePolicy: "{}" }).properties.arn ?? "";
        const rules = [{ id: "all", status: "Enabled", destination: { bucket: "arn:aws:s3:::to" } }];
        create("aws:s3/bucketReplicationConfig:BucketReplicationConfig", { bucket: "from", role, rules });
      },
      "Destination bucket must have versioning",
    ],
  ];
  test.each(refused)("%s", (_, act, says) => expect(act).toThrow(says));

  test("what AWS accepts is not refused", () => {
    twoZones();
    const source = create(instance, { ...plain, dbSubnetGroupName: "two" });
    create(instance, { identifier: "copy", instanceClass: "db.t4g.medium", replicateSourceDb: String(source.properties.arn) });
    versioned("locked", { objectLockEnabled: true });
    create(lock, { bucket: "locked", rule });
    expect(cloud.store.all(instance).length).toBe(2);
    expect(cloud.store.all(lock).length).toBe(1);
  });
});
