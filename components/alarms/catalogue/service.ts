/** Alarms of one service behind a load balancer: what its users see, and what its tasks run short of. */
import { colours } from "../../colours.ts";
import type { MetricMath } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels } from "./levels.ts";
import { rollbackAlarms } from "./serviceRollback.ts";
import { taskAlarms } from "./serviceTasks.ts";
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
  total,
  type WatchedService,
} from "./watchedService.ts";

/** Every alarm of a service. */
export function serviceAlarms(watched: WatchedService, thresholds: ServiceThresholds, rollback?: RollbackTriggers): AlarmDefinition[] {
  return [
    ...errorAlarms(watched, thresholds),
    ...latencyAlarms(watched, thresholds, rollback),
    ...targetAlarms(watched),
    ...taskAlarms(watched, thresholds),
    ...rollbackAlarms(watched, thresholds, rollback),
  ];
}

function errorAlarms(watched: WatchedService, thresholds: ServiceThresholds): AlarmDefinition[] {
  const { service } = watched;
  const { minimumRequests, include4xx, errorRateMinutes } = thresholds;
  const requests = requestsOf(watched);
  const server = serverErrorsOf(watched);
  const client = ofBoth(watched, "client", ({ clientErrors }) => clientErrors);
  const rate = (errors: string) => `IF(${total("requests")}>=${minimumRequests},100*(${errors})/(${total("requests")}),0)`;
  const symptom = {
    ...ofService(watched),
    kind: "symptom",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: errorRateMinutes,
    missingData: "notBreaching",
  } as const;
  const counted = include4xx ? "answers of 400 to 599" : "answers of 500 to 599";
  const watch: MetricMath = {
    metrics: { ...requests, ...server, ...(include4xx ? client : {}) },
    expression: rate(include4xx ? `${total("server")}+${total("client")}` : total("server")),
    label: `${service}: ${counted}, percent`,
    unit: "percent of requests",
  };
  const failures = { metrics: server, expression: total("server"), label: `${service}: answers of 500 to 599`, unit: "answers" };
  return [
    ...atLevels(thresholds.errorRatePercent, {
      ...symptom,
      key: `${service}-error-rate`,
      likely: "a release of the last hour, or a database or other service that it calls.",
      summary: `${service} answers too many requests with an error (${counted}).`,
      runbook: "service-errors",
      watch,
    }),
    ...atLevels(thresholds.clientErrorRatePercent, {
      ...symptom,
      key: `${service}-client-error-rate`,
      likely: "a client that was released with wrong requests, expired sessions, or a scan.",
      summary: `${service} refuses too many requests (answers of 400 to 499).`,
      runbook: "service-client-errors",
      watch: {
        metrics: { ...requests, ...client },
        expression: rate(total("client")),
        label: `${service}: answers of 400 to 499, percent`,
        unit: "percent of requests",
      },
    }),
    ...atLevels(thresholds.serverErrorsPerMinute, {
      ...symptom,
      key: `${service}-server-errors`,
      likely: "a release of the last hour, or a database or other service that it calls.",
      summary: `${service} answered with an error of its own (500 to 599).`,
      runbook: "service-errors",
      watch: failures,
      // A single answer is what it is about; more periods would hide it.
      evaluationPeriods: 1,
    }),
    ...atLevels(thresholds.serverErrorMinutes, {
      ...symptom,
      key: `${service}-errors-in-a-row`,
      likely: "a release of the last hour, or a database or other service that it calls.",
      summary: `${service} answers with errors of its own minute after minute.`,
      runbook: "service-errors",
      watch: failures,
      evaluationPeriods: 1,
    }).map(({ threshold, ...alarm }) => ({ ...alarm, evaluationPeriods: Number(threshold), threshold: 0 })),
  ];
}

function latencyAlarms(watched: WatchedService, thresholds: ServiceThresholds, rollback?: RollbackTriggers): AlarmDefinition[] {
  const { service } = watched;
  return Object.entries(thresholds.latencyMilliseconds).flatMap(([statistic, levels]) =>
    atLevels(
      levels,
      {
        ...ofService(watched),
        kind: "symptom",
        key: `${service}-latency-${statistic}`,
        likely: "a release of the last hour, a slow query, or tasks at their CPU limit.",
        summary: `${service} answers slowly (${statistic} of the response time).`,
        runbook: "service-latency",
        watch: latencyOf(watched, statistic, thresholds.minimumRequests),
        comparison: "GreaterThanThreshold",
        periodSeconds: 60,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        missingData: "notBreaching",
      },
      (milliseconds) => milliseconds / 1000,
    ).map((alarm) => {
      const pages = alarm.severity === "P0" || alarm.severity === "P1";
      return rollback?.sla === true && pages ? { ...alarm, rollback: service } : alarm;
    }),
  );
}

function targetAlarms(watched: WatchedService): AlarmDefinition[] {
  const { service, minimumTasks } = watched;
  const healthy = ofBoth(watched, "healthy", (metrics) => metrics.healthy);
  const requests = requestsOf(watched);
  const shared = { ...ofService(watched), kind: "symptom", runbook: "unhealthy-targets", periodSeconds: 60 } as const;
  // A colour without traffic may have no tasks at all: it counts only while it is asked something. The alarm itself stays the
  // same at every weight, so that a canary step changes nothing but the rule.
  const inTraffic = colours
    .map((colour) => `IF(${filled(idOf("requests", colour))}>0,${filled(idOf("healthy", colour))},${minimumTasks})`)
    .join(",");
  return [
    {
      ...shared,
      key: `${service}-no-healthy-targets`,
      severity: "P0",
      dead: true,
      likely: "a release whose tasks do not start, or what their health check needs is down: the database first.",
      summary: `No task of ${service} is healthy: nobody is served.`,
      watch: { metrics: healthy, expression: total("healthy"), label: `${service}: healthy targets`, unit: "tasks" },
      comparison: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      missingData: "breaching",
    },
    {
      ...shared,
      key: `${service}-few-healthy-targets`,
      severity: "P2",
      likely: "tasks that are stopped for want of memory, or capacity that is missing in a zone.",
      summary: `A colour of ${service} that takes traffic has fewer healthy tasks than its minimum.`,
      watch: {
        metrics: { ...requests, ...healthy },
        expression: `MIN([${inTraffic}])`,
        label: `${service}: healthy targets of the weaker colour`,
        unit: "tasks",
      },
      comparison: "LessThanThreshold",
      threshold: minimumTasks,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      missingData: "breaching",
    },
    {
      ...shared,
      key: `${service}-unhealthy-targets`,
      severity: "P2",
      likely: "one task that hangs or is out of memory; where it is all of them, what they need is down.",
      summary: `A task of ${service} that takes traffic fails its health check.`,
      watch: {
        metrics: { ...requests, ...ofBoth(watched, "unhealthy", ({ unhealthy }) => unhealthy) },
        expression: `MAX([${colours.map((colour) => `IF(${filled(idOf("requests", colour))}>0,${filled(idOf("unhealthy", colour))},0)`).join(",")}])`,
        label: `${service}: unhealthy targets`,
        unit: "tasks",
      },
      comparison: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 3,
      missingData: "notBreaching",
    },
  ];
}
