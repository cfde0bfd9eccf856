/** What databases are made with: PostgreSQL on RDS, DocumentDB and DynamoDB. */

import type { Accepted } from "../contract/accepted.ts";
import { flag, group, logRetentionDays, mapByName, matching, range, settings, storeName, text } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { postgresKeyWords } from "./keyWords.ts";
import { dailyWindowPattern, weeklyWindowPattern, windowMinutes, windowsApart } from "./windows.ts";

/** Daily window, UTC. @param least shortest length that AWS takes, minutes */
export function dailyWindow(use: string, least: number, start: string) {
  return z
    .string()
    .regex(dailyWindowPattern, { error: "window" })
    .refine((window) => windowMinutes(window) >= least, { error: "long enough" })
    .default(start)
    .describe(`daily time of ${use}, UTC, hh:mm-hh:mm, ${least} minutes at least`);
}

/** Weekly window, UTC. @param least shortest length that AWS takes, minutes */
export function weeklyWindow(least: number) {
  return z
    .string()
    .regex(weeklyWindowPattern, { error: "window" })
    .refine((window) => windowMinutes(window) >= least && windowMinutes(window) < 1440, { error: "long enough" })
    .default("sun:05:00-sun:06:00")
    .describe(`weekly time in which AWS may restart it for updates, UTC, ddd:hh:mm-ddd:hh:mm, from ${least} minutes to a day`);
}

/** Words that the engines keep for themselves. */
const reserved = /^(?!(?:rds|pg_|aws|admin|root|postgres|rdsadmin|default)(?:[a-z0-9_]*)$)/;

const userName = (description: string, example: string) =>
  matching(
    new RegExp(`${reserved.source}[a-z][a-z0-9_]{0,30}$`),
    "user name",
    `${description}: lower-case letters, digits and underscores, at most 31, no word that the engine reserves (admin, root, rds…)`,
  ).meta({ examples: [example] });

const server = {
  allowMajorUpgrade: flag(false, "let the version rise to the next major one: an outage of minutes, and no way back but a restore"),
  databaseName: matching(
    /^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/,
    "database name",
    "database within the server, letters, digits, underscores and hyphens; cannot be changed later",
  ).meta({ examples: ["deedpro_production"] }),
  masterUser: userName("master user, for people; cannot be changed later", "slipway").default("slipway"),
  applicationUser: userName("limited user that services log in with", "deedpro_app"),
  backupRetentionDays: range(1, 35, "days of which any second can be restored; a protected stack keeps 7 at least")
    .default(7)
    .meta({ examples: [35] }),
  backupWindow: dailyWindow("the daily snapshot", 30, "03:00-04:00"),
  maintenanceWindow: weeklyWindow(30),
  slowQueryMilliseconds: range(50, 600_000, "statements that take longer are logged, milliseconds").default(1000),
};

function windowRules({ backupWindow, maintenanceWindow }: { backupWindow: string; maintenanceWindow: string }): BrokenRule[] {
  return windowsApart("backupWindow", backupWindow, maintenanceWindow);
}

function serverRules(given: z.output<z.ZodObject<typeof server>>): BrokenRule[] {
  const { masterUser, applicationUser } = given;
  const broken = windowRules(given);
  if (masterUser === applicationUser)
    broken.push({
      path: ["applicationUser"],
      found: `is ${JSON.stringify(applicationUser)}, the master user`,
      allowed: "a limited user of its own; services never log in as the master user",
      fix: { path: ["applicationUser"], choose: "a name that is not the master user's" },
    });
  return broken;
}

const postgresClass = matching(
  /^db\.(?:t3|t4g|[mrx][5-9][a-z]*)\.(?:micro|small|medium|large|\d{0,2}xlarge)$/,
  "instance class",
  "size of the instances, such as db.t4g.medium or db.r7g.large",
).meta({ examples: ["db.t4g.medium"] });

/** Days that the advanced mode of Database Insights keeps; AWS sells nothing between a week and these. */
export const advancedInsightsDays = 465;

const postgresFields = z.strictObject({
  version: matching(/^1[4-8](?:\.\d{1,2})?$/, "version", 'major version in quotes, "17"; RDS keeps to its newest minor one').default("17"),
  instanceClass: postgresClass,
  storageGib: range(20, 65_536, "storage at the start, GiB; it never shrinks")
    .default(20)
    .meta({ examples: [100] }),
  maximumStorageGib: range(22, 65_536, "storage that it may grow to by itself, GiB, a tenth above the storage at least")
    .optional()
    .meta({ examples: [500] }),
  multiAz: flag(false, "a standby in a second zone that takes over by itself").meta({ examples: [true] }),
  ...server,
  readReplicas: mapByName(
    "replicas that take reads, by name; with one, RDS no longer rotates the master password",
    storeName("replica name"),
    settings("one replica; without a class of its own it has the database's", { instanceClass: postgresClass.optional() }).meta({
      examples: [{ instanceClass: "db.t4g.medium" }],
    }),
    { reports: { instanceClass: "db.t4g.medium" } },
  ),
  iamAuthentication: flag(false, "let the services' roles log in as the application user without a password").meta({ examples: [true] }),
  maximumConnections: range(6, 8_388_607, "connections at most; by default RDS derives it from the instance's memory")
    .optional()
    .meta({ examples: [200] }),
  insightsDays: z
    .union([z.literal(7), z.literal(advancedInsightsDays)])
    .default(7)
    .describe("days that query insights are kept: 7 is free, 465 is the advanced mode of Database Insights, paid by vCPU"),
});

/** What a PostgreSQL server is made with. */
export const postgres = postgresFields.superRefine(holds(postgresRules));

/** A PostgreSQL server and its logs. */
export const loggedPostgres = postgres.safeExtend({ logRetentionDays });

/** What a replica has of the server's; one beside its source takes the version, the backups and the standby from it. */
export const postgresReplica = postgresFields
  .pick({ version: true, instanceClass: true, multiAz: true, backupRetentionDays: true, backupWindow: true, maintenanceWindow: true })
  .extend(postgresFields.pick({ slowQueryMilliseconds: true, iamAuthentication: true, maximumConnections: true, insightsDays: true }).shape)
  .superRefine(holds(windowRules));

/** RDS's limit of replicas of one source. */
const mostReplicas = 15;

function postgresRules(given: Accepted<typeof postgresFields>): BrokenRule[] {
  const { storageGib, maximumStorageGib, databaseName, readReplicas } = given;
  const broken = serverRules(given);
  const least = Math.ceil((storageGib * 11) / 10);
  if (maximumStorageGib !== undefined && maximumStorageGib < least)
    broken.push({
      path: ["maximumStorageGib"],
      found: `is ${maximumStorageGib} with ${storageGib} GiB of storage`,
      allowed: `at least ${least}, a tenth above the storage`,
      fix: { path: ["maximumStorageGib"], value: least },
    });
  if (databaseName.includes("-"))
    broken.push({
      path: ["databaseName"],
      found: `is ${JSON.stringify(databaseName)}`,
      allowed: "letters, digits and underscores for PostgreSQL",
      fix: { path: ["databaseName"], value: databaseName.replaceAll("-", "_") },
    });
  for (const key of ["databaseName", "masterUser", "applicationUser"] as const)
    if (postgresKeyWords.has(given[key].toLowerCase()))
      broken.push({
        path: [key],
        found: `is ${JSON.stringify(given[key])}`,
        allowed: "no key word of SQL",
        fix: { path: [key], choose: "a name that is no key word of SQL" },
      });
  return [...broken, ...tooMany("readReplicas", "replicas", readReplicas, mostReplicas)];
}

/** What a DocumentDB cluster is made with. */
export const documentCluster = z
  .strictObject({
    version: z.enum(["5.0.0", "8.0.0"]).default("5.0.0").describe("engine version; clients that insist on retryable writes need 8.0.0"),
    instanceClass: matching(
      /^db\.(?:t3\.medium|t4g\.medium|r[5-8][a-z]*\.\d{0,2}x?large)$/,
      "instance class",
      "size of the instances, such as db.t4g.medium or db.r6g.large",
    ).meta({ examples: ["db.r6g.large"] }),
    instances: range(1, 3, "instances, each in a zone of its own: one writes, the others read and take over")
      .default(1)
      .meta({ examples: [3] }),
    ...server,
  })
  .superRefine(holds(serverRules));

const keyAttribute = (what: string) =>
  group(what, {
    name: text(1, 255, "name of the attribute").meta({ examples: ["id"] }),
    type: z.enum(["S", "N", "B"]).default("S").describe("S for text, N for a number, B for bytes"),
  }).meta({ examples: [{ name: "id", type: "S" }] });

const keys = {
  partitionKey: keyAttribute("attribute that items are spread by"),
  sortKey: keyAttribute("attribute that items of one partition key are sorted by").optional(),
};

const tableFields = z.strictObject({
  ...keys,
  indexes: mapByName(
    "further ways to find items, by index name; every attribute is in every index",
    z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, { error: "index name" }),
    z
      .strictObject(keys)
      .describe("keys of the index")
      .meta({ examples: [{ partitionKey: { name: "userId", type: "S" } }] }),
    { byUser: { partitionKey: { name: "userId", type: "S" } } },
  ),
  expiryAttribute: text(1, 255, "attribute with the second since 1970 at which an item is deleted")
    .optional()
    .meta({ examples: ["expiresAt"] }),
  pointInTimeDays: range(1, 35, "days of which any second can be restored; a protected stack keeps 7 at least").default(35),
});

/** What a table is made with. */
export const table = tableFields.superRefine(holds(tableRules));

/** DynamoDB's limit of global secondary indexes. */
const mostIndexes = 20;

function tableRules(given: Accepted<typeof tableFields>): BrokenRule[] {
  const broken = tooMany("indexes", "indexes", given.indexes, mostIndexes);
  const types = new Map<string, string>();
  for (const { path, name, type } of keyAttributes(given)) {
    const other = types.get(name) ?? type;
    types.set(name, other);
    if (other !== type)
      broken.push({
        path: [...path, "type"],
        found: `is ${JSON.stringify(type)}, and ${JSON.stringify(other)} in another key`,
        allowed: `one type for attribute ${name}`,
        fix: { path: [...path, "type"], value: other },
      });
  }
  return broken;
}

/** Attributes that a table's keys and its indexes' are made of, each with where it stands. */
export function keyAttributes({ indexes, ...own }: Accepted<typeof tableFields>) {
  const holders = [
    { at: [] as string[], ...own },
    ...Object.entries(indexes).map(([index, held]) => ({ at: ["indexes", index], ...held })),
  ];
  return holders.flatMap(({ at, partitionKey, sortKey }) => [
    { path: [...at, "partitionKey"], ...partitionKey },
    ...(sortKey === undefined ? [] : [{ path: [...at, "sortKey"], ...sortKey }]),
  ]);
}

function tooMany(key: string, what: string, map: Readonly<Record<string, unknown>>, most: number): BrokenRule[] {
  const count = Object.keys(map).length;
  return count <= most ? [] : [{ path: [key], found: `has ${count} ${what}`, allowed: `at most ${most}` }];
}
