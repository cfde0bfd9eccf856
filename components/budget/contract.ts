/** What a monthly budget is made with. */
import { distinct, range } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

export const budget = z.strictObject({
  usd: z
    .number()
    .positive()
    .max(10_000_000)
    .describe("limit per month, US dollars")
    .meta({ examples: [2000] }),
  // Ten alerts is AWS's limit of a budget, and the forecast is one.
  alertPercents: z
    .array(range(1, 1000, "percent of the limit"))
    .min(1)
    .max(9)
    .refine((percents) => new Set(percents).size === percents.length, { error: "different" })
    .default([50, 80, 100])
    .describe("percentages of the limit at which people are notified, each once"),
  forecast: z.boolean().default(true).describe("tell as well when the month's forecast passes the limit"),
  emails: distinct(z.email({ error: "e-mail address" }).describe("e-mail address"))
    .min(1)
    .max(10)
    .describe("who is notified")
    .meta({ examples: [["platform@coinestate.io"]] }),
});
