/** Alarms of one service behind a load balancer: what its users see, and what its tasks run short of. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../../colours.ts";
import type { AlarmDefinition, Metric, MetricMath } from "../alarmDefinition.ts";
import { atLevels, type Levels } from "./levels.ts";

/** A service as its metrics name it. */
export interface WatchedService {
  /** AWS region. */
  readonly region: string;
  /** Name in the config. */
  readonly service: string;
  /** Part of the load balancer's ARN that metrics use. */
  readonly loadBalancer: Input<string>;
  /** Part of each target group's ARN that metrics use. */
  readonly targetGroups: Readonly<Record<Colour, Input<string>>>;
  readonly clusterName: Input<string>;
  /** ECS service names of the colours that run something. */
  readonly serviceNames: Readonly<Partial<Record<Colour, Input<string>>>>;
  /** Tasks of a colour at full capacity, at least. */
  readonly minimumTasks: number;
}

/** What a service's alarms compare with. */
export interface ServiceThresholds {
  /** Requests in a window below which ratios and percentiles say nothing. */
  readonly minimumRequests: number;
  /** Answers of 400–499 count as errors too. */
  readonly include4xx: boolean;
  /** Answers that are errors, percent. */
  readonly errorRatePercent: Levels;
  /** Minutes in a row, each above it. */
  readonly errorRateMinutes: number;
  /** Answers of 400–499, percent, shown apart. */
  readonly clientErrorRatePercent: Levels;
  /** Answers of 500–599 in a minute, more than. */
  readonly serverErrorsPerMinute: Levels;
  /** Minutes in a row that each have an answer of 500–599. */
  readonly serverErrorMinutes: Levels;
  /** Response time by statistic (`average`, `p95`, `p99`), milliseconds. */
  readonly latencyMilliseconds: Readonly<Record<string, Levels>>;
  /** Tasks' use of what they have, percent. */
  readonly cpuPercent: Levels;
  readonly memoryPercent: Levels;
  readonly diskPercent: Levels;
}

/** What sends a service's traffic back to its live colour. */
export interface RollbackTriggers {
  /** Errors of either colour above this for so many minutes. @default no trigger */
  readonly errorRate?: { readonly percent: number; readonly minutes: number } | undefined;
  /** Average response time of either colour above this share of the baseline for so many minutes. @default no trigger */
  readonly latency?: { readonly baselineMilliseconds: number; readonly percent: number; readonly minutes: number } | undefined;
  /** A target of a colour with traffic failed its health check as often in a row as the check allows. @default false */
  readonly healthFailures?: boolean;
  /** Passing a level of response time that is P0 or P1. @default false */
  readonly sla?: boolean;
}

const namespace = "AWS/ApplicationELB";

/** Every alarm of a service. */
export function serviceAlarms(watched: WatchedService, thresholds: ServiceThresholds, rollback?: RollbackTriggers): AlarmDefinition[] {
  return [
    ...errorAlarms(watched, thresholds),
    ...latencyAlarms(watched, thresholds, rollback),
    ...targetAlarms(watched, rollback),
    ...taskAlarms(watched, thresholds),
    ...rollbackAlarms(watched, thresholds, rollback),
  ];
}

function ofTargets({ loadBalancer, targetGroups }: WatchedService, colour: Colour, name: string, statistic: string): Metric {
  return { namespace, name, statistic, dimensions: { LoadBalancer: loadBalancer, TargetGroup: targetGroups[colour] } };
}

/** The same metric of both colours under ids that end with the colour: `requestsBlue`, `requestsGreen`. */
function ofBoth(watched: WatchedService, id: string, name: string, statistic: string): Record<string, Metric> {
  return Object.fromEntries(colours.map((colour) => [idOf(id, colour), ofTargets(watched, colour, name, statistic)]));
}

function idOf(id: string, colour: Colour): string {
  return `${id}${colour === "blue" ? "Blue" : "Green"}`;
}

const filled = (id: string) => `FILL(${id},0)`;

/** Sum of both colours. */
const total = (id: string) => colours.map((colour) => filled(idOf(id, colour))).join("+");

/** The worse of both colours, of those that had enough requests. */
const worst = (minimum: number, value: (colour: Colour) => string) =>
  `MAX([${colours.map((colour) => `IF(${filled(idOf("requests", colour))}>=${minimum},${value(colour)},0)`).join(",")}])`;

function errorAlarms(watched: WatchedService, thresholds: ServiceThresholds): AlarmDefinition[] {
  const { service, region } = watched;
  const { minimumRequests, include4xx, errorRateMinutes } = thresholds;
  const requests = ofBoth(watched, "requests", "RequestCount", "Sum");
  const server = ofBoth(watched, "server", "HTTPCode_Target_5XX_Count", "Sum");
  const client = ofBoth(watched, "client", "HTTPCode_Target_4XX_Count", "Sum");
  const rate = (errors: string) => `IF(${total("requests")}>=${minimumRequests},100*(${errors})/(${total("requests")}),0)`;
  const symptom = { region, subject: service, kind: "symptom", comparison: "GreaterThanThreshold", periodSeconds: 60 } as const;
  const counted = include4xx ? "answers of 400 to 599" : "answers of 500 to 599";
  const watch: MetricMath = {
    metrics: { ...requests, ...server, ...(include4xx ? client : {}) },
    expression: rate(include4xx ? `${total("server")}+${total("client")}` : total("server")),
    label: `${service}: ${counted}, percent`,
  };
  return [
    ...atLevels(thresholds.errorRatePercent, {
      ...symptom,
      key: `${service}-error-rate`,
      summary: `${service} answers too many requests with an error (${counted}).`,
      runbook: "service-errors",
      watch,
      evaluationPeriods: errorRateMinutes,
      missingData: "notBreaching",
    }),
    ...atLevels(thresholds.clientErrorRatePercent, {
      ...symptom,
      key: `${service}-client-error-rate`,
      summary: `${service} refuses too many requests (answers of 400 to 499).`,
      runbook: "service-client-errors",
      watch: {
        metrics: { ...requests, ...client },
        expression: rate(total("client")),
        label: `${service}: answers of 400 to 499, percent`,
      },
      evaluationPeriods: errorRateMinutes,
      missingData: "notBreaching",
    }),
    ...atLevels(thresholds.serverErrorsPerMinute, {
      ...symptom,
      key: `${service}-server-errors`,
      summary: `${service} answered with an error of its own (500 to 599).`,
      runbook: "service-errors",
      watch: { metrics: server, expression: total("server"), label: `${service}: answers of 500 to 599 a minute` },
      // A single answer is what it is about; more periods would hide it.
      evaluationPeriods: 1,
      missingData: "notBreaching",
    }),
    ...atLevels(thresholds.serverErrorMinutes, {
      ...symptom,
      key: `${service}-errors-in-a-row`,
      summary: `${service} answers with errors of its own minute after minute.`,
      runbook: "service-errors",
      watch: { metrics: server, expression: total("server"), label: `${service}: answers of 500 to 599 a minute` },
      evaluationPeriods: 1,
      missingData: "notBreaching",
    }).map(({ threshold, ...alarm }) => ({ ...alarm, evaluationPeriods: Number(threshold), threshold: 0 })),
  ];
}

/** `average` as people say it, as CloudWatch spells it. */
function statisticOf(name: string): string {
  return name === "average" ? "Average" : name;
}

function latencyAlarms(watched: WatchedService, thresholds: ServiceThresholds, rollback?: RollbackTriggers): AlarmDefinition[] {
  const { service, region } = watched;
  return Object.entries(thresholds.latencyMilliseconds).flatMap(([statistic, levels]) =>
    atLevels(
      levels,
      {
        region,
        subject: service,
        kind: "symptom",
        key: `${service}-latency-${statistic}`,
        summary: `${service} answers slowly (${statistic} of the response time).`,
        runbook: "service-latency",
        watch: latencyOf(watched, statisticOf(statistic), thresholds.minimumRequests),
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

function latencyOf(watched: WatchedService, statistic: string, minimumRequests: number): MetricMath {
  return {
    metrics: {
      ...ofBoth(watched, "requests", "RequestCount", "Sum"),
      ...ofBoth(watched, "time", "TargetResponseTime", statistic),
    },
    expression: worst(minimumRequests, (colour) => filled(idOf("time", colour))),
    label: `${watched.service}: ${statistic} of the response time, seconds`,
  };
}

function targetAlarms(watched: WatchedService, rollback?: RollbackTriggers): AlarmDefinition[] {
  const { service, region, minimumTasks } = watched;
  const healthy = ofBoth(watched, "healthy", "HealthyHostCount", "Minimum");
  const requests = ofBoth(watched, "requests", "RequestCount", "Sum");
  const shared = { region, subject: service, kind: "symptom", runbook: "unhealthy-targets", periodSeconds: 60 } as const;
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
      summary: `No task of ${service} is healthy: nobody is served.`,
      watch: { metrics: healthy, expression: total("healthy"), label: `${service}: healthy targets` },
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
      summary: `A colour of ${service} that takes traffic has fewer healthy tasks than its minimum.`,
      watch: {
        metrics: { ...requests, ...healthy },
        expression: `MIN([${inTraffic}])`,
        label: `${service}: healthy targets of the weaker colour`,
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
      summary: `A task of ${service} that takes traffic fails its health check.`,
      watch: {
        metrics: { ...requests, ...ofBoth(watched, "unhealthy", "UnHealthyHostCount", "Maximum") },
        expression: `MAX([${colours.map((colour) => `IF(${filled(idOf("requests", colour))}>0,${filled(idOf("unhealthy", colour))},0)`).join(",")}])`,
        label: `${service}: unhealthy targets`,
      },
      comparison: "GreaterThanThreshold",
      threshold: 0,
      // The health check has counted its failures in a row already.
      evaluationPeriods: rollback?.healthFailures === true ? 1 : 3,
      missingData: "notBreaching",
      ...(rollback?.healthFailures === true ? { rollback: service } : {}),
    },
  ];
}

function taskAlarms(watched: WatchedService, thresholds: ServiceThresholds): AlarmDefinition[] {
  const { service, region, clusterName, serviceNames } = watched;
  const running = colours.filter((colour) => serviceNames[colour] !== undefined);
  if (running.length === 0) return [];
  const ofTasks = (id: string, from: string, name: string): Record<string, Metric> =>
    Object.fromEntries(
      running.map((colour) => [
        idOf(id, colour),
        { namespace: from, name, statistic: "Average", dimensions: { ClusterName: clusterName, ServiceName: serviceNames[colour] ?? "" } },
      ]),
    );
  const worse = (value: (colour: Colour) => string) =>
    running.length === 1 ? running.map(value).join() : `MAX([${running.map(value).join(",")}])`;
  // An idle colour reports nothing; that a serving one falls silent is told by its healthy targets.
  const shared = {
    region,
    subject: service,
    kind: "cause",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: 5,
    missingData: "notBreaching",
  } as const;
  const use = (id: string, name: string): MetricMath => ({
    metrics: ofTasks(id, "AWS/ECS", name),
    expression: worse((colour) => filled(idOf(id, colour))),
    label: `${service}: ${name} of the busier colour, percent`,
  });
  return [
    ...atLevels(thresholds.cpuPercent, {
      ...shared,
      key: `${service}-cpu`,
      summary: `Tasks of ${service} run out of CPU.`,
      runbook: "task-resources",
      watch: use("cpu", "CPUUtilization"),
    }),
    ...atLevels(thresholds.memoryPercent, {
      ...shared,
      key: `${service}-memory`,
      summary: `Tasks of ${service} run out of memory.`,
      runbook: "task-resources",
      watch: use("memory", "MemoryUtilization"),
    }),
    ...atLevels(thresholds.diskPercent, {
      ...shared,
      key: `${service}-disk`,
      summary: `The disks of ${service}'s tasks fill up.`,
      runbook: "task-resources",
      watch: {
        metrics: {
          ...ofTasks("used", "ECS/ContainerInsights", "EphemeralStorageUtilized"),
          ...ofTasks("size", "ECS/ContainerInsights", "EphemeralStorageReserved"),
        },
        expression: worse(
          (colour) => `IF(${filled(idOf("size", colour))}>0,100*${filled(idOf("used", colour))}/${filled(idOf("size", colour))},0)`,
        ),
        label: `${service}: disk of the fuller colour, percent`,
      },
    }),
  ];
}

function rollbackAlarms(watched: WatchedService, { minimumRequests }: ServiceThresholds, rollback?: RollbackTriggers): AlarmDefinition[] {
  const { service, region } = watched;
  const shared = {
    region,
    subject: service,
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
          ...ofBoth(watched, "requests", "RequestCount", "Sum"),
          ...ofBoth(watched, "server", "HTTPCode_Target_5XX_Count", "Sum"),
        },
        expression: worst(
          Math.max(minimumRequests, 1),
          (colour) => `100*${filled(idOf("server", colour))}/${filled(idOf("requests", colour))}`,
        ),
        label: `${service}: answers of 500 to 599 of the worse colour, percent`,
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
      watch: latencyOf(watched, "Average", minimumRequests),
      threshold: (baselineMilliseconds * percent) / 100 / 1000,
      evaluationPeriods: minutes,
    });
  }
  return alarms;
}
