/** Alarms that send a service's traffic back to its live colour. */
import { required } from "../../byName.ts";
import { type Colour, otherColour } from "../../colours.ts";
import { responseTime } from "../../metrics/applicationLoadBalancer.ts";
import type { Metric } from "../../metrics/metric.ts";
import { failingTargets } from "../../rollback/contract.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import {
  filled,
  idOf,
  latencyOf,
  ofBoth,
  ofService,
  type RollbackTriggers,
  requestsOf,
  type ServiceThresholds,
  serverErrorsOf,
  type TailTrigger,
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
      likely: "the version that is released.",
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
      likely: "the version that is released, or what it calls.",
      summary: `A colour of ${service} answers in more than ${percent} % of its usual time: its traffic goes back to the live colour.`,
      watch: latencyOf(watched, "average", minimumRequests),
      threshold: (baselineMilliseconds * percent) / 100 / 1000,
      evaluationPeriods: minutes,
    });
  }
  if (rollback?.tail !== undefined) alarms.push({ ...shared, ...candidateTail(watched, Math.max(minimumRequests, 1), rollback.tail) });
  if (rollback?.healthFailures === true) alarms.push({ ...shared, ...candidateTargets(watched) });
  return alarms;
}

/**
 * The candidate's percentile against the other colour's of the same minutes, so that a slow hour of both calls for nothing. Both need enough
 * requests: with everything on one colour there is nothing to compare.
 */
function candidateTail(watched: WatchedService, least: number, { statistic, percent, atLeastMilliseconds, minutes }: TailTrigger) {
  const { service, candidate } = watched;
  const other = otherColour(candidate);
  const time = (colour: Colour) => filled(idOf("time", colour));
  const enough = [candidate, other].map((colour) => `${filled(idOf("requests", colour))}>=${least}`);
  const where = [...enough, `${time(candidate)}>=${atLeastMilliseconds / 1000}`, `${time(other)}>0`];
  return {
    key: `${service}-rollback-tail`,
    likely: "the version that is released, or what it calls.",
    summary: `The candidate of ${service} answers slower (${statistic}) than ${percent} % of the other colour: its traffic goes back to the live colour.`,
    watch: {
      metrics: { ...requestsOf(watched), ...ofBoth(watched, "time", (metrics) => responseTime(metrics, statistic)) },
      expression: where.reduceRight((value, condition) => `IF(${condition},${value},0)`, `100*${time(candidate)}/${time(other)}`),
      label: `${service}: ${statistic} of the candidate's response time, percent of the other colour's`,
      unit: "percent",
    },
    threshold: percent,
    evaluationPeriods: minutes,
  };
}

/** Targets of the candidate alone: those of the live colour have no better place to send their traffic to. */
function candidateTargets(watched: WatchedService) {
  const { service, candidate } = watched;
  const { tasks, percent, minutes, ofMinutes } = failingTargets;
  const of = (id: string) => filled(idOf(id, candidate));
  const only = (metrics: Readonly<Record<string, Metric>>, id: string) => {
    const metric = required(metrics, idOf(id, candidate), `metric of ${service}`);
    return { [idOf(id, candidate)]: metric };
  };
  const all = `(${of("healthy")}+${of("unhealthy")})`;
  const many = `IF(${of("unhealthy")}>=${tasks},1,0)`;
  const great = `IF(100*${of("unhealthy")}>${percent}*${all},1,0)`;
  return {
    key: `${service}-rollback-unhealthy-targets`,
    likely: "the version that is released.",
    summary: `The candidate of ${service} fails its health checks: its traffic goes back to the live colour.`,
    watch: {
      metrics: {
        ...only(requestsOf(watched), "requests"),
        ...only(
          ofBoth(watched, "healthy", ({ healthy }) => healthy),
          "healthy",
        ),
        ...only(
          ofBoth(watched, "unhealthy", ({ unhealthy }) => unhealthy),
          "unhealthy",
        ),
      },
      expression: `IF(${of("requests")}>0,MAX([${many},${great}]),0)`,
      label: `${service}: the candidate's targets fail`,
      unit: "1 for yes",
    },
    threshold: 0,
    evaluationPeriods: ofMinutes,
    datapointsToAlarm: minutes,
  };
}
