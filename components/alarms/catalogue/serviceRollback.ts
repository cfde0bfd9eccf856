/** Alarms that send a service's traffic back to its live colour. */
import type { AlarmDefinition } from "../alarmDefinition.ts";
import {
  filled,
  idOf,
  latencyOf,
  ofService,
  type RollbackTriggers,
  requestsOf,
  type ServiceThresholds,
  serverErrorsOf,
  type WatchedService,
  worst,
} from "./watchedService.ts";

/** The triggers that are alarms of their own. */
export function rollbackAlarms(
  watched: WatchedService,
  { minimumRequests }: ServiceThresholds,
  rollback?: RollbackTriggers,
): AlarmDefinition[] {
  const { service } = watched;
  const shared = {
    ...ofService(watched),
    kind: "symptom",
    severity: "P1",
    runbook: "auto-rollback",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    missingData: "notBreaching",
    rollback: service,
  } as const;
  const alarms: AlarmDefinition[] = [];
  if (rollback?.errorRate !== undefined)
    alarms.push({
      ...shared,
      key: `${service}-rollback-error-rate`,
      summary: `A colour of ${service} fails: its traffic goes back to the live colour.`,
      // Each colour by itself: at 5 % of the traffic, a candidate that fails always is 5 % of all errors.
      watch: {
        metrics: {
          ...requestsOf(watched),
          ...serverErrorsOf(watched),
        },
        expression: worst(
          Math.max(minimumRequests, 1),
          (colour) => `100*${filled(idOf("server", colour))}/${filled(idOf("requests", colour))}`,
        ),
        label: `${service}: answers of 500 to 599 of the worse colour, percent`,
        unit: "percent of requests",
      },
      threshold: rollback.errorRate.percent,
      evaluationPeriods: rollback.errorRate.minutes,
    });
  if (rollback?.latency !== undefined) {
    const { baselineMilliseconds, percent, minutes } = rollback.latency;
    alarms.push({
      ...shared,
      key: `${service}-rollback-latency`,
      summary: `A colour of ${service} answers in more than ${percent} % of its usual time: its traffic goes back to the live colour.`,
      watch: latencyOf(watched, "average", minimumRequests),
      threshold: (baselineMilliseconds * percent) / 100 / 1000,
      evaluationPeriods: minutes,
    });
  }
  return alarms;
}
