/** A stack with one data store of each kind, on top of a shipped stack file. */
import type { Edits } from "./config.ts";

/** Edits for `production` (zones us-east-1a to c); every store is connected to the service `api`. */
export const dataStores: Edits = {
  databases: {
    main: {
      engine: "postgres",
      instanceClass: "db.t4g.medium",
      storageGib: 100,
      maximumStorageGib: 500,
      databaseName: "deedpro_production",
      applicationUser: "deedpro_app",
      multiAz: true,
      recoveryClass: "critical",
      backupRetentionDays: 35,
      iamAuthentication: true,
    },
    ledger: {
      engine: "postgres",
      instanceClass: "db.r7g.large",
      databaseName: "ledger",
      applicationUser: "ledger_app",
      readReplicas: { reports: { instanceClass: "db.t4g.medium" } },
    },
    olympiad: {
      engine: "documentdb",
      instanceClass: "db.r6g.large",
      instances: 3,
      databaseName: "olympiad-platform",
      applicationUser: "olympiad_app",
      recoveryClass: "critical",
    },
    contracts: {
      engine: "dynamodb",
      partitionKey: { name: "id" },
      sortKey: { name: "createdAt", type: "N" },
      indexes: { byOwner: { partitionKey: { name: "owner" } } },
      expiryAttribute: "expiresAt",
    },
  },
  caches: {
    sessions: { engine: "valkey", nodeType: "cache.t4g.small", replicas: 1, multiAz: true, snapshotRetentionDays: 7 },
    queue: { engine: "redis", nodeType: "cache.t4g.micro", evictionPolicy: "noeviction" },
  },
  buckets: {
    kyc: { purpose: "documents", lock: { days: 30 }, replicaRegion: "us-west-2" },
    media: { purpose: "uploads", origins: ["https://app.coinestate.io"], expireDays: 365, infrequentDays: 90 },
    metadata: { purpose: "private" },
  },
  fileSystems: { uploads: {} },
  "services.api.connects": {
    databases: ["main", "ledger", "olympiad", "contracts"],
    caches: ["sessions", "queue"],
    buckets: { kyc: "readWrite", metadata: "read" },
    fileSystems: { uploads: { path: "/app/uploads" } },
  },
};
