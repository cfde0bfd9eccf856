/** Config area `caches`: Valkey and Redis on ElastiCache, by name. */
import { evictionPolicies } from "../../components/cache/eviction.ts";
import { dailyWindow, recoveryClass, storeName, weeklyWindow } from "./databases.ts";
import { flag, matching, whole } from "./values.ts";
import { z } from "./zod.ts";

const shared = {
  nodeType: matching(
    /^cache\.(?:t3|t4g|[mr][5-9][a-z]*)\.(?:micro|small|medium|large|\d{0,2}xlarge)$/,
    "node type",
    "size of a node, such as cache.t4g.small or cache.r7g.large",
  ).meta({ examples: ["cache.t4g.small"] }),
  replicas: whole(0, 5, "replicas beside the primary; with one, it takes over by itself")
    .default(0)
    .meta({ examples: [1] }),
  multiAz: flag(false, "primary and replicas in different zones; needs a replica").meta({ examples: [true] }),
  user: z
    .string()
    .regex(/^(?!default$)[a-z][a-z0-9-]{0,38}[a-z0-9]$/, { error: "user name" })
    .default("app")
    .describe("user that services log in with: lower-case letters, digits and hyphens, not default"),
  evictionPolicy: z
    .enum(evictionPolicies)
    .default("volatile-lru")
    .describe("what is dropped when the memory is full; volatile policies drop only keys with an expiry"),
  recoveryClass: recoveryClass
    .unwrap()
    .optional()
    .describe("how much of it may be lost, when it is more than a cache: medium, a day; by default all of it")
    .meta({ examples: ["medium"] }),
  snapshotRetentionDays: whole(0, 35, "days that daily snapshots are kept; 0 for none")
    .default(0)
    .meta({ examples: [7] }),
  snapshotWindow: dailyWindow("the daily snapshot", 60, "03:00-04:00"),
  maintenanceWindow: weeklyWindow(60),
};

export const caches = z
  .record(
    storeName("cache name"),
    z.discriminatedUnion("engine", [
      z.strictObject({
        engine: z.literal("valkey"),
        version: z.enum(["7.2", "8.0", "8.1"]).default("8.0").describe("engine version in quotes"),
        ...shared,
      }),
      z.strictObject({
        engine: z.literal("redis"),
        version: z.enum(["7.0", "7.1"]).default("7.1").describe("engine version in quotes"),
        ...shared,
      }),
    ]),
  )
  .default({})
  .describe("caches by name: TLS and a password always, each encrypted with a key of its own")
  .meta({ examples: [{ sessions: { engine: "valkey", nodeType: "cache.t4g.small", replicas: 1, multiAz: true } }] });
