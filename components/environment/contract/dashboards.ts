/** Config area `dashboards`: whether there are any, and what they show besides what every stack has. */
import { flag, keyName, mapByName, serviceName, settings } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { customMetric, pathPanel, requestLog } from "../../dashboards/contract.ts";

const endpoint = pathPanel
  .extend({
    service: serviceName.describe("service that answers, one of services, on ECS").meta({ examples: ["api"] }),
    signal: keyName(40, "pattern name")
      .optional()
      .describe("sign of trouble of this path alone, one of logs.patterns")
      .meta({ examples: ["upload-failures"] }),
  })
  .describe("one path with a panel of its own");

export const dashboards = settings("what people look at, in CloudWatch", {
  enabled: flag(false, "make the dashboards: region, service, release, data and edge").meta({ examples: [true] }),
  endpoints: mapByName(
    "paths with a panel of their own; the service has to log a JSON line a request",
    keyName(24, "endpoint name"),
    endpoint,
    { login: { service: "api", methods: ["POST"], path: "/api/auth/login" } },
  ),
  requestLog,
  metrics: mapByName(
    "what the applications send besides alarms.application, by name",
    keyName(40, "metric name"),
    customMetric.describe("one metric that the application sends"),
    { "active-users": { namespace: "ClearHold/Application", metric: "ActiveUsers", unit: "users" } },
  ),
  links: mapByName("where one reads on, by what the link says", z.string().min(1).max(40), z.url(), {
    "Status page": "https://status.coinestate.io",
  }),
});
