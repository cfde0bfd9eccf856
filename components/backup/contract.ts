/** What plans, vaults and restore tests of AWS Backup are made with. */
import { keyName, matching, range } from "../contract/fields.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";
import { postgresReplica } from "../database/contract.ts";
import { coldRules, coldStorageDays, coldStorageTypes, longestRetention } from "./retention.ts";
import { longestGapMinutes, scheduleProblem } from "./schedule.ts";

const schedule = (what: string, example: string) =>
  z
    .string()
    .refine((text) => scheduleProblem(text) === undefined, { error: "schedule" })
    .describe(
      `when ${what} starts, UTC, such as ${example}: minute, hour, day of month, month, day of week, year, with ? in one of the days`,
    )
    .meta({ examples: [example] });

const days = (what: string, example: number) => range(1, longestRetention, what).meta({ examples: [example] });

const retention = (what: string, example: number) => ({
  deleteAfterDays: days(`days that ${what} is kept`, example),
  coldAfterDays: days(
    `days until it moves to cold storage, ${coldStorageDays} before its end at the latest; ${coldStorageTypes.join(" and ")} only`,
    30,
  ).optional(),
});

const rule = z
  .strictObject({
    schedule: schedule("the backup", "cron(0 7 * * ? *)"),
    ...retention("a backup", 7),
    startWindowMinutes: range(60, 100_000, "minutes in which a job has to start, or it expires").default(60),
    completionWindowMinutes: range(
      120,
      100_000,
      "minutes in which a job has to be done, an hour longer than the start window at least",
    ).default(720),
    copy: z
      .strictObject(retention("the copy", 35))
      .superRefine(holds(coldRules))
      .optional()
      .describe("a copy in copyRegion, with a time of its own")
      .meta({ examples: [{ deleteAfterDays: 35 }] }),
  })
  .superRefine(holds(coldRules))
  .superRefine(holds(windowRules))
  .describe("one rhythm of backups")
  .meta({ examples: [{ schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 }] });

function windowRules({
  startWindowMinutes,
  completionWindowMinutes,
}: Record<`${"start" | "completion"}WindowMinutes`, number>): BrokenRule[] {
  const least = startWindowMinutes + 60;
  if (completionWindowMinutes >= least) return [];
  return broken({
    path: ["completionWindowMinutes"],
    found: `is ${completionWindowMinutes} with a start window of ${startWindowMinutes}`,
    allowed: `at least ${least}, an hour more`,
    fix: { path: ["completionWindowMinutes"], value: least },
  });
}

/** What a plan is made with. */
export const backupPlan = z.strictObject({
  rules: z
    .record(keyName(20, "rule name"), rule)
    .refine((rules) => Object.keys(rules).length > 0 && Object.keys(rules).length <= 10, { error: "one rule at least, and at most ten" })
    .prefault({
      daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 },
      weekly: { schedule: "cron(0 7 ? * SUN *)", deleteAfterDays: 35 },
      monthly: { schedule: "cron(0 7 1 * ? *)", deleteAfterDays: 365 },
    })
    .describe("rules by name; by default daily, weekly and monthly, kept 7, 35 and 365 days")
    .meta({ examples: [{ daily: { schedule: "cron(0 7 * * ? *)", deleteAfterDays: 7 } }] }),
});

const bounds = {
  minimumDays: days("shortest time that a backup can be kept, days; a job below it fails", 7),
  maximumDays: days("longest time that a backup can be kept, days; a job above it fails", 400).optional(),
};

/** What a vault is made with. */
export const backupVault = z.strictObject({
  lock: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("none") }),
      z.strictObject({ mode: z.literal("governance"), ...bounds }).superRefine(holds(lockRules)),
      z
        .strictObject({
          mode: z.literal("compliance"),
          ...bounds,
          changeableForDays: range(3, 36_500, "days of grace in which the lock can still be lifted; only its first value counts").meta({
            examples: [7],
          }),
        })
        .superRefine(holds(lockRules)),
    ])
    .prefault({ mode: "none" })
    .describe("who can shorten backups: with none whoever may, with governance a role that may lift it, with compliance nobody for ever")
    .meta({ examples: [{ mode: "governance", minimumDays: 7, maximumDays: 400 }] }),
});

function lockRules({ minimumDays, maximumDays }: z.output<z.ZodObject<typeof bounds>>): BrokenRule[] {
  if (maximumDays === undefined || maximumDays >= minimumDays) return [];
  return broken({
    path: ["maximumDays"],
    found: `is ${maximumDays}, below the minimum ${minimumDays}`,
    allowed: `at least ${minimumDays}`,
    fix: { path: ["maximumDays"] },
  });
}

const monthly = "cron(0 9 2 * ? *)";

/** Longest time between two restore tests, days: a month. */
const restoreTestDays = 31;

/** What restore tests are made with. The API refuses a hyphen in their name, which the engine's own names have. */
export const restoreTesting = z
  .strictObject({
    planName: matching(/^[A-Za-z0-9_]{1,50}$/, "name", "name in AWS: letters, digits and underscores, at most 50"),
    schedule: schedule("the test", monthly).default(monthly),
    windowDays: range(1, 365, "days back that a backup is chosen from").default(restoreTestDays),
    startWindowHours: range(1, 168, "hours in which tests begin").default(24),
    validationHours: range(1, 168, "hours that what was restored stays, for somebody to look at").default(4),
    algorithm: z
      .enum(["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"])
      .default("RANDOM_WITHIN_WINDOW")
      .describe("the newest backup of the window, or any"),
  })
  .superRefine(holds(restoreTestingRules));

/** A backup that was last restored long ago is a hope. */
export function restoreTestingRules({ schedule }: { readonly schedule: string }): BrokenRule[] {
  if ((longestGapMinutes(schedule) ?? 0) <= restoreTestDays * 1440) return [];
  return broken({
    path: ["schedule"],
    found: `is ${JSON.stringify(schedule)}`,
    allowed: "once a month at least",
    fix: { path: ["schedule"], value: monthly },
  });
}

/** What a copy of point-in-time recovery is made with. */
export const pointInTimeCopy = z.strictObject({ retentionDays: postgresReplica.shape.backupRetentionDays });

/** Stores of one plan, each a selection of its own. */
export const plannedStores = range(1, 100, "stores");
