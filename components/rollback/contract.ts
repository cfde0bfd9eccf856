/** What an automatic rollback is made with, and what sets it off. */
import { flag, group, matching, range } from "../contract/fields.ts";
import { z } from "../contract/zod.ts";

const minutes = (example: number) => range(1, 60, "minutes in a row").meta({ examples: [example] });

/** Healthy is not what a retired or restarted task looks like for a while: as many targets, or as great a part of them, for as long. */
export const failingTargets = { tasks: 2, percent: 34, minutes: 3, ofMinutes: 5 } as const;

/** What sends one service's traffic back to its live colour. */
export const rollbackTriggers = z.strictObject({
  errorRate: group("a colour fails", {
    percent: z
      .number()
      .min(0.1)
      .max(100)
      .describe("answers of 500 to 599 of one colour, percent, above which it counts")
      .meta({ examples: [5] }),
    minutes: minutes(5),
  }).optional(),
  latency: group("a colour is slow", {
    baselineMilliseconds: range(1, 60_000, "usual average response time, milliseconds").meta({ examples: [200] }),
    percent: range(101, 10_000, "share of the baseline above which it counts, percent").meta({ examples: [200] }),
    minutes: minutes(10),
  }).optional(),
  tail: group("the candidate's slow answers are slower than the other colour's of the same minutes", {
    statistic: z
      .enum(["p90", "p95", "p99"])
      .default("p95")
      .describe("percentile of the response time that is compared: p99 needs a hundred requests a minute to mean anything"),
    percent: range(110, 10_000, "share of the other colour's above which it counts, percent")
      .default(200)
      .meta({ examples: [150] }),
    atLeastMilliseconds: range(0, 60_000, "below this the candidate is fast enough, whatever the other colour does, milliseconds").default(
      250,
    ),
    minutes: minutes(5).default(5),
  }).optional(),
  healthFailures: flag(
    true,
    `the candidate has traffic, and ${failingTargets.tasks} of its targets, or more than ${failingTargets.percent} % of them, fail their health checks in ${failingTargets.minutes} of ${failingTargets.ofMinutes} minutes`,
  ),
  sla: flag(false, "an alarm of the service's response time of P0 or P1 counts too").meta({ examples: [true] }),
  blockedRequests: flag(
    false,
    "the firewall's alarm for blocked requests counts too: whoever can send bad requests can then force a rollback",
  ),
});

/** What the function of one service is made with. */
export const autoRollback = z.strictObject({
  action: z
    .enum(["rollBack", "hold"])
    .default("rollBack")
    .describe("the most that may happen: rollBack takes all traffic from the candidate, hold only keeps it from getting more"),
  latchName: matching(
    /^(?!\/(?:aws|ssm))(?:\/[\w.-]+){2,15}$/i,
    "parameter name",
    "name of the SSM parameter that keeps the latch: two to fifteen parts, each with a slash in front, not beginning with aws or ssm",
  ).max(1011),
});

/** ARNs that fit in the pattern of one event rule, which has 2,048 characters. */
export const watchedAlarms = range(1, 18, "alarms");
