/** What a cache is made with: Valkey or Redis on ElastiCache. */
import { flag, matching, range } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { dailyWindow, weeklyWindow } from "../database/contract.ts";
import { windowsApart } from "../database/windows.ts";

/** Type of a cache's nodes. */
export const cacheNodeType = matching(
  /^cache\.(?:t3|t4g|[mr][5-9][a-z]*)\.(?:micro|small|medium|large|\d{0,2}xlarge)$/,
  "node type",
  "size of a node, such as cache.t4g.small or cache.r7g.large",
).meta({ examples: ["cache.t4g.small"] });

const fields = {
  nodeType: cacheNodeType,
  replicas: range(0, 5, "replicas beside the primary; with one, it takes over by itself")
    .default(0)
    .meta({ examples: [1] }),
  multiAz: flag(false, "primary and replicas in different zones; needs a replica").meta({ examples: [true] }),
  user: matching(
    /^(?!default$)[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
    "user name",
    "user that services log in with: lower-case letters, digits and hyphens, not default",
  ).default("app"),
  evictionPolicy: z
    .enum(["allkeys-lfu", "allkeys-lru", "allkeys-random", "noeviction", "volatile-lfu", "volatile-lru", "volatile-random", "volatile-ttl"])
    .default("volatile-lru")
    .describe("what is dropped when the memory is full; volatile policies drop only keys with an expiry"),
  snapshotRetentionDays: range(0, 35, "days that daily snapshots are kept; 0 for none")
    .default(0)
    .meta({ examples: [7] }),
  snapshotWindow: dailyWindow("the daily snapshot", 60, "03:00-04:00"),
  maintenanceWindow: weeklyWindow(60),
};

const valkeyVersion = z.enum(["7.2", "8.0", "8.1"]).default("8.0").describe("engine version in quotes");
const redisVersion = z.enum(["7.0", "7.1"]).default("7.1").describe("engine version in quotes");

/** What the component is made with, by engine. */
export const cache = z.discriminatedUnion("engine", [
  z.strictObject({ engine: z.literal("valkey"), version: valkeyVersion, ...fields }).superRefine(holds(cacheRules)),
  z.strictObject({ engine: z.literal("redis"), version: redisVersion, ...fields }).superRefine(holds(cacheRules)),
]);

function cacheRules(given: z.output<z.ZodObject<typeof fields>>): BrokenRule[] {
  const { multiAz, replicas, snapshotRetentionDays, nodeType, snapshotWindow, maintenanceWindow } = given;
  const broken = windowsApart("snapshotWindow", snapshotWindow, maintenanceWindow);
  if (multiAz && replicas === 0)
    broken.push({
      path: ["multiAz"],
      found: "is true without a replica",
      allowed: "true with one replica or more",
      fix: { path: ["replicas"], value: 1 },
    });
  if (snapshotRetentionDays > 0 && /^cache\.t[34]g?\.micro$/.test(nodeType))
    broken.push({
      path: ["snapshotRetentionDays"],
      found: `is ${snapshotRetentionDays} with ${nodeType}`,
      reason: "a micro node has no memory left for the fork that a snapshot takes",
      allowed: "0, or a larger node",
      fix: { path: ["snapshotRetentionDays"], value: 0 },
    });
  return broken;
}

/** Subnets that a cache stands in. */
export const cacheSubnets = range(2, 16, "subnets");
