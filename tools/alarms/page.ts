/** `docs/alarms.md`: every threshold of every shipped production stack, made from the same config that makes the alarms. */
import { sloWindows, thresholdsNow } from "../../components/environment/contract/alarms.ts";
import type { StackConfig } from "../../infra/config/stack.ts";

/** Stacks by the name that the page calls them. */
type NamedStacks = Readonly<Record<string, StackConfig>>;

/** The whole page. */
export function alarmsPage(stacks: NamedStacks): string {
  return [
    "# Thresholds of the alarms",
    "",
    "What the shipped production stacks watch, by severity ([what P0 to P3 mean](runbooks/severities.md)). Made from the stack files by",
    "`npm run schema`; do not edit. A dash: nothing is watched. How alarms notify: [observability](components/observability.md).",
    "",
    "## Services, stores, sites",
    "",
    ...table(["Watched", ...Object.keys(stacks)], linesOf(stacks)),
    "",
    "Always there, with the same threshold everywhere: no healthy task and, on EKS, no ready pod (P0), fewer than the minimum or an unhealthy one while it takes traffic (P2), a",
    "silent database (P0), transaction ids of PostgreSQL above 1,000,000,000 (P1), disk credit below 10 % (P2), faults of DynamoDB (P1), requests that",
    "it turned away (P2), ports of a NAT gateway used up (P2), packets that it drops above 0.01 % (P2), connections that the load balancer",
    "cannot open or turns away (P2).",
    "",
    "## What applications report themselves",
    "",
    ...table(["Stack", "Metric", "Bad", "Levels", "Statistic", "Periods", "What it means"], applicationLines(stacks)),
    "",
    "## Phases",
    "",
    "Set for a time with `pulumi config set --path slipway:alarms.phase <phase>`; only what differs from the usual thresholds is shown.",
    "",
    ...table(["Stack", "Phase", "Line", "Levels"], phaseLines(stacks)),
    "",
    "## SLOs",
    "",
    ...table(["Stack", "SLO", "", "Windows", "Times too fast", "Errors above"], slos(stacks)),
    "",
  ].join("\n");
}

type Row = readonly string[];

/** Values by severity. */
type Levels = Thresholds["tasks"]["cpuPercent"];

function table(head: Row, rows: readonly Row[]): string[] {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** `P1 5 · P2 1`, or a dash. */
function shown(levels: Levels | undefined): string {
  const parts = Object.entries(levels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([severity, value]) => (value === undefined ? [] : [`${severity} ${value}`]));
  return parts.join(" · ") || "–";
}

const latencyStatistics = ["average", "p50", "p90", "p95", "p99"] as const;

type Thresholds = ReturnType<typeof thresholdsNow>;

/** What is watched, how it is called, and where its levels are. */
const lines: readonly (readonly [string, (thresholds: Thresholds, config: StackConfig) => string])[] = [
  ["Errors, %", ({ requests }) => shown(requests.errorRatePercent)],
  ["… for so many minutes", ({ requests }) => String(requests.errorRateMinutes)],
  ["… counting 4xx too", ({ requests }) => (requests.include4xx ? "yes" : "no")],
  ["… with so many requests a minute at least", ({ requests }) => String(requests.minimumRequests)],
  ["Answers of 4xx, %", ({ requests }) => shown(requests.clientErrorRatePercent)],
  ["Answers of 5xx a minute, more than", ({ requests }) => shown(requests.serverErrorsPerMinute)],
  ["Minutes in a row with a 5xx", ({ requests }) => shown(requests.serverErrorMinutes)],
  ...latencyStatistics.map(
    (statistic) =>
      [`Response time, ${statistic}, ms`, ({ requests }: Thresholds) => shown(requests.latencyMilliseconds[statistic])] as const,
  ),
  [
    "Failed health checks in a row",
    (_, { services }) => distinct(Object.values(services).map(({ healthCheck }) => healthCheck.unhealthyThreshold)),
  ],
  ["CPU of tasks, of pods on EKS, %", ({ tasks }) => shown(tasks.cpuPercent)],
  ["Memory of tasks, of pods on EKS, %", ({ tasks }) => shown(tasks.memoryPercent)],
  ["Disk of tasks, %", ({ tasks }) => shown(tasks.diskPercent)],
  ["Restarts on EKS in 15 minutes, more than", ({ tasks }, stack) => where(hasPods(stack), tasks.restarts)],
  ["CPU of a database, %", ({ databases }, { databases: all }) => where(hasServer(all), databases.cpuPercent)],
  ["Storage of a PostgreSQL database, %", ({ databases }, { databases: all }) => where(hasPostgres(all), databases.diskPercent)],
  ["Free memory of a database, %, below", ({ databases }, { databases: all }) => where(hasServer(all), databases.freeMemoryPercent)],
  ["Connections of a PostgreSQL database, %", ({ databases }, { databases: all }) => where(hasPostgres(all), databases.connectionsPercent)],
  ["Lag of a replica, s", ({ databases }, { databases: all }) => where(hasServer(all), databases.replicaLagSeconds)],
  ["Slow statements in 5 minutes", ({ databases }, { databases: all }) => where(hasServer(all), databases.slowStatements)],
  ["… slower than, ms", (_, { databases: all }) => distinct(Object.values(all).flatMap(slowOf))],
  ["CPU of a cache, %", ({ caches }, { caches: all }) => where(some(all), caches.cpuPercent)],
  ["Memory of a cache, %", ({ caches }, { caches: all }) => where(some(all), caches.memoryPercent)],
  ["Keys that a cache drops in 5 minutes", ({ caches }, { caches: all }) => where(some(all), caches.evictions)],
  ["Errors of CloudFront, %", ({ sites }, { sites: all }) => where(some(all), sites.errorRatePercent)],
  ["Requests that AWS WAF blocks a minute", ({ waf }, { edge }) => where(edge.provider === "awsWaf", waf.blockedPerMinute)],
  ["Days to a certificate's end, fewer than", ({ certificates }) => shown(certificates.daysLeft)],
  ["Cost of the month, USD", (_, { budget }) => (budget.monthly === undefined ? "–" : `P3 ${budget.monthly.usd}`)],
];

function linesOf(stacks: NamedStacks): Row[] {
  return lines.map(([what, cell]) => [what, ...Object.values(stacks).map((config) => cell(thresholdsNow(config.alarms), config))]);
}

function where(there: boolean, levels: Levels): string {
  return there ? shown(levels) : "–";
}

function some(all: object): boolean {
  return Object.keys(all).length > 0;
}

function hasPods({ kubernetes: { cluster }, services }: StackConfig): boolean {
  return cluster?.access.by === "eks" && Object.values(services).some(({ compute }) => compute === "kubernetes");
}

function hasServer(all: StackConfig["databases"]): boolean {
  return Object.values(all).some(({ engine }) => engine !== "dynamodb");
}

function hasPostgres(all: StackConfig["databases"]): boolean {
  return Object.values(all).some(({ engine }) => engine === "postgres");
}

function slowOf(database: StackConfig["databases"][string]): number[] {
  return database.engine === "dynamodb" ? [] : [database.slowQueryMilliseconds];
}

function distinct(values: readonly number[]): string {
  return [...new Set(values)].join(", ") || "–";
}

function applicationLines(stacks: NamedStacks): Row[] {
  return Object.entries(stacks).flatMap(([stack, { alarms }]) =>
    Object.values(alarms.application).map(({ namespace, metric, bad, levels, statistic, periods, periodSeconds, summary }) => [
      stack,
      `\`${namespace} ${metric}\``,
      bad,
      shown(levels),
      statistic,
      `${periods} × ${periodSeconds} s`,
      summary,
    ]),
  );
}

function phaseLines(stacks: NamedStacks): Row[] {
  return Object.entries(stacks).flatMap(([stack, { alarms }]) =>
    Object.entries(alarms.phases).flatMap(([phase, sections]) =>
      Object.values(sections).flatMap((section) => thresholdsIn(section ?? {}).map(([line, text]) => [stack, phase, `\`${line}\``, text])),
    ),
  );
}

/** Levels are the innermost objects: by line, or by line and statistic. */
function thresholdsIn(section: object): [string, string][] {
  return Object.entries(section).flatMap(([line, value]: [string, unknown]): [string, string][] => {
    if (typeof value !== "object" || value === null) return [[line, String(value)]];
    if (Object.values(value).every((inner) => typeof inner === "number")) return [[line, shown(value)]];
    return thresholdsIn(value).map(([inner, text]) => [`${line}.${inner}`, text]);
  });
}

function slos(stacks: NamedStacks): Row[] {
  return Object.entries(stacks).flatMap(([stack, { slos }]) =>
    Object.entries(slos).flatMap(([name, slo]) =>
      sloWindows(slo).map(({ severity, longHours, shortMinutes, rate, errorPercent }) => [
        stack,
        `${name}: ${slo.objectivePercent} % of ${slo.windowDays} days`,
        severity,
        `${longHours} h and ${shortMinutes} min`,
        String(rate),
        `${errorPercent} %`,
      ]),
    ),
  );
}
