/** The dashboard that is opened first: is the region well, and if not, where to look. */
import type { Input } from "@pulumi/pulumi";
import { colours } from "../colours.ts";
import { loadBalancerMetrics, responseTime } from "../metrics/applicationLoadBalancer.ts";
import { clusterMetrics } from "../metrics/docdb.ts";
import { taskMetrics } from "../metrics/ecs.ts";
import type { Metric } from "../metrics/metric.ts";
import { natMetrics } from "../metrics/natGateway.ts";
import { instanceMetrics } from "../metrics/rds.ts";
import { checkGraphs } from "./checks.ts";
import { hidden, metricsOfColour } from "./graphs.ts";
import type { ShownCheck, ShownService, ShownStore } from "./subjects.ts";
import { type AlarmWidget, graph, type MetricWidget, palette, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface RegionDashboard {
  /** AWS region. */
  readonly region: string;
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  readonly services: readonly ShownService[];
  readonly stores: readonly ShownStore[];
  /** Checks from outside and from inside. */
  readonly checks: readonly ShownCheck[];
  /** Ids of the NAT gateways by zone. */
  readonly natGateways: Readonly<Record<string, Input<string>>>;
  /** Every alarm of the region. @default none is shown */
  readonly alarmArns?: readonly Input<string>[];
  /** Answer times that are drawn: `average`, percentiles. */
  readonly answerTimes: readonly string[];
}

const { blue, bad, purple, neutral } = palette;

/** Alarms and four numbers, then what users notice, then what could be the cause. */
export function regionSections(dashboard: RegionDashboard): Section[] {
  const { region, services, checks, stores, natGateways, alarmArns = [] } = dashboard;
  const alarms: AlarmWidget[] = alarmArns.length === 0 ? [] : [{ kind: "alarm", title: "Alarms", alarmArns: alarmArns.slice(0, 100) }];
  const databases = stores.filter(({ kind }) => kind === "postgres" || kind === "documentdb");
  return [
    {
      heading: region,
      rows: [...(alarms.length === 0 ? [] : [{ height: 3, widgets: alarms }]), { height: 3, widgets: [numbers(dashboard)] }],
    },
    {
      heading: "What users notice",
      rows: [
        { height: 6, widgets: [traffic(dashboard), failures(dashboard), slowest(dashboard)] },
        ...(checks.length === 0 ? [] : [{ height: 5, widgets: checkGraphs(checks) }]),
      ],
    },
    {
      heading: "Why",
      rows: [
        {
          height: 6,
          widgets: [
            ...(services.length === 0
              ? []
              : [taskUse(dashboard, "cpu", "CPU of the tasks"), taskUse(dashboard, "memory", "Memory of the tasks")]),
            ...(databases.length === 0 ? [] : [databaseUse(databases)]),
          ],
        },
        ...(Object.keys(natGateways).length === 0 ? [] : [{ height: 5, widgets: natGraphs(natGateways) }]),
      ].filter(({ widgets }) => widgets.length > 0),
    },
  ];
}

/** 5xx of targets and of the load balancer itself, over all requests. */
function failureLines(loadBalancer: Input<string>): MetricWidget["series"] {
  const { serverErrors, ownErrors, requests } = loadBalancerMetrics(loadBalancer);
  const expression = "100 * (FILL(target, 0) + FILL(balancer, 0)) / requests";
  return {
    failed: { expression, unit: "percent of requests", label: "5xx, percent", colour: bad },
    target: hidden(serverErrors),
    balancer: hidden(ownErrors),
    requests: hidden(requests),
  };
}

function numbers({ loadBalancer }: RegionDashboard): MetricWidget {
  const metrics = loadBalancerMetrics(loadBalancer);
  const lines = {
    count: { metric: metrics.requests, label: "requests in 5 minutes", colour: blue },
    ...failureLines(loadBalancer),
    p95: { metric: responseTime(metrics, "p95"), label: "answer time p95, seconds", colour: purple },
    active: { metric: metrics.activeConnections, label: "connections", colour: neutral },
  };
  return graph("Now", lines, { numbers: true, periodSeconds: 300 });
}

function traffic({ loadBalancer, services }: RegionDashboard): MetricWidget {
  const lines = services.map((service, index): MetricWidget["series"] => {
    const { name } = service;
    const parts = colours.map((colour): [string, Series] => [
      `${colour}${index}`,
      { metric: metricsOfColour(loadBalancer, service, colour).requests, label: `${name} ${colour}`, hidden: true },
    ]);
    const sum = colours.map((colour) => `FILL(${colour}${index}, 0)`).join(" + ");
    return { [`service${index}`]: { expression: sum, unit: "requests", label: name }, ...Object.fromEntries(parts) };
  });
  const all = { all: { metric: loadBalancerMetrics(loadBalancer).requests, label: "all", colour: neutral } };
  return graph("Requests by service", Object.assign({}, ...lines, all));
}

function failures({ loadBalancer }: RegionDashboard): MetricWidget {
  return graph("Failed requests", failureLines(loadBalancer));
}

function slowest({ loadBalancer, answerTimes }: RegionDashboard): MetricWidget {
  const tints: Readonly<Record<string, string>> = { p50: palette.lightBlue, p95: blue, p99: palette.darkBlue };
  const metrics = loadBalancerMetrics(loadBalancer);
  const series = answerTimes.map((label): [string, Series] => [
    label,
    { metric: responseTime(metrics, label), label, colour: tints[label] ?? purple },
  ]);
  return graph("Answer time", Object.fromEntries(series));
}

function taskUse({ services }: RegionDashboard, key: "cpu" | "memory", title: string): MetricWidget {
  const lines = services.flatMap(({ name: service, cluster, colours: targets }, index) =>
    colours.flatMap((colour): [string, Series][] => {
      const { ecsService } = targets[colour];
      if (ecsService === undefined) return [];
      const label = `${service} ${colour}`;
      const tint = services.length === 1 ? { colour: palette[colour] } : {};
      return [[`${colour}${index}`, { metric: taskMetrics(cluster, ecsService)[key], label, ...tint }]];
    }),
  );
  return graph(title, Object.fromEntries(lines), { most: 100 });
}

function databaseUse(stores: readonly ShownStore[]): MetricWidget {
  const lines = stores.flatMap((store, index): [string, Series][] => {
    const metric = cpuOf(store);
    return metric === undefined ? [] : [[`store${index}`, { metric, label: store.name }]];
  });
  return graph("CPU of the databases", Object.fromEntries(lines), { most: 100 });
}

function cpuOf(store: ShownStore): Metric | undefined {
  if (store.kind === "postgres") return instanceMetrics(store.instance).cpu;
  if (store.kind === "documentdb") return clusterMetrics(store.cluster).cpu;
  return undefined;
}

function natGraphs(gateways: RegionDashboard["natGateways"]): MetricWidget[] {
  const each = (key: "sent" | "noPort") =>
    Object.fromEntries(
      Object.entries(gateways).map(([zone, id], index): [string, Series] => [`nat${index}`, { metric: natMetrics(id)[key], label: zone }]),
    );
  return [graph("Sent through the NAT gateways", each("sent")), graph("NAT gateways: no free port", each("noPort"))];
}
