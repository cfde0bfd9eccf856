/** What is counted in logs, and what their metrics are called. */
import { applicationLevels, likely, runbook, summary } from "../alarms/contract.ts";
import { matching, ownNamespace, range } from "../contract/fields.ts";
import { type BrokenRule, holds } from "../contract/rule.ts";
import { z } from "../contract/zod.ts";

/** Filters that a log group takes. */
export const filterLimit = 100;

/** Whether what opens in a filter pattern is closed: quotes, the braces or brackets that it begins with, and expressions between two %. */
function isClosed(pattern: string): boolean {
  const bare = pattern.trim().replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
  const ends = (opening: string, closing: string) => !bare.startsWith(opening) || bare.endsWith(closing);
  return !bare.includes('"') && ends("{", "}") && ends("[", "]") && bare.split("%").length % 2 === 1;
}

const filterPattern = z.string().max(1024).refine(isClosed, { error: "filter pattern with what it opens closed" });

/** Metric filters of one log group. */
export const logMetrics = z.strictObject({
  namespace: ownNamespace(
    "namespace of the metrics, the stack's own, as two stacks may count the same thing: letters, digits and . / # : _ -, not beginning with AWS/",
  ),
  counts: z
    .record(
      z.string(),
      z.strictObject({
        pattern: filterPattern.describe('CloudWatch\'s filter pattern: "ECONNREFUSED", { $.status = 500 }; empty for every line'),
        value: z.string().default("1").describe("what each line adds: 1, or a field such as $.durationMs"),
        unit: z.enum(["Count", "Milliseconds"]).describe("unit of the metric"),
      }),
    )
    .refine((counts) => Object.keys(counts).length <= filterLimit, { error: `at most ${filterLimit} filters` })
    .describe(`what is counted, by metric name; a log group takes ${filterLimit} filters`),
  queries: z
    .record(z.string(), z.string())
    .default({})
    .describe("queries of Logs Insights over this log group, by name; folders are parted by slashes"),
});

/** Statements that a database logs as slow. */
export const slowStatements = z.strictObject({
  engine: z.enum(["postgres", "documentdb"]).describe("whose log it is"),
  metricName: matching(
    /^[^:*$]{1,255}$/,
    "metric name",
    "name of the metric, unique in account and region: up to 255 characters without colon, asterisk and dollar",
  ),
});

const patternFields = {
  texts: z
    .array(z.string().min(2).max(200))
    .min(1)
    .max(20)
    .optional()
    .describe("texts, one of which a line has; capital and small letters differ")
    .meta({ examples: [["ECONNREFUSED", "ETIMEDOUT"]] }),
  filter: filterPattern
    .min(1)
    .optional()
    .describe("CloudWatch's own filter pattern, for lines that are JSON")
    .meta({ examples: ["{ $.status >= 500 }"] }),
  levels: applicationLevels.default({}).describe("lines in the window that are too many, by how bad that is; only counted when left out"),
  windowMinutes: range(1, 60, "minutes in which lines are counted for the alarm").default(5),
  summary: summary("what is wrong when there are too many")
    .optional()
    .meta({ examples: ["The API loses its connections to the database."] }),
  likely: likely.default("a release of the last hour, or what the service calls: the lines say it."),
  runbook: runbook("log-pattern"),
};

/** Lines of a log that are counted, and when they are too many. */
export const logPattern = z.strictObject(patternFields).superRefine(holds(patternRules));

function patternRules(given: z.output<z.ZodObject<typeof patternFields>>): BrokenRule[] {
  const { texts, filter, levels, summary: said } = given;
  const broken: BrokenRule[] = [];
  if (texts === undefined && filter === undefined)
    broken.push({
      path: [],
      found: "has neither texts nor filter",
      allowed: "one of the two",
    });
  if (texts !== undefined && filter !== undefined)
    broken.push({ path: ["filter"], found: "is given beside texts", allowed: "one of the two", fix: { path: ["filter"] } });
  if (Object.values(levels).some((value) => value !== undefined) && said === undefined)
    broken.push({
      path: ["summary"],
      found: "is missing, and levels raise an alarm",
      allowed: "one sentence that says what is wrong",
    });
  return broken;
}
