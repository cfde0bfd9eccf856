/** Config area `dashboards`: whether there are any, and what they show besides what every stack has. */
import { flag, keyName, matching, ownMetric } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

const field = (description: string, example: string) =>
  z
    .string()
    .regex(/^[A-Za-z_][\w.]{0,99}$/, { error: "field" })
    .default(example)
    .describe(description);

const endpoint = z
  .strictObject({
    service: keyName(12, "service name")
      .describe("service that answers, one of services, on ECS")
      .meta({ examples: ["api"] }),
    methods: z
      .array(z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]))
      .min(1)
      .default(["GET"])
      .describe("request methods")
      .meta({ examples: [["POST"]] }),
    path: matching(/^\/[\w./*-]{0,199}$/, "path", "path without its query; a star stands for any text").meta({
      examples: ["/api/upload/*"],
    }),
    signal: keyName(40, "pattern name")
      .optional()
      .describe("sign of trouble of this path alone, one of logs.patterns")
      .meta({ examples: ["upload-failures"] }),
  })
  .describe("one path with a panel of its own");

const metric = z
  .strictObject({
    namespace: matching(/^[\w./#:-]{1,255}$/, "namespace", "CloudWatch namespace").meta({ examples: ["ClearHold/Application"] }),
    ...ownMetric({ metric: "ActiveUsers", statistic: "Maximum" }, "dimensions, exactly as they are written"),
    unit: z
      .string()
      .min(1)
      .max(40)
      .default("count")
      .describe("unit at the axis")
      .meta({ examples: ["users"] }),
  })
  .describe("one metric that the application sends");

export const dashboards = z
  .strictObject({
    enabled: flag(false, "make the dashboards: region, service, release, data and edge").meta({ examples: [true] }),
    endpoints: z
      .record(keyName(24, "endpoint name"), endpoint)
      .default({})
      .describe("paths with a panel of their own; the service has to log a JSON line a request")
      .meta({ examples: [{ login: { service: "api", methods: ["POST"], path: "/api/auth/login" } }] }),
    requestLog: z
      .strictObject({
        method: field("field with the request's method", "method"),
        path: field("field with the path, without its query", "path"),
        status: field("field with the answer's status, a number", "status"),
        milliseconds: field("field with the time to the answer, milliseconds, a number", "durationMs"),
      })
      .prefault({})
      .describe("fields of the JSON line that a service logs for each request"),
    metrics: z
      .record(keyName(40, "metric name"), metric)
      .default({})
      .describe("what the applications send besides alarms.application, by name")
      .meta({ examples: [{ "active-users": { namespace: "ClearHold/Application", metric: "ActiveUsers", unit: "users" } }] }),
    links: z
      .record(z.string().min(1).max(40), z.url())
      .default({})
      .describe("where one reads on, by what the link says")
      .meta({ examples: [{ "Status page": "https://status.coinestate.io" }] }),
  })
  .prefault({})
  .describe("what people look at, in CloudWatch");
