/** Config area `logs`: how long lines are kept, and what is counted in them. */

import { keyName, logRetentionDays, mapByName, serviceName, settings } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { logPattern } from "../../logs/contract.ts";

const pattern = logPattern
  .safeExtend({
    services: z
      .array(serviceName.meta({ examples: ["api"] }))
      .default([])
      .describe("services whose logs are read, on ECS; all of those when left out")
      .meta({ examples: [["api"]] }),
  })
  .describe("lines that are counted: by texts or by a filter");

export const logs = settings("application logs", {
  retentionDays: logRetentionDays,
  patterns: mapByName("what is counted in the services' logs, by name", keyName(40, "pattern name"), pattern, {
    "database-errors": { texts: ["Database connection error"], levels: { P1: 3 } },
  }),
  queries: z.boolean().default(true).describe("keep ready-made queries in CloudWatch Logs Insights"),
});
