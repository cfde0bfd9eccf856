/** The dashboard that is opened first: is the region well, and if not, where to look. */
import type { Input } from "@pulumi/pulumi";
import { colours } from "../colours.ts";
import { clusterCpu } from "../metrics/docdb.ts";
import { taskMetric } from "../metrics/ecs.ts";
import type { Metric } from "../metrics/metric.ts";
import { checkGraphs } from "./checks.ts";
import { answerTimes, latencyThresholds, levelThresholds, loadBalancerMetric, targetMetric } from "./graphs.ts";
import type { ShownCheck, ShownService, ShownStore, Thresholds } from "./subjects.ts";
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
  readonly thresholds: Thresholds;
  /** Markdown links to where one reads on. */
  readonly links: string;
}

const { blue, bad, warning, purple, neutral } = palette;

/** Alarms and four numbers, then what users notice, then what could be the cause. */
export function regionSections(dashboard: RegionDashboard): Section[] {
  const { region, services, checks, stores, natGateways, alarmArns = [], links } = dashboard;
  const alarms: AlarmWidget[] = alarmArns.length === 0 ? [] : [{ kind: "alarm", title: "Alarms", alarmArns: alarmArns.slice(0, 100) }];
  const databases = stores.filter(({ kind }) => kind === "postgres" || kind === "documentdb");
  return [
    {
      heading: region,
      note: links,
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
              : [taskUse(dashboard, "CPUUtilization", "CPU of the tasks"), taskUse(dashboard, "MemoryUtilization", "Memory of the tasks")]),
            ...(databases.length === 0 ? [] : [databaseUse(databases, dashboard.thresholds)]),
          ],
        },
        ...(Object.keys(natGateways).length === 0 ? [] : [{ height: 5, widgets: natGraphs(natGateways) }]),
      ].filter(({ widgets }) => widgets.length > 0),
    },
  ];
}

/** 5xx of targets and of the load balancer itself, over all requests. */
function failureLines(loadBalancer: Input<string>): MetricWidget["series"] {
  const hidden = (name: string): Series => ({ metric: loadBalancerMetric(loadBalancer, name, "Sum"), label: name, hidden: true });
  return {
    failed: { expression: "100 * (FILL(target, 0) + FILL(balancer, 0)) / requests", label: "5xx, percent", colour: bad },
    target: hidden("HTTPCode_Target_5XX_Count"),
    balancer: hidden("HTTPCode_ELB_5XX_Count"),
    requests: hidden("RequestCount"),
  };
}

function numbers({ loadBalancer }: RegionDashboard): MetricWidget {
  const { failed, ...parts } = failureLines(loadBalancer);
  return {
    kind: "metric",
    title: "Now",
    unit: "",
    numbers: true,
    periodSeconds: 300,
    series: {
      count: { metric: loadBalancerMetric(loadBalancer, "RequestCount", "Sum"), label: "requests in 5 minutes", colour: blue },
      ...(failed === undefined ? {} : { failed }),
      ...parts,
      p95: { metric: loadBalancerMetric(loadBalancer, "TargetResponseTime", "p95"), label: "answer time p95, seconds", colour: purple },
      active: { metric: loadBalancerMetric(loadBalancer, "ActiveConnectionCount", "Sum"), label: "connections", colour: neutral },
    },
  };
}

function traffic({ loadBalancer, services }: RegionDashboard): MetricWidget {
  const lines = services.map(({ name, colours: targets }, index): [string, MetricWidget["series"]] => {
    const parts = colours.map((colour): [string, Series] => [
      `${colour}${index}`,
      { metric: targetMetric(loadBalancer, targets[colour].targetGroup, "RequestCount", "Sum"), label: `${name} ${colour}`, hidden: true },
    ]);
    const sum = colours.map((colour) => `FILL(${colour}${index}, 0)`).join(" + ");
    return [name, { [`service${index}`]: { expression: sum, label: name }, ...Object.fromEntries(parts) }];
  });
  const all = { all: { metric: loadBalancerMetric(loadBalancer, "RequestCount", "Sum"), label: "all", colour: neutral } };
  return graph("Requests by service", "a minute", { ...Object.assign({}, ...lines.map(([, series]) => series)), ...all });
}

function failures({ loadBalancer, thresholds }: RegionDashboard): MetricWidget {
  return graph("Failed requests", "percent", failureLines(loadBalancer), { thresholds: levelThresholds(thresholds.errorPercent) });
}

function slowest({ loadBalancer, thresholds }: RegionDashboard): MetricWidget {
  const tints: Readonly<Record<string, string>> = { p50: palette.lightBlue, p95: blue, p99: palette.darkBlue };
  const series = answerTimes(thresholds).map(({ label, statistic }): [string, Series] => [
    label,
    { metric: loadBalancerMetric(loadBalancer, "TargetResponseTime", statistic), label, colour: tints[label] ?? purple },
  ]);
  return graph("Answer time", "seconds", Object.fromEntries(series), { thresholds: latencyThresholds(thresholds.latencySeconds) });
}

function taskUse({ services, thresholds }: RegionDashboard, name: "CPUUtilization" | "MemoryUtilization", title: string): MetricWidget {
  const lines = services.flatMap(({ name: service, cluster, colours: targets }, index) =>
    colours.flatMap((colour): [string, Series][] => {
      const { ecsService } = targets[colour];
      if (ecsService === undefined) return [];
      const label = `${service} ${colour}`;
      const tint = services.length === 1 ? { colour: palette[colour] } : {};
      return [[`${colour}${index}`, { metric: taskMetric(cluster, ecsService, name, "Average"), label, ...tint }]];
    }),
  );
  const alarm = name === "CPUUtilization" ? thresholds.cpuPercent : thresholds.memoryPercent;
  return graph(title, "percent", Object.fromEntries(lines), { most: 100, thresholds: levelThresholds(alarm) });
}

function databaseUse(stores: readonly ShownStore[], { databaseCpuPercent }: Thresholds): MetricWidget {
  const lines = stores.flatMap((store, index): [string, Series][] => {
    const metric = cpuOf(store);
    return metric === undefined ? [] : [[`store${index}`, { metric, label: store.name }]];
  });
  return graph("CPU of the databases", "percent", Object.fromEntries(lines), {
    most: 100,
    thresholds: levelThresholds(databaseCpuPercent),
  });
}

function cpuOf(store: ShownStore): Metric | undefined {
  if (store.kind === "postgres")
    return { namespace: "AWS/RDS", name: "CPUUtilization", statistic: "Average", dimensions: { DBInstanceIdentifier: store.instance } };
  if (store.kind === "documentdb") return clusterCpu(store.cluster);
  return undefined;
}

function natGraphs(gateways: RegionDashboard["natGateways"]): MetricWidget[] {
  const each = (name: string, statistic = "Sum") =>
    Object.fromEntries(
      Object.entries(gateways).map(([zone, id], index): [string, Series] => [
        `nat${index}`,
        { metric: { namespace: "AWS/NATGateway", name, statistic, dimensions: { NatGatewayId: id } }, label: zone },
      ]),
    );
  return [
    graph("Sent through the NAT gateways", "bytes a minute", each("BytesOutToDestination")),
    graph("NAT gateways: no free port", "a minute", each("ErrorPortAllocation"), {
      thresholds: [{ label: "none is right", value: 1, colour: warning }],
    }),
    graph("NAT gateways: packets dropped", "a minute", each("PacketsDropCount")),
  ];
}
