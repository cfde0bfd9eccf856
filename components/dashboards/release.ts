/** The dashboard of a release: blue and green side by side, each in its colour, so that a candidate is judged at a glance. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { errors, latency, latencyThresholds, levelThresholds, requests, targetMetric, tasks, use } from "./graphs.ts";
import type { ShownService, Thresholds } from "./subjects.ts";
import { graph, type MetricWidget, palette, type Row, type Section, type Series } from "./widget.ts";

/** What the dashboard is about. */
interface ReleaseDashboard {
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  readonly services: readonly ShownService[];
  readonly thresholds: Thresholds;
  /** Markdown links to where one reads on. */
  readonly links: string;
}

/** Sections by service: the comparison, then blue at the left and green at the right. Nothing here depends on which colour is live. */
export function releaseSections({ loadBalancer, services, thresholds, links }: ReleaseDashboard): Section[] {
  return [
    { heading: "Releases: blue against green", note: links, rows: [] },
    ...services.flatMap((service): Section[] => [
      {
        heading: `${service.name}: compared`,
        rows: [
          {
            height: 6,
            widgets: [
              share(loadBalancer, service),
              compared(
                loadBalancer,
                service,
                errorsOf,
                "Errors of each colour",
                "percent of requests",
                levelThresholds(thresholds.errorPercent),
              ),
              compared(
                loadBalancer,
                service,
                p95Of,
                "Answer time of each colour, p95",
                "seconds",
                latencyThresholds(thresholds.latencySeconds, "p95"),
              ),
            ],
          },
        ],
      },
      {
        heading: `${service.name}: blue at the left, green at the right`,
        rows: sideBySide(loadBalancer, service, thresholds),
      },
    ]),
  ];
}

/** Where the requests really go, whatever the weights say. */
function share(loadBalancer: Input<string>, service: ShownService): MetricWidget {
  const counts = Object.entries(requests(loadBalancer, service).series).map(([colour, series]) => [
    `${colour}requests`,
    { ...series, hidden: true },
  ]);
  const total = colours.map((colour) => `FILL(${colour}requests, 0)`).join(" + ");
  return {
    kind: "metric",
    title: "Share of the requests",
    unit: "percent",
    most: 100,
    stacked: true,
    series: {
      ...Object.fromEntries(
        colours.map((colour) => [
          colour,
          { expression: `100 * FILL(${colour}requests, 0) / (${total})`, label: colour, colour: palette[colour] },
        ]),
      ),
      ...Object.fromEntries(counts),
    },
  };
}

type Lines = (loadBalancer: Input<string>, service: ShownService, colour: Colour) => MetricWidget["series"];

const errorsOf: Lines = (loadBalancer, { colours: targets }, colour) => {
  const count = (name: string): Series => ({
    metric: targetMetric(loadBalancer, targets[colour].targetGroup, name, "Sum"),
    label: `${colour} ${name}`,
    hidden: true,
  });
  return {
    [colour]: { expression: `100 * FILL(${colour}five, 0) / ${colour}requests`, label: colour, colour: palette[colour] },
    [`${colour}five`]: count("HTTPCode_Target_5XX_Count"),
    [`${colour}requests`]: count("RequestCount"),
  };
};

const p95Of: Lines = (loadBalancer, { colours: targets }, colour) => ({
  [colour]: {
    metric: targetMetric(loadBalancer, targets[colour].targetGroup, "TargetResponseTime", "p95"),
    label: colour,
    colour: palette[colour],
  },
});

function compared(
  loadBalancer: Input<string>,
  service: ShownService,
  lines: Lines,
  title: string,
  unit: string,
  thresholds: MetricWidget["thresholds"] = [],
): MetricWidget {
  const series = Object.assign({}, ...colours.map((colour) => lines(loadBalancer, service, colour)));
  return graph(title, unit, series, { thresholds });
}

function sideBySide(loadBalancer: Input<string>, service: ShownService, thresholds: Thresholds): Row[] {
  const pair = (height: number, make: (colour: Colour) => readonly MetricWidget[]): Row => ({
    height,
    widgets: colours.flatMap((colour) => make(colour).map((widget) => ({ ...widget, title: `${colour}: ${lowered(widget.title)}` }))),
  });
  const rows = [
    pair(5, (colour) => [errors(loadBalancer, service, [colour], thresholds), latency(loadBalancer, service, [colour], thresholds)]),
  ];
  const both = colours.every((colour) => service.colours[colour].ecsService !== undefined);
  if (!both) return rows;
  return [...rows, pair(5, (colour) => [cpuAndMemory(service, colour), tasks(loadBalancer, service, [colour])])];
}

/** First letter small, unless the word is an abbreviation. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

function cpuAndMemory(service: ShownService, colour: Colour): MetricWidget {
  const cpu = use(service, "CPU", [colour], {});
  const memory = use(service, "Memory", [colour], {});
  const [[, cpuLine] = []] = Object.entries(cpu.series);
  const [[, memoryLine] = []] = Object.entries(memory.series);
  return {
    kind: "metric",
    title: "CPU and memory",
    unit: "percent",
    most: 100,
    series: {
      ...(cpuLine === undefined ? {} : { cpu: { ...cpuLine, label: "CPU" } }),
      ...(memoryLine === undefined ? {} : { memory: { ...memoryLine, label: "memory", colour: palette.purple } }),
    },
  };
}
