/** Config area `autoRollback`: what gives a service's traffic back to its live colour with nobody at a keyboard. */
import { mapByName } from "../../contract/fields.ts";
import { z } from "../../contract/zod.ts";
import { autoRollback as rollbackFunction, rollbackTriggers } from "../../rollback/contract.ts";

const oneService = z.strictObject({ action: rollbackFunction.shape.action, ...rollbackTriggers.shape });

export const autoRollback = mapByName(
  "automatic rollback by service; a service that is not here is rolled back by people only",
  z.string(),
  oneService.describe("what rolls one service back"),
  { api: { errorRate: { percent: 5, minutes: 5 }, latency: { baselineMilliseconds: 200, percent: 200, minutes: 10 } } },
);
