/** The dashboard of the services: what users notice first, then why. */
import type { Input } from "@pulumi/pulumi";
import { colours } from "../colours.ts";
import { by } from "../metrics/metric.ts";
import { eachColour, errors, hidden, latency, metricsOfColour, requests, tasks, use } from "./graphs.ts";
import { inRows } from "./layout.ts";
import type { ShownCustomMetric, ShownEndpoint, ShownPattern, ShownService } from "./subjects.ts";
import { graph, type LogWidget, type MetricWidget, palette, type Row, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface ServiceDashboard {
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  readonly services: readonly ShownService[];
  /** Services that run elsewhere: of their requests CloudWatch knows nothing. */
  readonly elsewhere: readonly string[];
  /** Metrics that the applications send. */
  readonly custom: readonly ShownCustomMetric[];
  /** Answer times that are drawn: `average`, percentiles. */
  readonly answerTimes: readonly string[];
}

/** Sections by service: symptoms, causes, the log, the paths that matter most. */
export function serviceSections({ loadBalancer, services, elsewhere, custom, answerTimes }: ServiceDashboard): Section[] {
  return [
    { heading: "Services", rows: [] },
    ...services.flatMap((service) => sectionsOf(loadBalancer, service, answerTimes)),
    ...(custom.length === 0 ? [] : [{ heading: "What the applications tell", rows: inRows(custom.map(customGraph), 3) }]),
    ...elsewhere.map((name) => ({
      heading: name,
      note: "Runs on Kubernetes. Errors and response time are with the cluster's gateway; CloudWatch has those of its database, of the checks from outside and, of EKS, what its alarms watch.",
      rows: [],
    })),
  ];
}

function sectionsOf(loadBalancer: Input<string>, service: ShownService, answerTimes: readonly string[]): Section[] {
  const { name, patterns = [], endpoints = [] } = service;
  const symptoms: Row = {
    height: 6,
    widgets: [
      requests(loadBalancer, service),
      errors(loadBalancer, service, colours),
      latency(loadBalancer, service, colours, answerTimes),
    ],
  };
  const runs = colours.some((colour) => service.colours[colour].ecsService !== undefined);
  const causes: Row[] = runs
    ? [
        {
          height: 6,
          widgets: [use(service, "CPU", colours), use(service, "Memory", colours), tasks(loadBalancer, service, colours)],
        },
        { height: 6, widgets: [network(service), disk(service), connections(loadBalancer, service)] },
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
  const received = eachColour(service, colours, (tasksOf, of) => [
    [`${of}in`, { metric: tasksOf.received, label: `${of} in`, colour: palette[of] }],
  ]);
  const sent = eachColour(service, colours, (tasksOf, of) => [
    [`${of}out`, { metric: tasksOf.sent, label: `${of} out`, colour: of === "blue" ? palette.lightBlue : palette.lightGreen }],
  ]);
  return graph("Network", { ...received, ...sent });
}

function disk(service: ShownService): MetricWidget {
  const lines = eachColour(service, colours, ({ diskUsed, diskSize }, colour) => [
    [colour, { expression: `100 * ${colour}used / ${colour}room`, unit: "percent", label: colour, colour: palette[colour] }],
    [`${colour}used`, hidden(diskUsed, colour)],
    [`${colour}room`, hidden(diskSize, colour)],
  ]);
  return graph("Disk of the fullest task", lines, { most: 100 });
}

function connections(loadBalancer: Input<string>, service: ShownService): MetricWidget {
  const lines = colours.map((colour): [string, Series] => [
    colour,
    { metric: metricsOfColour(loadBalancer, service, colour).connectionErrors, label: colour, colour: palette[colour] },
  ]);
  return graph("Connections that a task refused", Object.fromEntries(lines));
}

function counted(patterns: readonly ShownPattern[]): MetricWidget {
  return graph(
    "Counted in the log",
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
  const success = graph(
    `${label}: success`,
    {
      success: {
        expression: "100 * (1 - FILL(failures, 0) / requests)",
        unit: "percent",
        label: "answers below 500",
        colour: palette.green,
      },
      failures: { metric: failures, label: "failures", hidden: true },
      requests: { metric: count, label: "requests", hidden: true },
    },
    { most: 100 },
  );
  const time = graph(`${label}: answer time`, {
    p50: { metric: by("p50", duration), label: "p50", colour: palette.lightBlue },
    p95: { metric: by("p95", duration), label: "p95", colour: palette.blue },
    p99: { metric: by("p99", duration), label: "p99", colour: palette.darkBlue },
  });
  const third = graph(`${label}: ${signal === undefined ? "requests" : `requests, ${signal.label}`}`, {
    requests: { metric: count, label: "requests", colour: palette.neutral },
    ...(signal === undefined ? {} : { signal: { metric: signal.metric, label: signal.label, colour: palette.bad } }),
  });
  return { height: 5, widgets: [success, time, third] };
}

function customGraph({ label, metric, periodSeconds = 60 }: ShownCustomMetric): MetricWidget {
  return graph(label, { value: { metric, label, colour: palette.purple } }, { periodSeconds });
}
