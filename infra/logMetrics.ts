/** What is counted in the services' logs, and the queries that are kept ready for them. */
import type { ProviderResource } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { atLevels } from "../components/alarms/catalogue/levels.ts";
import { type LogCount, LogMetrics, logMetric, patternOf } from "../components/logs/logMetrics.ts";
import { documentDbQueries, postgresQueries, serviceQueries } from "../components/logs/queries.ts";
import type { Metric } from "../components/metrics/metric.ts";
import { logNamespace } from "../components/metrics/slipwayLogs.ts";
import type { StackConfig } from "./config/stack.ts";
import type { Region } from "./region.ts";
import { regionCode } from "./regionCode.ts";

/** What the filters are made from. */
interface LogMetricsOf {
  readonly config: StackConfig;
  readonly providers: readonly ProviderResource[];
  /** Regions of the stack, the primary first. */
  readonly regions: readonly Region[];
}

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
export function declareLogMetrics({ config, providers, regions }: LogMetricsOf): AlarmDefinition[] {
  return regions.flatMap((region) => {
    for (const [service, { logGroupName }] of Object.entries(region.ecsServices))
      declareLog(`${regionCode(region.name)}-${service}-log`, region, logGroupName, countsOf(config, service), service, serviceQueries, {
        config,
        providers,
      });
    for (const [database, access] of Object.entries(region.data.databases)) {
      if (access.kind === "table") continue;
      const queries = config.databases[database]?.engine === "documentdb" ? documentDbQueries : postgresQueries;
      const name = `${regionCode(region.name)}-db-${database}-log`;
      declareLog(name, region, access.slowLogGroup, {}, database, queries, { config, providers });
    }
    return logAlarms(config, region);
  });
}

function declareLog(
  name: string,
  region: Region,
  logGroup: Region["keyArn"],
  counts: Readonly<Record<string, LogCount>>,
  about: string,
  queries: Readonly<Record<string, string>>,
  { config, providers }: Pick<LogMetricsOf, "config" | "providers">,
): void {
  const { system, environment, logs } = config;
  const kept = logs.queries ? Object.entries(queries) : [];
  if (Object.keys(counts).length + kept.length === 0) return;
  new LogMetrics(
    name,
    {
      region: region.name,
      logGroup,
      namespace: logNamespace,
      counts,
      queries: Object.fromEntries(kept.map(([query, text]) => [`${system}-${environment}/${about}/${query}`, text])),
    },
    { providers: [...providers] },
  );
}

/** Metrics of a service's log, by what config calls them. */
export function countedLog(config: StackConfig, service: string): CountedLog {
  const metric = (name: string, statistic?: string) => logMetric({ namespace: logNamespace }, metricName(config, service, name), statistic);
  return {
    patterns: Object.fromEntries(patternsOf(config, service).map(([pattern]) => [pattern, metric(pattern)])),
    paths: Object.fromEntries(
      pathsOf(config, service).map(([path]) => [
        path,
        { requests: metric(`${path}-Requests`), failures: metric(`${path}-Failures`), duration: metric(`${path}-Milliseconds`, "p95") },
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

function logAlarms(config: StackConfig, region: Region): AlarmDefinition[] {
  return Object.keys(region.ecsServices).flatMap((service) =>
    patternsOf(config, service).flatMap(([pattern, { levels, summary, runbook, windowMinutes }]) =>
      atLevels(levels, {
        region: region.name,
        subject: service,
        kind: "symptom",
        key: `log-${service}-${pattern}`,
        summary: summary ?? `Too many lines of ${pattern} in the log of ${service}.`,
        runbook,
        watch: logMetric({ namespace: logNamespace }, metricName(config, service, pattern)),
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
