/** Config area `logs`: how long lines are kept, and what is counted in them. */

import { applicationLevels } from "../../components/alarms/contract.ts";
import { keyName, range, retentionDays } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";
import { longestPattern } from "../../components/logs/filterLimits.ts";

const pattern = z
  .strictObject({
    texts: z
      .array(z.string().min(2).max(200))
      .min(1)
      .max(20)
      .optional()
      .describe("texts, one of which a line has; capital and small letters differ")
      .meta({ examples: [["ECONNREFUSED", "ETIMEDOUT"]] }),
    filter: z
      .string()
      .min(1)
      .max(longestPattern)
      .optional()
      .describe("CloudWatch's own filter pattern, for lines that are JSON")
      .meta({ examples: ["{ $.status >= 500 }"] }),
    services: z
      .array(keyName(12, "service name").meta({ examples: ["api"] }))
      .default([])
      .describe("services whose logs are read, on ECS; all of those when left out")
      .meta({ examples: [["api"]] }),
    levels: applicationLevels.default({}).describe("lines in the window that are too many, by how bad that is; only counted when left out"),
    windowMinutes: range(1, 60, "minutes in which lines are counted for the alarm").default(5),
    summary: z
      .string()
      .min(10)
      .max(200)
      .optional()
      .describe("what is wrong when there are too many, in one sentence")
      .meta({ examples: ["The API loses its connections to the database."] }),
    runbook: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/, { error: "runbook" })
      .default("log-pattern")
      .describe("page in docs/runbooks, without .md"),
  })
  .describe("lines that are counted: by texts or by a filter");

export const logs = z
  .strictObject({
    retentionDays: retentionDays.default(90),
    patterns: z
      .record(keyName(40, "pattern name"), pattern)
      .default({})
      .describe("what is counted in the services' logs, by name")
      .meta({ examples: [{ "database-errors": { texts: ["Database connection error"], levels: { P1: 3 } } }] }),
    queries: z.boolean().default(true).describe("keep ready-made queries in CloudWatch Logs Insights"),
  })
  .prefault({})
  .describe("application logs");
