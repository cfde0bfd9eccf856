/** What is counted in the services' logs, and the queries that are kept ready for them. */
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { atLevels } from "../components/alarms/catalogue/levels.ts";
import type { Place } from "../components/environment/place.ts";
import { type LogCount, LogMetrics, patternOf } from "../components/logs/logMetrics.ts";
import { documentDbQueries, postgresQueries, serviceQueries } from "../components/logs/queries.ts";
import type { Metric } from "../components/metrics/metric.ts";
import { logMetric, logNamespace } from "../components/metrics/slipway.ts";
import { hostsOf, needsOfService } from "./config/alarmNeeds.ts";
import type { StackConfig } from "./config/stack.ts";
import type { StackRegion } from "./region.ts";

/** Requests of one path. */
interface PathMetrics {
  readonly requests: Metric;
  /** Answers of 500 and above. */
  readonly failures: Metric;
  /** Milliseconds. */
  readonly duration: Metric;
}

/** Metrics of one service's log; the same in every region. */
interface CountedLog {
  readonly patterns: Readonly<Record<string, Metric>>;
  readonly paths: Readonly<Record<string, PathMetrics>>;
}

/** Declares the filters and queries of every region. @returns what has to be watched, the worst first */
export function declareLogMetrics(config: StackConfig, regions: readonly StackRegion[]): AlarmDefinition[] {
  return regions.flatMap((region) => {
    for (const [service, { logGroupName }] of Object.entries(region.ecsServices))
      declareLog(config, region.place, `${service}-log`, logGroupName, countsOf(config, service), service, serviceQueries);
    for (const [database, access] of Object.entries(region.data.databases)) {
      if (access.kind === "table") continue;
      const queries = config.databases[database]?.engine === "documentdb" ? documentDbQueries : postgresQueries;
      declareLog(config, region.place, `db-${database}-log`, access.slowLogGroup, {}, database, queries);
    }
    return logAlarms(config, region);
  });
}

function declareLog(
  { logs }: StackConfig,
  place: Place,
  log: string,
  logGroup: StackRegion["keyArn"],
  counts: Readonly<Record<string, LogCount>>,
  about: string,
  queries: Readonly<Record<string, string>>,
): void {
  const kept = logs.queries ? Object.entries(queries) : [];
  if (Object.keys(counts).length + kept.length === 0) return;
  const named = Object.fromEntries(kept.map(([query, text]) => [`${place.names.stack}/${about}/${query}`, text]));
  place.make(LogMetrics, place.names.regional(log), { logGroup, namespace: logNamespace, counts, queries: named });
}

/** Metrics of a service's log, by what config calls them. */
export function countedLog(config: StackConfig, service: string): CountedLog {
  const metric = (name: string, more?: Parameters<typeof logMetric>[1]) => logMetric(metricName(config, service, name), more);
  return {
    patterns: Object.fromEntries(patternsOf(config, service).map(([pattern]) => [pattern, metric(pattern)])),
    paths: Object.fromEntries(
      pathsOf(config, service).map(([path]) => [
        path,
        {
          requests: metric(`${path}-Requests`, { unit: "requests" }),
          failures: metric(`${path}-Failures`, { unit: "requests" }),
          duration: metric(`${path}-Milliseconds`, { statistic: "p95", unit: "milliseconds" }),
        },
      ]),
    ),
  };
}

/** Filters on a service's log, by metric name. */
function countsOf(config: StackConfig, service: string): Record<string, LogCount> {
  const { requestLog } = config.dashboards;
  return Object.fromEntries([
    ...patternsOf(config, service).map(([pattern, { texts, filter }]): [string, LogCount] => [
      metricName(config, service, pattern),
      { pattern: filter ?? patternOf(texts ?? []), unit: "Count" },
    ]),
    ...pathsOf(config, service).flatMap(([path, panel]): [string, LogCount][] => {
      const methods = panel.methods.map((method) => `($.${requestLog.method} = "${method}")`).join(" || ");
      const asked = `(${methods}) && ($.${requestLog.path} = "${panel.path}")`;
      return [
        [metricName(config, service, `${path}-Requests`), { pattern: `{ ${asked} }`, unit: "Count" }],
        [metricName(config, service, `${path}-Failures`), { pattern: `{ ${asked} && ($.${requestLog.status} >= 500) }`, unit: "Count" }],
        [
          metricName(config, service, `${path}-Milliseconds`),
          { pattern: `{ ${asked} && ($.${requestLog.milliseconds} >= 0) }`, value: `$.${requestLog.milliseconds}`, unit: "Milliseconds" },
        ],
      ];
    }),
  ]);
}

function logAlarms(config: StackConfig, region: StackRegion): AlarmDefinition[] {
  return Object.keys(region.ecsServices).flatMap((service) =>
    patternsOf(config, service).flatMap(([pattern, { levels, summary, likely, runbook, windowMinutes }]) =>
      atLevels(levels, {
        region: region.name,
        subject: service,
        kind: "symptom",
        key: `log-${service}-${pattern}`,
        hosts: hostsOf(config, [service]),
        needs: needsOfService(config, service),
        likely,
        summary: summary ?? `Too many lines of ${pattern} in the log of ${service}.`,
        runbook,
        watch: logMetric(metricName(config, service, pattern)),
        dashboard: "service",
        comparison: "GreaterThanThreshold",
        periodSeconds: windowMinutes * 60,
        evaluationPeriods: 1,
        // No lines at all: other alarms tell that nothing runs.
        missingData: "notBreaching",
      }),
    ),
  );
}

/** Two stacks of one account may count the same thing. */
function metricName({ system, environment }: StackConfig, service: string, what: string): string {
  return `${system}-${environment}-${service}-${what}`;
}

function patternsOf({ logs }: StackConfig, service: string) {
  return Object.entries(logs.patterns).filter(([, { services }]) => services.length === 0 || services.includes(service));
}

function pathsOf({ dashboards }: StackConfig, service: string) {
  return Object.entries(dashboards.endpoints).filter(([, panel]) => panel.service === service);
}
