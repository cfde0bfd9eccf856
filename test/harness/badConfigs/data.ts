/** Bad configs of data stores: each gives one readable problem that names the key. */
import { dataStores } from "../dataStack.ts";
import type { BadConfig } from "./badConfig.ts";

const main = "databases.main";
const connects = "services.api.connects";

const cases: readonly BadConfig[] = [
  { edits: { [`${main}.engine`]: "postgresql" }, path: `${main}.engine`, says: "did you mean postgres?" },
  { edits: { [`${main}.version`]: 17 }, path: `${main}.version`, says: "--type string" },
  { edits: { [`${main}.version`]: "9.6" }, path: `${main}.version`, says: 'is "9.6"' },
  { edits: { [`${main}.instanceClass`]: "t4g.medium" }, path: `${main}.instanceClass`, says: "such as db.t4g.medium" },
  { edits: { "databases.olympiad.instanceClass": "db.m7g.large" }, path: "databases.olympiad.instanceClass", says: "db.r6g.large" },
  { edits: { "caches.sessions.nodeType": "db.t4g.small" }, path: "caches.sessions.nodeType", says: "cache.t4g.small" },
  { edits: { [`${main}.storageGib`]: 10 }, path: `${main}.storageGib`, says: "an integer from 20 to 65536" },
  { edits: { [`${main}.maximumStorageGib`]: 105 }, path: `${main}.maximumStorageGib`, says: "at least 110, a tenth above" },
  { edits: { [`${main}.applicationUser`]: "admin" }, path: `${main}.applicationUser`, says: "no word that the engine reserves" },
  { edits: { [`${main}.applicationUser`]: "slipway" }, path: `${main}.applicationUser`, says: "the master user", write: ["app_user"] },
  { edits: { [`${main}.databaseName`]: "deed-pro" }, path: `${main}.databaseName`, says: "underscores for PostgreSQL" },
  { edits: { [`${main}.applicationUser`]: "user" }, path: `${main}.applicationUser`, says: "no key word of SQL", write: ["user_1"] },
  { edits: { [`${main}.backupRetentionDays`]: 36 }, path: `${main}.backupRetentionDays`, says: "an integer from 1 to 35" },
  { edits: { [`${main}.backupRetentionDays`]: 3 }, path: `${main}.backupRetentionDays`, says: "at least 7 days where protect is true" },
  { edits: { "databases.contracts.pointInTimeDays": 1 }, path: "databases.contracts.pointInTimeDays", says: "at least 7 days" },
  { edits: { [`${main}.multiAz`]: false }, path: `${main}.multiAz`, says: "false for a critical database" },
  { edits: { "databases.olympiad.instances": 1 }, path: "databases.olympiad.instances", says: "1 for a critical database" },
  {
    edits: { "network.zones": ["us-east-1a", "us-east-1b"] },
    path: "databases.olympiad.instances",
    says: "is 3 with 2 zones",
  },
  { edits: { [`${main}.backupWindow`]: "3:00-4:00" }, path: `${main}.backupWindow`, says: "hh:mm-hh:mm" },
  { edits: { [`${main}.backupWindow`]: "03:00-03:10" }, path: `${main}.backupWindow`, says: "30 minutes at least" },
  {
    edits: { [`${main}.backupWindow`]: "05:30-06:30" },
    path: `${main}.backupWindow`,
    says: "overlaps the maintenance sun:05:00-sun:06:00",
    write: ["03:00-04:00"],
  },
  { edits: { [`${main}.maintenanceWindow`]: "sunday:05:00-06:00" }, path: `${main}.maintenanceWindow`, says: "ddd:hh:mm-ddd:hh:mm" },
  {
    edits: { [`${main}.maintenanceWindow`]: "sat:23:30-sun:00:30", [`${main}.backupWindow`]: "23:45-00:15" },
    path: `${main}.backupWindow`,
    says: "overlaps the maintenance",
    write: ["03:00-04:00"],
  },
  {
    edits: { "caches.sessions.snapshotWindow": "05:00-06:00" },
    path: "caches.sessions.snapshotWindow",
    says: "overlaps the maintenance",
    write: ["03:00-04:00"],
  },
  { edits: { [`${main}.insightsDays`]: 30 }, path: `${main}.insightsDays`, says: "one of 7, 465" },
  {
    edits: { "databases.ledger.readReplicas": Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`reports${index}`, {}])) },
    path: "databases.ledger.readReplicas",
    says: "has 16 replicas",
    noFix: true,
  },
  {
    edits: {
      "databases.contracts.indexes": Object.fromEntries(
        Array.from({ length: 21 }, (_, index) => [`by${index}`, { partitionKey: { name: `key${index}` } }]),
      ),
    },
    path: "databases.contracts.indexes",
    says: "has 21 indexes",
    noFix: true,
  },
  {
    edits: { "databases.ledger.readReplicas": { Reports: {} } },
    path: "databases.ledger.readReplicas.Reports",
    says: "is not a good name",
    noFix: true,
  },
  { edits: { "databases.contracts.sortKey.type": "D" }, path: "databases.contracts.sortKey.type", says: "one of S, N, B" },
  {
    edits: { "databases.contracts.indexes.byOwner.sortKey": { name: "createdAt" } },
    path: "databases.contracts.indexes.byOwner.sortKey.type",
    says: '"N" in another key',
  },
  { edits: { "databases.contracts.multiAz": true }, path: "databases.contracts.multiAz", says: "is not a known key" },
  { edits: { "caches.sessions.version": "6.2" }, path: "caches.sessions.version", says: "one of 7.2, 8.0, 8.1" },
  { edits: { "caches.sessions.replicas": 0 }, path: "caches.sessions.multiAz", says: "true without a replica" },
  { edits: { "caches.queue.snapshotRetentionDays": 1 }, path: "caches.queue.snapshotRetentionDays", says: "a micro node" },
  { edits: { "caches.queue.user": "default" }, path: "caches.queue.user", says: "not default" },
  { edits: { "buckets.kyc.lock": undefined }, path: "buckets.kyc.lock", says: "days (required)", write: [30] },
  { edits: { "buckets.kyc.lock.mode": "COMPLIANCE" }, path: "buckets.kyc.lock.mode", says: "did you mean compliance?" },
  {
    edits: { "buckets.kyc.lock.mode": "compliance", protect: false },
    path: "buckets.kyc.lock.mode",
    says: "the stack could never be destroyed",
  },
  { edits: { "buckets.kyc.replicaRegion": "xx-north-7" }, path: "buckets.kyc.replicaRegion", says: 'is "xx-north-7"', noFix: true },
  { edits: { "buckets.kyc.replicaRegion": "us-west2" }, path: "buckets.kyc.replicaRegion", says: "did you mean us-west-2?" },
  {
    edits: { "buckets.kyc.replicaRegion": "us-east-1" },
    path: "buckets.kyc.replicaRegion",
    says: "where the bucket itself is",
    write: ["us-west-2"],
  },
  { edits: { "buckets.media.origins": ["*"] }, path: "buckets.media.origins[0]", says: "such as https://app.coinestate.io" },
  { edits: { "buckets.media.expireDays": 60 }, path: "buckets.media.expireDays", says: "cheaper class at 90" },
  { edits: { "fileSystems.uploads.uid": 0 }, path: "fileSystems.uploads.uid", says: "never root" },
  {
    edits: { "fileSystems.uploads.recoveryClass": "critical" },
    path: "fileSystems.uploads.recoveryClass",
    says: "up to 24 hours can be lost",
  },
  {
    edits: { "fileSystems.uploads.dailyBackup": false, "backup.exempt.fileSystems.uploads": "made again from the database" },
    path: "fileSystems.uploads.dailyBackup",
    says: "false in a protected stack",
  },
  { edits: { [`${connects}.databases`]: ["main", "mian"] }, path: `${connects}.databases[1]`, says: "not among databases" },
  { edits: { [`${connects}.caches`]: ["redis"] }, path: `${connects}.caches[0]`, says: "queue" },
  { edits: { [`${connects}.buckets`]: { kycs: "read" } }, path: `${connects}.buckets.kycs`, says: "not among buckets" },
  { edits: { [`${connects}.buckets.kyc`]: "write" }, path: `${connects}.buckets.kyc`, says: "one of read, readWrite" },
  {
    edits: { [`${connects}.fileSystems`]: { files: { path: "/x" } } },
    path: `${connects}.fileSystems.files`,
    says: "not among fileSystems",
  },
  {
    edits: { [`${connects}.fileSystems.uploads.path`]: "uploads" },
    path: `${connects}.fileSystems.uploads.path`,
    says: "path in the container",
  },
  {
    edits: { [`${connects}.fileSystems.uploads.path`]: "/tmp/uploads" },
    path: `${connects}.fileSystems.uploads.path`,
    says: "overlaps /tmp",
    write: ["/mnt/uploads"],
  },
  {
    edits: { "services.api.environment.MAIN_HOST": "localhost" },
    path: `${connects}.databases[0]`,
    says: "has the variable MAIN_HOST, which environment sets too",
  },
  {
    edits: { "network.natGateways": "none", "network.gatewayEndpoints": ["dynamodb"] },
    path: `${connects}.buckets`,
    says: "no NAT gateway and no s3 endpoint",
  },
];

/** Bad configs of data stores. */
export const dataCases: readonly BadConfig[] = cases.map((bad) => ({
  ...bad,
  edits: { ...structuredClone(dataStores), ...bad.edits },
}));
