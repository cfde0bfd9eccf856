/** Config area `autoRollback`: what gives a service's traffic back to its live colour with nobody at a keyboard. */
import { z } from "zod";
import { entriesByName } from "../../components/byName.ts";
import { thresholdsNow } from "./alarms.ts";
import { notifies } from "./notifications.ts";
import { type Problem, removeCommand, setCommand } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";
import { whole } from "./values.ts";

const minutes = (example: number) => whole(1, 60, "minutes in a row").meta({ examples: [example] });

const oneService = z.strictObject({
  action: z
    .enum(["rollBack", "hold"])
    .default("rollBack")
    .describe("the most that may happen: rollBack takes all traffic from the candidate, hold only keeps it from getting more")
    .meta({ examples: ["rollBack"] }),
  errorRate: z
    .strictObject({
      percent: z
        .number()
        .min(0.1)
        .max(100)
        .describe("answers of 500 to 599 of one colour, percent, above which it counts")
        .meta({ examples: [5] }),
      minutes: minutes(5),
    })
    .optional()
    .describe("a colour fails"),
  latency: z
    .strictObject({
      baselineMilliseconds: whole(1, 60_000, "usual average response time, milliseconds").meta({ examples: [200] }),
      percent: whole(101, 10_000, "share of the baseline above which it counts, percent").meta({ examples: [200] }),
      minutes: minutes(10),
    })
    .optional()
    .describe("a colour is slow"),
  healthFailures: z
    .boolean()
    .default(true)
    .describe("a target of a colour with traffic fails its health check as often in a row as healthCheck.unhealthyThreshold allows")
    .meta({ examples: [true] }),
  sla: z
    .boolean()
    .default(false)
    .describe("an alarm of the service's response time of P0 or P1 counts too")
    .meta({ examples: [true] }),
  blockedRequests: z
    .boolean()
    .default(false)
    .describe("the firewall's alarm for blocked requests counts too: whoever can send bad requests can then force a rollback")
    .meta({ examples: [false] }),
});

export const autoRollback = z
  .record(z.string(), oneService.describe("what rolls one service back"))
  .default({})
  .describe("automatic rollback by service; a service that is not here is rolled back by people only")
  .meta({
    examples: [{ api: { errorRate: { percent: 5, minutes: 5 }, latency: { baselineMilliseconds: 200, percent: 200, minutes: 10 } } }],
  });

/** Rollbacks that nothing could carry out, or that nobody would hear of. */
export function autoRollbackProblems({ autoRollback: all = {}, services, notifications, edge, alarms }: PartialStackConfig): Problem[] {
  // The firewall's alarm is one, and marks one service.
  const [firstBlocked] = entriesByName(all).flatMap(([name, { blockedRequests }]) => (blockedRequests ? [name] : []));
  const latency = alarms === undefined ? undefined : Object.values(thresholdsNow(alarms).requests.latencyMilliseconds);
  const pages = latency === undefined || latency.some(({ P0, P1 }) => P0 !== undefined || P1 !== undefined);
  return Object.entries(all).flatMap(([name, rollback]): Problem[] => {
    const at = ["autoRollback", name];
    const service = services?.[name];
    if (services !== undefined && service === undefined)
      return [
        {
          path: at,
          found: "is not a service of the stack",
          allowed: Object.keys(services).join(", ") || "no service, as the stack has none",
          mend: removeCommand(at),
        },
      ];
    const problems: Problem[] = [];
    if (service?.compute === "kubernetes")
      problems.push({
        path: at,
        found: "is a service on Kubernetes",
        reason: "its weights are moved by the cluster's own API, which no function of this stack may use",
        allowed: "services with compute: ecs; roll this one back with release.candidateWeight 0",
        mend: removeCommand(at),
      });
    const { errorRate, latency: slow, healthFailures, sla, blockedRequests } = rollback;
    const triggers = [errorRate !== undefined, slow !== undefined, healthFailures, sla && pages, blockedRequests && firstBlocked === name];
    if (!triggers.includes(true))
      problems.push({
        path: at,
        found: "has nothing that sets it off",
        reason: "sla needs a level P0 or P1 of alarms.requests.latencyMilliseconds, and only blockedRequests of one service counts",
        allowed: "one at least of errorRate, latency, healthFailures, sla, blockedRequests",
        mend: setCommand([...at, "healthFailures"], true),
      });
    if (rollback.blockedRequests && edge !== undefined && edge.provider !== "awsWaf")
      problems.push({
        path: [...at, "blockedRequests"],
        found: `is true with edge.provider ${edge.provider}`,
        reason: "CloudWatch counts what AWS WAF blocks, and nothing of what Cloudflare does",
        allowed: "false, or edge.provider awsWaf",
        mend: setCommand([...at, "blockedRequests"], false),
      });
    if (notifications !== undefined && !notifies(notifications))
      problems.push({
        path: at,
        found: "has nobody to tell",
        reason: "a release that went back by itself must not go unnoticed",
        allowed: "a channel in notifications, such as an e-mail address",
      });
    return problems;
  });
}
