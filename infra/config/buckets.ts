/** Config areas `buckets` and `fileSystems`: objects and shared files, by name. */

import { matching, range, storeName } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { regions } from "./account.ts";
import { recoveryClass } from "./databases.ts";

const shared = {
  recoveryClass,
  expireDays: range(1, 36_500, "days after which objects are deleted; by default never")
    .optional()
    .meta({ examples: [365] }),
  noncurrentDays: range(1, 36_500, "days that a replaced or deleted object can be brought back").default(90),
  infrequentDays: range(30, 36_500, "days after which objects go to the cheaper class for rare reads; by default never")
    .optional()
    .meta({ examples: [90] }),
};

const privateBucket = z.strictObject({ purpose: z.literal("private"), ...shared });

const uploads = z.strictObject({
  purpose: z.literal("uploads"),
  origins: z
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
    .meta({ examples: [["https://app.coinestate.io"]] }),
  ...shared,
});

const documents = z.strictObject({
  purpose: z.literal("documents"),
  lock: z
    .strictObject({
      mode: z
        .enum(["governance", "compliance"])
        .default("governance")
        .describe("governance can be lifted by a role that may; compliance by nobody, not even AWS, before its time"),
      days: range(1, 36_500, "days from its creation that an object cannot be changed or deleted").meta({ examples: [30] }),
    })
    .describe("write once: how long objects are kept from change")
    .meta({ examples: [{ mode: "governance", days: 30 }] }),
  replicaRegion: z
    .enum(regions)
    .optional()
    .describe("region of a second copy, in step within 15 minutes, in a bucket and under a key of its own")
    .meta({ examples: ["us-west-2"] }),
  ...shared,
});

export const buckets = z
  .record(storeName("bucket name"), z.discriminatedUnion("purpose", [privateBucket, uploads, documents]))
  .default({})
  .describe("private, versioned buckets by name, each encrypted with a key of its own")
  .meta({ examples: [{ kyc: { purpose: "documents", lock: { mode: "governance", days: 30 } } }] });

const id = (what: string) => range(1, 65_534, `numeric ${what} that owns the files, never root`).default(1000);

export const fileSystems = z
  .record(
    storeName("file system name"),
    z
      .strictObject({
        recoveryClass,
        uid: id("user"),
        gid: id("group"),
        infrequentDays: z
          .union([1, 7, 14, 30, 60, 90, 180, 270, 365].map((days) => z.literal(days)))
          .default(30)
          .describe("days without a read after which a file goes to the cheaper class"),
        dailyBackup: z.boolean().default(true).describe("AWS's own daily backup, kept 35 days; a protected stack needs it"),
      })
      .prefault({}),
  )
  .default({})
  .describe("file systems that tasks of several services can share, by name, each encrypted with a key of its own")
  .meta({ examples: [{ uploads: {} }] });
