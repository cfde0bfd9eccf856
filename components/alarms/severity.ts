/** How bad it is. */
import { z } from "../contract/zod.ts";

/** How bad it is: P0 complete outage or data loss, P1 a major part broken, P2 degraded, P3 cosmetic or a trend. */
export const severities = ["P0", "P1", "P2", "P3"] as const;

/** One of the four; each has a topic of its own in every region. */
export type Severity = (typeof severities)[number];

/** P0 to P3, as a field of a contract. */
export function severity(description: string) {
  return z
    .enum(severities)
    .describe(`${description}: P0 complete outage, P1 a major part broken, P2 degraded, P3 a trend`)
    .meta({ examples: ["P1"] });
}
