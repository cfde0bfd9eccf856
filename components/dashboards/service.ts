/** The dashboard of the services: what users notice first, then why. */
import type { Input } from "@pulumi/pulumi";
import { colours } from "../colours.ts";
import { taskDisk, taskMetric } from "../metrics/ecs.ts";
import { eachColour, errors, latency, levelThresholds, requests, targetMetric, tasks, use } from "./graphs.ts";
import { inRows } from "./layout.ts";
import type { ShownCustomMetric, ShownEndpoint, ShownPattern, ShownService, Thresholds } from "./subjects.ts";
import { graph, type LogWidget, type MetricWidget, palette, type Row, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface ServiceDashboard {
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  readonly services: readonly ShownService[];
  /** Services that run elsewhere, whose metrics are not CloudWatch's. */
  readonly elsewhere: readonly string[];
  /** Metrics that the applications send. */
  readonly custom: readonly ShownCustomMetric[];
  readonly thresholds: Thresholds;
  /** Markdown links to where one reads on. */
  readonly links: string;
}

/** Sections by service: symptoms, causes, the log, the paths that matter most. */
export function serviceSections({ loadBalancer, services, elsewhere, custom, thresholds, links }: ServiceDashboard): Section[] {
  return [
    { heading: "Services", note: links, rows: [] },
    ...services.flatMap((service) => sectionsOf(loadBalancer, service, thresholds)),
    ...(custom.length === 0 ? [] : [{ heading: "What the applications tell", rows: inRows(custom.map(customGraph), 3) }]),
    ...elsewhere.map((name) => ({
      heading: name,
      note: "Runs on Kubernetes. Its metrics are with the cluster; CloudWatch has those of its database and of the checks from outside.",
      rows: [],
    })),
  ];
}

function sectionsOf(loadBalancer: Input<string>, service: ShownService, thresholds: Thresholds): Section[] {
  const { name, patterns = [], endpoints = [] } = service;
  const symptoms: Row = {
    height: 6,
    widgets: [
      requests(loadBalancer, service),
      errors(loadBalancer, service, colours, thresholds),
      latency(loadBalancer, service, colours, thresholds),
    ],
  };
  const runs = colours.some((colour) => service.colours[colour].ecsService !== undefined);
  const causes: Row[] = runs
    ? [
        {
          height: 6,
          widgets: [
            use(service, "CPU", colours, thresholds),
            use(service, "Memory", colours, thresholds),
            tasks(loadBalancer, service, colours),
          ],
        },
        { height: 6, widgets: [network(service), disk(service, thresholds), connections(loadBalancer, service)] },
      ]
    : [];
  const log: Row = {
    height: 6,
    widgets: [...(patterns.length === 0 ? [] : [counted(patterns)]), newest(service)],
  };
  return [
    { heading: `${name}: what users notice`, rows: [symptoms] },
    { heading: `${name}: why`, rows: [...causes, log] },
    ...(endpoints.length === 0
      ? []
      : [
          {
            heading: `${name}: paths that matter most`,
            note: "Counted in the service's own log, a JSON line a request: the load balancer keeps no figures by path.",
            rows: endpoints.map(endpointRow),
          },
        ]),
  ];
}

function network(service: ShownService): MetricWidget {
  const traffic = (id: string, name: string, label: string, colour: string) =>
    eachColour(service, colours, (ecsService, of) => [
      [
        `${of}${id}`,
        {
          metric: taskMetric(service.cluster, ecsService, name, "Average", "ECS/ContainerInsights"),
          label: `${of} ${label}`,
          ...tint(of, colour),
        },
      ],
    ]);
  return graph("Network", "bytes a second", {
    ...traffic("in", "NetworkRxBytes", "in", "full"),
    ...traffic("out", "NetworkTxBytes", "out", "light"),
  });
}

function tint(colour: "blue" | "green", shade: string): { readonly colour: string } {
  const light = colour === "blue" ? palette.lightBlue : palette.lightGreen;
  return { colour: shade === "light" ? light : palette[colour] };
}

function disk(service: ShownService, { diskPercent }: Thresholds): MetricWidget {
  return {
    kind: "metric",
    title: "Disk of the fullest task",
    unit: "percent",
    most: 100,
    series: eachColour(service, colours, (ecsService, colour) => {
      const { used, size } = taskDisk(service.cluster, ecsService);
      return [
        [colour, { expression: `100 * ${colour}used / ${colour}room`, label: colour, colour: palette[colour] }],
        [`${colour}used`, { metric: used, label: `${colour} ${used.name}`, hidden: true }],
        [`${colour}room`, { metric: size, label: `${colour} ${size.name}`, hidden: true }],
      ];
    }),
    thresholds: levelThresholds(diskPercent),
  };
}

function connections(loadBalancer: Input<string>, { colours: targets }: ShownService): MetricWidget {
  return graph(
    "Connections that a task refused",
    "a minute",
    Object.fromEntries(
      colours.map((colour): [string, Series] => [
        colour,
        {
          metric: targetMetric(loadBalancer, targets[colour].targetGroup, "TargetConnectionErrorCount", "Sum"),
          label: colour,
          colour: palette[colour],
        },
      ]),
    ),
  );
}

function counted(patterns: readonly ShownPattern[]): MetricWidget {
  return graph(
    "Counted in the log",
    "lines a minute",
    Object.fromEntries(patterns.map(({ label, metric }, index): [string, Series] => [`line${index}`, { metric, label }])),
  );
}

/** What a person looks for first in a log. */
const newestErrors =
  "fields @timestamp, @message | filter @message like /(?i)(error|exception|fatal|timeout)/ | sort @timestamp desc | limit 50";

function newest({ logGroup }: ShownService): LogWidget {
  return { kind: "log", title: "Newest errors", logGroups: [logGroup], query: newestErrors };
}

/** Success rate, answer time, and the sign of trouble that this path alone has. */
function endpointRow({ label, requests: count, failures, duration, signal }: ShownEndpoint): Row {
  const success: MetricWidget = {
    kind: "metric",
    title: `${label}: success`,
    unit: "percent",
    most: 100,
    series: {
      success: { expression: "100 * (1 - FILL(failures, 0) / requests)", label: "answers below 500", colour: palette.green },
      failures: { metric: failures, label: "failures", hidden: true },
      requests: { metric: count, label: "requests", hidden: true },
    },
  };
  const time: MetricWidget = graph(`${label}: answer time`, "milliseconds", {
    p50: { metric: { ...duration, statistic: "p50" }, label: "p50", colour: palette.lightBlue },
    p95: { metric: { ...duration, statistic: "p95" }, label: "p95", colour: palette.blue },
    p99: { metric: { ...duration, statistic: "p99" }, label: "p99", colour: palette.darkBlue },
  });
  const third: MetricWidget = graph(`${label}: ${signal === undefined ? "requests" : `requests, ${signal.label}`}`, "a minute", {
    requests: { metric: count, label: "requests", colour: palette.neutral },
    ...(signal === undefined ? {} : { signal: { metric: signal.metric, label: signal.label, colour: palette.bad } }),
  });
  return { height: 5, widgets: [success, time, third] };
}

function customGraph({ label, metric, unit, bad, levels }: ShownCustomMetric): MetricWidget {
  return graph(label, unit, { value: { metric, label, colour: palette.purple } }, { thresholds: levelThresholds(levels, bad) });
}
