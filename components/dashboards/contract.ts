/** What dashboards show besides what every stack has, and what a dashboard is called. */
import { matching, ownMetric, settings } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** A dashboard. */
export const dashboard = z.strictObject({
  dashboardName: matching(
    /^[\w-]{1,255}$/,
    "dashboard name",
    "name in the account: letters, digits, hyphens and underscores, at most 255; a change replaces the dashboard",
  ),
});

const field = (description: string, example: string) => matching(/^[A-Za-z_][\w.]{0,99}$/, "field", description).default(example);

/** Fields of the JSON line that a service logs for each request. */
export const requestLog = settings("fields of the JSON line that a service logs for each request", {
  method: field("field with the request's method", "method"),
  path: field("field with the path, without its query", "path"),
  status: field("field with the answer's status, a number", "status"),
  milliseconds: field("field with the time to the answer, milliseconds, a number", "durationMs"),
});

/** A path with a panel of its own. */
export const pathPanel = z.strictObject({
  methods: z
    .array(z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]))
    .min(1)
    .default(["GET"])
    .describe("request methods")
    .meta({ examples: [["POST"]] }),
  path: matching(/^\/[\w./*-]{0,199}$/, "path", "path without its query; a star stands for any text").meta({
    examples: ["/api/upload/*"],
  }),
});

/** A metric that the application sends. */
export const customMetric = z.strictObject({
  namespace: matching(/^[\w./#:-]{1,255}$/, "namespace", "CloudWatch namespace").meta({ examples: ["ClearHold/Application"] }),
  ...ownMetric({ metric: "ActiveUsers", statistic: "Maximum" }, "dimensions, exactly as they are written"),
  unit: z
    .string()
    .min(1)
    .max(40)
    .default("count")
    .describe("unit at the axis")
    .meta({ examples: ["users"] }),
});
