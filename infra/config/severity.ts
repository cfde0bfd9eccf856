/** How bad something is, as config says it. */
import { severities } from "../../components/alarms/severity.ts";
import { z } from "../../components/contract/zod.ts";

/** P0 to P3. */
export function severity(description: string) {
  return z
    .enum(severities)
    .describe(`${description}: P0 complete outage, P1 a major part broken, P2 degraded, P3 a trend`)
    .meta({ examples: ["P1"] });
}
