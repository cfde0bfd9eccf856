/** Graphs that more than one dashboard has: requests, errors, answer time and tasks of a service. */

import type { Input } from "@pulumi/pulumi";
import type { Levels } from "../alarms/catalogue/levels.ts";
import { severities } from "../alarms/severity.ts";
import { entriesByName } from "../byName.ts";
import { type Colour, colours } from "../colours.ts";
import { taskMetric } from "../metrics/ecs.ts";
import type { Metric } from "../metrics/metric.ts";
import { responseTimeStatistic } from "../metrics/responseTime.ts";
import type { ShownService, Thresholds } from "./subjects.ts";
import { type Calculation, graph, type MetricWidget, palette, type Series, type Threshold } from "./widget.ts";

/** A metric of the load balancer for one colour's targets. */
export function targetMetric(loadBalancer: Input<string>, targetGroup: Input<string>, name: string, statistic: string): Metric {
  return { namespace: "AWS/ApplicationELB", name, statistic, dimensions: { TargetGroup: targetGroup, LoadBalancer: loadBalancer } };
}

/** A metric of the whole load balancer. */
export function loadBalancerMetric(loadBalancer: Input<string>, name: string, statistic: string): Metric {
  return { namespace: "AWS/ApplicationELB", name, statistic, dimensions: { LoadBalancer: loadBalancer } };
}

/** The line of a value, with the value in its label. */
function line(label: string, value: number, more: Partial<Threshold> = {}): Threshold {
  return { label: `${label} ${value}`, value, ...more };
}

const levelColours = { P0: palette.bad, P1: palette.bad, P2: palette.warning, P3: palette.neutral } as const;

/** A line for each severity that notifies: `P1 above 5`. @param scale from the unit of the levels to the graph's. @default the same */
export function levelThresholds(
  levels: Levels = {},
  bad: "above" | "below" = "above",
  scale: (value: number) => number = (value) => value,
): Threshold[] {
  return severities.flatMap((severity) => {
    const value = levels[severity];
    if (value === undefined) return [];
    return [line(`${severity} ${bad}`, scale(value), { colour: levelColours[severity], bad })];
  });
}

/** Lines of the answer time, each with the statistic that it is about. */
export function latencyThresholds(latencySeconds: Thresholds["latencySeconds"] = {}, only?: string): Threshold[] {
  return entriesByName(latencySeconds)
    .filter(([statistic]) => only === undefined || statistic === only)
    .flatMap(([statistic, levels]) =>
      levelThresholds(levels).map((threshold) => ({ ...threshold, label: `${statistic} ${threshold.label}` })),
    );
}

/** Requests a minute, both colours on top of each other. */
export function requests(loadBalancer: Input<string>, { colours: targets }: ShownService): MetricWidget {
  return {
    kind: "metric",
    title: "Requests",
    unit: "a minute",
    stacked: true,
    series: Object.fromEntries(
      colours.map((colour): [string, Series] => [
        colour,
        { metric: targetMetric(loadBalancer, targets[colour].targetGroup, "RequestCount", "Sum"), label: colour, colour: palette[colour] },
      ]),
    ),
  };
}

/** Failed and refused requests of the given colours together, percent of their requests. */
export function errors(
  loadBalancer: Input<string>,
  { colours: targets }: ShownService,
  of: readonly Colour[],
  { errorPercent }: Thresholds,
): MetricWidget {
  const hidden = (id: string, name: string) =>
    of.map((colour): [string, Series] => [
      `${id}${colour}`,
      { metric: targetMetric(loadBalancer, targets[colour].targetGroup, name, "Sum"), label: `${colour} ${name}`, hidden: true },
    ]);
  const sum = (id: string) => of.map((colour) => `FILL(${id}${colour}, 0)`).join(" + ");
  // A minute without requests has no percentage, and draws nothing.
  const share = (id: string) => `100 * (${sum(id)}) / (${sum("requests")})`;
  return {
    kind: "metric",
    title: "Errors",
    unit: "percent of requests",
    series: {
      server: { expression: share("five"), label: "5xx", colour: palette.bad },
      client: { expression: share("four"), label: "4xx", colour: palette.warning },
      ...Object.fromEntries([
        ...hidden("five", "HTTPCode_Target_5XX_Count"),
        ...hidden("four", "HTTPCode_Target_4XX_Count"),
        ...hidden("requests", "RequestCount"),
      ]),
    },
    thresholds: levelThresholds(errorPercent),
  };
}

const shades = {
  blue: { p50: palette.lightBlue, p95: palette.blue, p99: palette.darkBlue },
  green: { p50: palette.lightGreen, p95: palette.green, p99: palette.darkGreen },
} as const;

/** What a graph of the answer time draws: half, 95 and 99 of 100 requests are faster, and every statistic that an alarm watches. */
export function answerTimes({ latencySeconds = {} }: Thresholds): { readonly label: string; readonly statistic: string }[] {
  const labels = new Set(["p50", "p95", "p99", ...entriesByName(latencySeconds).map(([key]) => key)]);
  return [...labels].map((label) => ({ label, statistic: responseTimeStatistic(label) }));
}

/** Answer time. A colour without requests draws nothing. */
export function latency(
  loadBalancer: Input<string>,
  { colours: targets }: ShownService,
  of: readonly Colour[],
  thresholds: Thresholds,
): MetricWidget {
  const lines = of.flatMap((colour) =>
    answerTimes(thresholds).map(({ label, statistic }): [string, Series] => {
      const shade = new Map<string, string>(Object.entries(shades[colour])).get(label);
      return [
        `${colour}${label}`,
        {
          metric: targetMetric(loadBalancer, targets[colour].targetGroup, "TargetResponseTime", statistic),
          label: of.length === 1 ? label : `${colour} ${label}`,
          ...(shade === undefined ? {} : { colour: shade }),
        },
      ];
    }),
  );
  return graph("Answer time", "seconds", Object.fromEntries(lines), { thresholds: latencyThresholds(thresholds.latencySeconds) });
}

/** Lines of each colour that runs something. */
export function eachColour(
  service: ShownService,
  of: readonly Colour[],
  make: (ecsService: Input<string>, colour: Colour) => [string, Series | Calculation][],
) {
  return Object.fromEntries(
    of.flatMap((colour) => {
      const { ecsService } = service.colours[colour];
      return ecsService === undefined ? [] : make(ecsService, colour);
    }),
  );
}

/** CPU or memory of the tasks: the average, and the task that has most. */
export function use(
  service: ShownService,
  what: "CPU" | "Memory",
  of: readonly Colour[],
  { cpuPercent, memoryPercent }: Thresholds,
): MetricWidget {
  const name = what === "CPU" ? "CPUUtilization" : "MemoryUtilization";
  const [aim, alarm] = what === "CPU" ? [service.scaling.cpuPercent, cpuPercent] : [service.scaling.memoryPercent, memoryPercent];
  return {
    kind: "metric",
    title: what,
    unit: "percent",
    most: 100,
    series: eachColour(service, of, (ecsService, colour) => [
      [
        `${colour}average`,
        { metric: taskMetric(service.cluster, ecsService, name, "Average"), label: `${colour} average`, colour: palette[colour] },
      ],
      [
        `${colour}most`,
        {
          metric: taskMetric(service.cluster, ecsService, name, "Maximum"),
          label: `${colour} busiest task`,
          colour: shades[colour].p50,
        },
      ],
    ]),
    thresholds: [line("scaling aims at", aim, { colour: palette.neutral }), ...levelThresholds(alarm)],
  };
}

/** Tasks that run, and those that the load balancer calls healthy. */
export function tasks(loadBalancer: Input<string>, service: ShownService, of: readonly Colour[]): MetricWidget {
  const { cluster, colours: targets } = service;
  return {
    kind: "metric",
    title: "Tasks",
    unit: "tasks",
    series: {
      ...eachColour(service, of, (ecsService, colour) => [
        [
          `${colour}running`,
          {
            metric: taskMetric(cluster, ecsService, "RunningTaskCount", "Average", "ECS/ContainerInsights"),
            label: `${colour} running`,
            colour: palette[colour],
          },
        ],
        [
          `${colour}healthy`,
          {
            metric: targetMetric(loadBalancer, targets[colour].targetGroup, "HealthyHostCount", "Minimum"),
            label: `${colour} healthy`,
            colour: shades[colour].p99,
          },
        ],
        [
          `${colour}unhealthy`,
          {
            metric: targetMetric(loadBalancer, targets[colour].targetGroup, "UnHealthyHostCount", "Maximum"),
            label: `${colour} unhealthy`,
            colour: colour === "blue" ? palette.bad : palette.warning,
          },
        ],
      ]),
    },
    thresholds: [
      line("least", service.tasks.minimum, { colour: palette.neutral, bad: "below" }),
      line("most", service.tasks.maximum, { colour: palette.neutral }),
    ],
  };
}
