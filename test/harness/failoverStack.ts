/** A stack that fails over between three regions, on top of a shipped stack file. */
import type { Edits } from "./config.ts";

/** Two standby regions: loss of the primary is automatic, loss of the secondary waits for an approval. */
export const threeRegions: Edits = {
  failover: {
    check: { intervalSeconds: 10, failureThreshold: 3 },
    secondary: {
      region: "eu-west-1",
      zones: ["eu-west-1a", "eu-west-1b"],
      cidr: "10.120.0.0/16",
      policy: "manual_approval",
      pilotTasks: 1,
    },
    tertiary: { region: "ap-southeast-1", zones: ["ap-southeast-1a", "ap-southeast-1b"], cidr: "10.220.0.0/16", pilotTasks: 1 },
  },
};

/** One standby region. @param policy what happens when the primary fails */
export function twoRegions(policy: "automatic" | "manual_approval"): Edits {
  return {
    failover: {
      primary: { policy },
      secondary: { region: "eu-west-1", zones: ["eu-west-1a", "eu-west-1b"], cidr: "10.120.0.0/16", pilotTasks: 1 },
    },
  };
}

/** A database, a bucket and a cache that the service `api` uses. */
export const carriedStores: Edits = {
  databases: {
    main: {
      engine: "postgres",
      instanceClass: "db.t4g.medium",
      databaseName: "coinestate",
      applicationUser: "coinestate_app",
      multiAz: true,
      recoveryClass: "critical",
      backupRetentionDays: 7,
    },
  },
  buckets: { metadata: { purpose: "private" } },
  "services.api.connects": { databases: ["main"], buckets: { metadata: "readWrite" } },
};
