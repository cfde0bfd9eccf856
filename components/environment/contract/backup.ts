/** Config area `backup`: plans, the vault's lock, copies, RTO and RPO by class, restore tests. */
import { severities } from "../../alarms/severity.ts";
import { backupPlan, backupVault, restoreTesting, restoreTestingRules } from "../../backup/contract.ts";
import { distinct, flag, group, mapByName, range, settings, storeName, text } from "../../contract/fields.ts";
import { holds } from "../../contract/rule.ts";
import { z } from "../../contract/zod.ts";
import { regions } from "./account.ts";

const names = (what: string, example: string) =>
  distinct(storeName(`${what} name`).describe(`name of a ${what}`))
    .default([])
    .describe(`names of ${what}s`)
    .meta({ examples: [[example]] });

const plan = backupPlan
  .extend({
    stores: group("stores that the plan takes; by default every one that is not exempt", {
      databases: names("database", "main"),
      buckets: names("bucket", "kyc"),
      fileSystems: names("file system", "uploads"),
    })
      .optional()
      .meta({ examples: [{ databases: ["main"] }] }),
  })
  .prefault({})
  .describe("one plan: which stores, how often, how long")
  .meta({ examples: [{}] });

const { schedule, windowDays, validationHours } = restoreTesting.shape;

const objectives = (name: string, rtoMinutes: number, rpoMinutes: number) =>
  settings(`RTO and RPO of stores of the class ${name}`, {
    rtoMinutes: range(1, 100_000, "minutes until it is back, at most").default(rtoMinutes),
    rpoMinutes: range(1, 100_000, "minutes of data that may be lost, at most").default(rpoMinutes),
  }).meta({ examples: [{ rtoMinutes, rpoMinutes }] });

const reasons = (what: string, example: string) =>
  mapByName(
    `reasons by ${what}`,
    storeName(`${what} name`),
    text(20, 300, "why it needs no backup, for whoever reads it after a loss, 20 characters at least").meta({
      examples: ["rebuilt from the blockchain by a job within the hour"],
      choose: true,
    }),
    { [example]: "rebuilt from the blockchain by a job within the hour" },
  );

export const backup = settings("backups beyond the stores' own point-in-time recovery; by default none", {
  plans: mapByName("plans of AWS Backup by name; with one, every store has to be in one or be exempt", storeName("plan name"), plan, {
    main: {},
  }),
  lock: backupVault.shape.lock,
  copyRegion: z
    .enum(regions)
    .optional()
    .describe("region of the copies, in a vault and under a key of its own")
    .meta({ examples: ["us-west-2"] }),
  pointInTimeCopies: distinct(storeName("database name").describe("name of a PostgreSQL database"))
    .default([])
    .describe("PostgreSQL databases whose point-in-time recovery is kept up in copyRegion too")
    .meta({ examples: [["main"]] }),
  classes: settings("how soon a store is back and how much is lost, by recovery class", {
    critical: objectives("critical", 60, 15),
    high: objectives("high", 240, 60),
    medium: objectives("medium", 1440, 1440),
  }).meta({ examples: [{ critical: { rtoMinutes: 60, rpoMinutes: 15 } }] }),
  restoreTesting: z
    .strictObject({ schedule, windowDays, validationHours })
    .superRefine(holds(restoreTestingRules))
    .optional()
    .describe("restores that AWS makes by itself, monthly by default; by default none, which a protected stack may not have")
    .meta({ examples: [{ schedule: "cron(0 9 2 * ? *)" }] }),
  severity: z.enum(severities).default("P1").describe("how bad a failed backup is: which topic is notified"),
  ownsRegionSettings: flag(
    false,
    "turn AWS Backup on for the stores' types, for the whole account and region: in one stack of an account",
  ).meta({ examples: [true] }),
  exempt: settings("stores without a backup, each with its reason", {
    databases: reasons("database", "index"),
    buckets: reasons("bucket", "thumbnails"),
    fileSystems: reasons("file system", "scratch"),
  }).meta({ examples: [{ buckets: { thumbnails: "made again from the originals on the first request" } }] }),
}).meta({ examples: [{ plans: { main: {} }, lock: { mode: "governance", minimumDays: 7 } }] });
