/** What a bucket for a system's data, a file system and a bucket for logs are made with. */
import { flag, group, matching, range } from "../contract/fields.ts";
import { type BrokenRule, broken, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";

const days = (what: string, least = 1) => range(least, 36_500, what);

const objects = {
  expireDays: days("days after which objects are deleted; by default never")
    .optional()
    .meta({ examples: [365] }),
  noncurrentDays: days("days that a replaced or deleted object can be brought back").default(90),
  infrequentDays: days("days after which objects go to the cheaper class for rare reads; by default never", 30)
    .optional()
    .meta({ examples: [90] }),
};

const origins = z
  .array(
    matching(
      /^https:\/\/(?:[a-z0-9-]+\.)+[a-z]{2,63}(?::\d{1,5})?$/,
      "origin",
      "site with its scheme and without a path, such as https://app.coinestate.io",
    ).meta({ examples: ["https://app.coinestate.io"] }),
  )
  .min(1)
  .max(20)
  .describe("sites whose pages may upload and download with signed links, such as https://app.coinestate.io")
  .meta({ examples: [["https://app.coinestate.io"]] });

const lock = group("write once: how long objects are kept from change", {
  mode: z
    .enum(["governance", "compliance"])
    .default("governance")
    .describe("governance can be lifted by a role that may; compliance by nobody, not even AWS, before its time"),
  days: days("days from its creation that an object cannot be changed or deleted").meta({ examples: [30] }),
}).meta({ examples: [{ mode: "governance", days: 30 }] });

/** What a bucket is made with, by its purpose: `documents` can only be chosen when it is made. */
export const dataBucket = z.discriminatedUnion("purpose", [
  z.strictObject({ purpose: z.literal("private"), ...objects }).superRefine(holds(objectRules)),
  z.strictObject({ purpose: z.literal("uploads"), origins, ...objects }).superRefine(holds(objectRules)),
  z.strictObject({ purpose: z.literal("documents"), lock, ...objects }).superRefine(holds(objectRules)),
]);

function objectRules({ expireDays, infrequentDays }: z.output<z.ZodObject<typeof objects>>): BrokenRule[] {
  if (expireDays === undefined || infrequentDays === undefined || expireDays > infrequentDays) return [];
  return broken({
    path: ["expireDays"],
    found: `is ${expireDays}, not after the move to the cheaper class at ${infrequentDays}`,
    allowed: `at least ${infrequentDays + 1}`,
    fix: { path: ["expireDays"], value: infrequentDays + 1 },
  });
}

const id = (what: string) => range(1, 65_534, `numeric ${what} that owns the files, never root`).default(1000);

/** What a file system is made with. */
export const fileSystem = z.strictObject({
  uid: id("user"),
  gid: id("group"),
  infrequentDays: z
    .union([1, 7, 14, 30, 60, 90, 180, 270, 365].map((days) => z.literal(days)))
    .default(30)
    .describe("days without a read after which a file goes to the cheaper class"),
  dailyBackup: flag(true, "AWS's own daily backup, kept 35 days; a protected stack needs it, or a backup plan, which takes its place"),
});

/** What a bucket for logs is made with. */
export const logBucket = z.strictObject({ retentionDays: range(1, 3650, "days that access logs are kept").default(90) });

/** Zones that a file system has a mount target in, one a subnet. */
export const mountedZones = range(1, 16, "zones");
