/** Metrics that Slipway counts from logs. */
import type { Metric } from "./metric.ts";

/** Namespace of what Slipway counts from logs. */
export const logNamespace = "Slipway/Logs";

/** Statements of a database that it logs as slow. @param stack whose database it is */
export function slowStatements(
  { system, environment }: { readonly system: string; readonly environment: string },
  database: string,
): Metric {
  return { namespace: logNamespace, name: `${system}-${environment}-${database}-SlowStatements`, statistic: "Sum" };
}
