/** What the parts of a failover between regions are made with. */
import { hostName, matching, range, text } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

/** What one region is asked. The path is a condition of the load balancer, too. */
export const regionProbe = z.strictObject({
  host: hostName("name that leads straight to the region's load balancer, past any edge and any failover"),
  path: matching(/^\/[\w./-]{0,120}$/, "path", "path that answers 2xx or 3xx in a healthy region").meta({ examples: ["/v1/health"] }),
  intervalSeconds: z
    .union([z.literal(10), z.literal(30)])
    .default(30)
    .describe("seconds between two questions of one Route 53 checker; a change replaces the checks")
    .meta({ examples: [10] }),
  failureThreshold: range(1, 10, "failures in a row before a region counts as down, and good answers before it counts as well").default(3),
  priority: range(1, 9999, "place of the first of two rules in the listener, before the services' own").default(2),
});

/** What an operator states. */
export const operatorSwitch = z.strictObject({
  switchName: matching(
    /^[\w-]{1,59}$/,
    "switch name",
    "physical name, by which operators find it: letters, digits, hyphens and underscores, at most 59",
  ),
  description: text(1, 512, "what it says when it is on"),
  checks: range(
    1,
    3,
    "checks of the same statement: a calculated check counts its children, so a statement that outweighs others is needed often",
  ).default(1),
});
