/** Config area `databases`: PostgreSQL, DocumentDB and DynamoDB, by name. */

import { flag, keyName, matching, range, text } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { dailyWindow, weeklyWindow } from "../../components/database/windows.ts";

/** Longest name of a data store; with region code and suffix it has to fit into 40 characters. */
const storeNameLimit = 12;

/** Name of a database, cache, bucket or file system. */
export const storeName = (what: string) => keyName(storeNameLimit, what);

/** How bad the loss of a store is: what has to hold for its backups and its standby. */
export const recoveryClass = z
  .enum(["critical", "high", "medium"])
  .default("medium")
  .describe(
    "how soon it has to be back and how much may be lost: critical 1 hour and 15 minutes, high 4 hours and 1 hour, medium 24 hours each",
  )
  .meta({ examples: ["critical"] });

/** Words that the engines keep for themselves. */
const reserved = /^(?!(?:rds|pg_|aws|admin|root|postgres|rdsadmin|default)(?:[a-z0-9_]*)$)/;

const userName = (description: string, example: string) =>
  matching(
    new RegExp(`${reserved.source}[a-z][a-z0-9_]{0,30}$`),
    "user name",
    `${description}: lower-case letters, digits and underscores, at most 31, no word that the engine reserves (admin, root, rds…)`,
  ).meta({ examples: [example] });

const databaseName = matching(
  /^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/,
  "database name",
  "database within the server, letters, digits, underscores and hyphens; cannot be changed later",
).meta({ examples: ["deedpro_production"] });

const backups = {
  recoveryClass,
  backupRetentionDays: range(1, 35, "days of which any second can be restored; a protected stack keeps 7 at least")
    .default(7)
    .meta({ examples: [35] }),
  backupWindow: dailyWindow("the daily snapshot", 30, "03:00-04:00"),
  maintenanceWindow: weeklyWindow(30),
};

const slowQueryMilliseconds = range(50, 600_000, "statements that take longer are logged, milliseconds").default(1000);

const allowMajorUpgrade = flag(false, "let the version rise to the next major one: an outage of minutes, and no way back but a restore");

const postgresClass = matching(
  /^db\.(?:t3|t4g|[mrx][5-9][a-z]*)\.(?:micro|small|medium|large|\d{0,2}xlarge)$/,
  "instance class",
  "size of the instances, such as db.t4g.medium or db.r7g.large",
).meta({ examples: ["db.t4g.medium"] });

const postgres = z.strictObject({
  engine: z.literal("postgres"),
  version: z
    .string()
    .regex(/^1[4-8](?:\.\d{1,2})?$/, { error: "version" })
    .default("17")
    .describe('major version in quotes, "17"; RDS keeps to its newest minor one'),
  allowMajorUpgrade,
  instanceClass: postgresClass,
  storageGib: range(20, 65_536, "storage at the start, GiB; it never shrinks")
    .default(20)
    .meta({ examples: [100] }),
  maximumStorageGib: range(22, 65_536, "storage that it may grow to by itself, GiB, a tenth above the storage at least")
    .optional()
    .meta({ examples: [500] }),
  databaseName,
  masterUser: userName("master user, for people; cannot be changed later", "slipway").default("slipway"),
  applicationUser: userName("limited user that services log in with", "deedpro_app"),
  multiAz: flag(false, "a standby in a second zone that takes over by itself").meta({ examples: [true] }),
  ...backups,
  readReplicas: z
    .record(
      storeName("replica name"),
      z
        .strictObject({ instanceClass: postgresClass.optional() })
        .prefault({})
        .describe("one replica; without a class of its own it has the database's")
        .meta({ examples: [{ instanceClass: "db.t4g.medium" }] }),
    )
    .default({})
    .describe("replicas that take reads, by name; with one, RDS no longer rotates the master password")
    .meta({ examples: [{ reports: { instanceClass: "db.t4g.medium" } }] }),
  iamAuthentication: flag(false, "let the services' roles log in as the application user without a password").meta({ examples: [true] }),
  maximumConnections: range(6, 8_388_607, "connections at most; by default RDS derives it from the instance's memory")
    .optional()
    .meta({ examples: [200] }),
  slowQueryMilliseconds,
  insightsDays: z
    .int()
    .min(7)
    .max(731)
    .refine((days) => days === 7 || days === 731 || days % 31 === 0, { error: "7, 731 or a multiple of 31" })
    .default(7)
    .describe("days that query insights are kept: 7 is free, else a multiple of 31 or 731"),
});

const documentdb = z.strictObject({
  engine: z.literal("documentdb"),
  version: z.enum(["5.0.0", "8.0.0"]).default("5.0.0").describe("engine version; clients that insist on retryable writes need 8.0.0"),
  allowMajorUpgrade,
  instanceClass: matching(
    /^db\.(?:t3\.medium|t4g\.medium|r[5-8][a-z]*\.\d{0,2}x?large)$/,
    "instance class",
    "size of the instances, such as db.t4g.medium or db.r6g.large",
  ).meta({ examples: ["db.r6g.large"] }),
  instances: range(1, 3, "instances, each in a zone of its own: one writes, the others read and take over")
    .default(1)
    .meta({ examples: [3] }),
  databaseName,
  masterUser: userName("master user, for people; cannot be changed later", "slipway").default("slipway"),
  applicationUser: userName("limited user that services log in with", "olympiad_app"),
  ...backups,
  slowQueryMilliseconds,
});

const keyAttribute = (what: string) =>
  z
    .strictObject({
      name: text(1, 255, "name of the attribute").meta({ examples: ["id"] }),
      type: z.enum(["S", "N", "B"]).default("S").describe("S for text, N for a number, B for bytes"),
    })
    .describe(what)
    .meta({ examples: [{ name: "id", type: "S" }] });

const keys = {
  partitionKey: keyAttribute("attribute that items are spread by"),
  sortKey: keyAttribute("attribute that items of one partition key are sorted by").optional(),
};

const dynamodb = z.strictObject({
  engine: z.literal("dynamodb"),
  ...keys,
  indexes: z
    .record(
      z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, { error: "index name" }),
      z
        .strictObject(keys)
        .describe("keys of the index")
        .meta({ examples: [{ partitionKey: { name: "userId", type: "S" } }] }),
    )
    .default({})
    .describe("further ways to find items, by index name")
    .meta({ examples: [{ byUser: { partitionKey: { name: "userId", type: "S" } } }] }),
  expiryAttribute: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("attribute with the second since 1970 at which an item is deleted")
    .meta({ examples: ["expiresAt"] }),
  recoveryClass,
  pointInTimeDays: range(1, 35, "days of which any second can be restored; a protected stack keeps 7 at least").default(35),
});

export const databases = z
  .record(storeName("database name"), z.discriminatedUnion("engine", [postgres, documentdb, dynamodb]))
  .default({})
  .describe("databases by name; each encrypted with a key of its own")
  .meta({
    examples: [
      { main: { engine: "postgres", instanceClass: "db.t4g.medium", databaseName: "app", applicationUser: "app_user", multiAz: true } },
    ],
  });
