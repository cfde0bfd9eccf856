/** Config area `autoRollback`: what gives a service's traffic back to its live colour with nobody at a keyboard. */
import { z } from "../../components/contract/zod.ts";
import { autoRollback as rollbackFunction, rollbackTriggers } from "../../components/rollback/contract.ts";

const oneService = z.strictObject({ action: rollbackFunction.shape.action, ...rollbackTriggers.shape });

export const autoRollback = z
  .record(z.string(), oneService.describe("what rolls one service back"))
  .default({})
  .describe("automatic rollback by service; a service that is not here is rolled back by people only")
  .meta({
    examples: [{ api: { errorRate: { percent: 5, minutes: 5 }, latency: { baselineMilliseconds: 200, percent: 200, minutes: 10 } } }],
  });
