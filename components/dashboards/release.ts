/** The dashboard of a release: blue and green side by side, each in its colour, so that a candidate is judged at a glance. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { responseTime } from "../metrics/applicationLoadBalancer.ts";
import { errors, hidden, latency, metricsOfColour, requests, tasks, use } from "./graphs.ts";
import type { ShownService } from "./subjects.ts";
import { graph, type MetricWidget, palette, type Row, type Section } from "./widget.ts";

/** What the dashboard is about. */
interface ReleaseDashboard {
  /** ARN suffix of the load balancer. */
  readonly loadBalancer: Input<string>;
  readonly services: readonly ShownService[];
  /** Answer times that are drawn: `average`, percentiles. */
  readonly answerTimes: readonly string[];
}

/** Sections by service: the comparison, then blue at the left and green at the right. Nothing here depends on which colour is live. */
export function releaseSections({ loadBalancer, services, answerTimes }: ReleaseDashboard): Section[] {
  return [
    { heading: "Releases: blue against green", rows: [] },
    ...services.flatMap((service): Section[] => [
      {
        heading: `${service.name}: compared`,
        rows: [
          {
            height: 6,
            widgets: [
              share(loadBalancer, service),
              compared(loadBalancer, service, errorsOf, "Errors of each colour"),
              compared(loadBalancer, service, p95Of, "Answer time of each colour, p95"),
            ],
          },
        ],
      },
      {
        heading: `${service.name}: blue at the left, green at the right`,
        rows: sideBySide(loadBalancer, service, answerTimes),
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
  const shares = colours.map((colour) => [
    colour,
    { expression: `100 * FILL(${colour}requests, 0) / (${total})`, unit: "percent", label: colour, colour: palette[colour] },
  ]);
  return graph("Share of the requests", Object.fromEntries([...shares, ...counts]), { most: 100, stacked: true });
}

type Lines = (loadBalancer: Input<string>, service: ShownService, colour: Colour) => MetricWidget["series"];

const errorsOf: Lines = (loadBalancer, service, colour) => {
  const { serverErrors, requests: asked } = metricsOfColour(loadBalancer, service, colour);
  const expression = `100 * FILL(${colour}five, 0) / ${colour}requests`;
  return {
    [colour]: { expression, unit: "percent of requests", label: colour, colour: palette[colour] },
    [`${colour}five`]: hidden(serverErrors, colour),
    [`${colour}requests`]: hidden(asked, colour),
  };
};

const p95Of: Lines = (loadBalancer, service, colour) => {
  const metrics = metricsOfColour(loadBalancer, service, colour);
  return {
    [colour]: { metric: responseTime(metrics, "p95"), label: colour, colour: palette[colour] },
    [`${colour}requests`]: hidden(metrics.requests, colour),
  };
};

function compared(loadBalancer: Input<string>, service: ShownService, lines: Lines, title: string): MetricWidget {
  return graph(title, Object.assign({}, ...colours.map((colour) => lines(loadBalancer, service, colour))));
}

function sideBySide(loadBalancer: Input<string>, service: ShownService, answerTimes: readonly string[]): Row[] {
  const pair = (height: number, make: (colour: Colour) => readonly MetricWidget[]): Row => ({
    height,
    widgets: colours.flatMap((colour) => make(colour).map((widget) => ({ ...widget, title: `${colour}: ${lowered(widget.title)}` }))),
  });
  const rows = [pair(5, (colour) => [errors(loadBalancer, service, [colour]), latency(loadBalancer, service, [colour], answerTimes)])];
  const both = colours.every((colour) => service.colours[colour].ecsService !== undefined);
  if (!both) return rows;
  return [...rows, pair(5, (colour) => [cpuAndMemory(service, colour), tasks(loadBalancer, service, [colour])])];
}

/** First letter small, unless the word is an abbreviation. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

function cpuAndMemory(service: ShownService, colour: Colour): MetricWidget {
  const cpu = use(service, "CPU", [colour]);
  const memory = use(service, "Memory", [colour]);
  const [[, cpuLine] = []] = Object.entries(cpu.series);
  const [[, memoryLine] = []] = Object.entries(memory.series);
  const lines = {
    ...(cpuLine === undefined ? {} : { cpu: { ...cpuLine, label: "CPU" } }),
    ...(memoryLine === undefined ? {} : { memory: { ...memoryLine, label: "memory", colour: palette.purple } }),
  };
  return graph("CPU and memory", lines, { most: 100 });
}
