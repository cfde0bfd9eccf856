/** Config area `backup`: plans, the vault's lock, copies, RTO and RPO by class, restore tests. */
import { severities } from "../../components/alarms/severity.ts";
import { selectionWindowDays, validationHours } from "../../components/backup/restoreLimits.ts";
import { scheduleProblem } from "../../components/backup/schedule.ts";
import { distinct, flag, keyName, range, storeName, text } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { regions } from "./account.ts";

const schedule = (what: string, example: string) =>
  z
    .string()
    .refine((text) => scheduleProblem(text) === undefined, { error: "schedule" })
    .describe(
      `when ${what} starts, UTC, such as ${example}: minute, hour, day of month, month, day of week, year, with ? in one of the days`,
    )
    .meta({ examples: [example] });

const days = (what: string, example: number) => range(1, 36_500, what).meta({ examples: [example] });

const coldAfterDays = days("days until it moves to cold storage, 90 before its end at the latest; EFS and DynamoDB only", 30).optional();

const rule = z
  .strictObject({
    schedule: schedule("the backup", "cron(0 7 * * ? *)"),
    deleteAfterDays: days("days that a backup is kept", 7),
    coldAfterDays,
    startWindowMinutes: range(60, 100_000, "minutes in which a job has to start, or it expires").default(60),
    completionWindowMinutes: range(
      120,
      100_000,
      "minutes in which a job has to be done, an hour longer than the start window at least",
    ).default(720),
    copy: z
      .strictObject({ deleteAfterDays: days("days that the copy is kept", 35), coldAfterDays })
      .optional()
      .describe("a copy in copyRegion, with a time of its own")
      .meta({ examples: [{ deleteAfterDays: 35 }] }),
  })
  .describe("one rhythm of backups")
  .meta({ examples: [{ schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 }] });

const names = (what: string, example: string) =>
  distinct(storeName(`${what} name`).describe(`name of a ${what}`))
    .default([])
    .describe(`names of ${what}s`)
    .meta({ examples: [[example]] });

const plan = z
  .strictObject({
    stores: z
      .strictObject({
        databases: names("database", "main"),
        buckets: names("bucket", "kyc"),
        fileSystems: names("file system", "uploads"),
      })
      .optional()
      .describe("stores that the plan takes; by default every one that is not exempt")
      .meta({ examples: [{ databases: ["main"] }] }),
    rules: z
      .record(keyName(20, "rule name"), rule)
      .refine((rules) => Object.keys(rules).length > 0, { error: "one rule at least" })
      .prefault({
        daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 },
        weekly: { schedule: "cron(0 7 ? * SUN *)", deleteAfterDays: 35 },
        monthly: { schedule: "cron(0 7 1 * ? *)", deleteAfterDays: 365 },
      })
      .describe("rules by name; by default daily, weekly and monthly, kept 7, 35 and 365 days")
      .meta({ examples: [{ daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } }] }),
  })
  .prefault({})
  .describe("one plan: which stores, how often, how long")
  .meta({ examples: [{}] });

const bounds = {
  minimumDays: days("shortest time that a backup can be kept, days; a job below it fails", 7),
  maximumDays: days("longest time that a backup can be kept, days; a job above it fails", 400).optional(),
};

const lock = z
  .discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("none") }),
    z.strictObject({ mode: z.literal("governance"), ...bounds }),
    z.strictObject({
      mode: z.literal("compliance"),
      ...bounds,
      changeableForDays: range(3, 36_500, "days of grace in which the lock can still be lifted; only its first value counts").meta({
        examples: [7],
      }),
    }),
  ])
  .prefault({ mode: "none" })
  .describe("who can shorten backups: with none whoever may, with governance a role that may lift it, with compliance nobody for ever")
  .meta({ examples: [{ mode: "governance", minimumDays: 7, maximumDays: 400 }] });

const objectives = (name: string, rtoMinutes: number, rpoMinutes: number) =>
  z
    .strictObject({
      rtoMinutes: range(1, 100_000, "minutes until it is back, at most").default(rtoMinutes),
      rpoMinutes: range(1, 100_000, "minutes of data that may be lost, at most").default(rpoMinutes),
    })
    .prefault({})
    .describe(`RTO and RPO of stores of the class ${name}`)
    .meta({ examples: [{ rtoMinutes, rpoMinutes }] });

const reasons = (what: string, example: string) =>
  z
    .record(
      storeName(`${what} name`),
      text(20, 300, "why it needs no backup, for whoever reads it after a loss, 20 characters at least").meta({
        examples: ["rebuilt from the blockchain by a job within the hour"],
        choose: true,
      }),
    )
    .default({})
    .describe(`reasons by ${what}`)
    .meta({ examples: [{ [example]: "rebuilt from the blockchain by a job within the hour" }] });

export const backup = z
  .strictObject({
    plans: z
      .record(keyName(12, "plan name"), plan)
      .default({})
      .describe("plans of AWS Backup by name; with one, every store has to be in one or be exempt")
      .meta({ examples: [{ main: {} }] }),
    lock,
    copyRegion: z
      .enum(regions)
      .optional()
      .describe("region of the copies, in a vault and under a key of its own")
      .meta({ examples: ["us-west-2"] }),
    pointInTimeCopies: distinct(storeName("database name").describe("name of a PostgreSQL database"))
      .default([])
      .describe("PostgreSQL databases whose point-in-time recovery is kept up in copyRegion too")
      .meta({ examples: [["main"]] }),
    classes: z
      .strictObject({
        critical: objectives("critical", 60, 15),
        high: objectives("high", 240, 60),
        medium: objectives("medium", 1440, 1440),
      })
      .prefault({})
      .describe("how soon a store is back and how much is lost, by recovery class")
      .meta({ examples: [{ critical: { rtoMinutes: 60, rpoMinutes: 15 } }] }),
    restoreTesting: z
      .strictObject({
        schedule: schedule("the test", "cron(0 9 2 * ? *)").default("cron(0 9 2 * ? *)"),
        windowDays: range(selectionWindowDays.least, selectionWindowDays.most, "days back that a backup is chosen from").default(
          selectionWindowDays.usual,
        ),
        validationHours: range(
          validationHours.least,
          validationHours.most,
          "hours that what was restored stays, for somebody to look at",
        ).default(validationHours.usual),
      })
      .optional()
      .describe("restores that AWS makes by itself, monthly by default; by default none, which a protected stack may not have")
      .meta({ examples: [{ schedule: "cron(0 9 2 * ? *)" }] }),
    severity: z.enum(severities).default("P1").describe("how bad a failed backup is: which topic is notified"),
    ownsRegionSettings: flag(
      false,
      "turn AWS Backup on for the stores' types, for the whole account and region: in one stack of an account",
    ).meta({ examples: [true] }),
    exempt: z
      .strictObject({
        databases: reasons("database", "index"),
        buckets: reasons("bucket", "thumbnails"),
        fileSystems: reasons("file system", "scratch"),
      })
      .prefault({})
      .describe("stores without a backup, each with its reason")
      .meta({ examples: [{ buckets: { thumbnails: "made again from the originals on the first request" } }] }),
  })
  .prefault({})
  .describe("backups beyond the stores' own point-in-time recovery; by default none")
  .meta({ examples: [{ plans: { main: {} }, lock: { mode: "governance", minimumDays: 7 } }] });
