/** Config area `autoRollback`: what gives a service's traffic back to its live colour with nobody at a keyboard. */
import { flag, range } from "../../components/contract/fields.ts";
import { z } from "../../components/contract/zod.ts";

const minutes = (example: number) => range(1, 60, "minutes in a row").meta({ examples: [example] });

const oneService = z.strictObject({
  action: z
    .enum(["rollBack", "hold"])
    .default("rollBack")
    .describe("the most that may happen: rollBack takes all traffic from the candidate, hold only keeps it from getting more"),
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
      baselineMilliseconds: range(1, 60_000, "usual average response time, milliseconds").meta({ examples: [200] }),
      percent: range(101, 10_000, "share of the baseline above which it counts, percent").meta({ examples: [200] }),
      minutes: minutes(10),
    })
    .optional()
    .describe("a colour is slow"),
  healthFailures: flag(
    true,
    "a target of a colour with traffic fails its health check as often in a row as healthCheck.unhealthyThreshold allows",
  ),
  sla: flag(false, "an alarm of the service's response time of P0 or P1 counts too").meta({ examples: [true] }),
  blockedRequests: flag(
    false,
    "the firewall's alarm for blocked requests counts too: whoever can send bad requests can then force a rollback",
  ),
});

export const autoRollback = z
  .record(z.string(), oneService.describe("what rolls one service back"))
  .default({})
  .describe("automatic rollback by service; a service that is not here is rolled back by people only")
  .meta({
    examples: [{ api: { errorRate: { percent: 5, minutes: 5 }, latency: { baselineMilliseconds: 200, percent: 200, minutes: 10 } } }],
  });
