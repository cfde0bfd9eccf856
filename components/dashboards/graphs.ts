/** Graphs that more than one dashboard has: requests, errors, answer time and tasks of a service. */

import type { Input } from "@pulumi/pulumi";
import { type Colour, colours } from "../colours.ts";
import { responseTime, targetMetrics } from "../metrics/applicationLoadBalancer.ts";
import { taskMetrics } from "../metrics/ecs.ts";
import type { Metric } from "../metrics/metric.ts";
import type { ShownService } from "./subjects.ts";
import { type Calculation, graph, type MetricWidget, palette, type Series, type Threshold } from "./widget.ts";

/** Metrics of one colour's targets. */
export function metricsOfColour(loadBalancer: Input<string>, { colours: targets }: ShownService, colour: Colour) {
  return targetMetrics(loadBalancer, targets[colour].targetGroup);
}

/** The line of a value, with the value in its label. */
function line(label: string, value: number, more: Partial<Threshold> = {}): Threshold {
  return { label: `${label} ${value}`, value, ...more };
}

/** Requests a minute, both colours on top of each other. */
export function requests(loadBalancer: Input<string>, service: ShownService): MetricWidget {
  const lines = colours.map((colour): [string, Series] => [
    colour,
    { metric: metricsOfColour(loadBalancer, service, colour).requests, label: colour, colour: palette[colour] },
  ]);
  return graph("Requests", Object.fromEntries(lines), { stacked: true });
}

/** A part of an expression, or what an alarm asks besides: not drawn. */
export function hidden(metric: Metric, colour?: Colour): Series {
  return { metric, label: colour === undefined ? metric.name : `${colour} ${metric.name}`, hidden: true };
}

/** Failed and refused requests of the given colours together, percent of their requests. */
export function errors(loadBalancer: Input<string>, service: ShownService, of: readonly Colour[]): MetricWidget {
  const parts = (id: string, key: "serverErrors" | "clientErrors" | "requests") =>
    of.map((colour): [string, Series] => [`${id}${colour}`, hidden(metricsOfColour(loadBalancer, service, colour)[key], colour)]);
  const sum = (id: string) => of.map((colour) => `FILL(${id}${colour}, 0)`).join(" + ");
  // A minute without requests has no percentage, and draws nothing.
  const share = (id: string) => ({ expression: `100 * (${sum(id)}) / (${sum("requests")})`, unit: "percent of requests" });
  return graph("Errors", {
    server: { ...share("five"), label: "5xx", colour: palette.bad },
    client: { ...share("four"), label: "4xx", colour: palette.warning },
    ...Object.fromEntries([...parts("five", "serverErrors"), ...parts("four", "clientErrors"), ...parts("requests", "requests")]),
  });
}

const shades = {
  blue: { p50: palette.lightBlue, p95: palette.blue, p99: palette.darkBlue },
  green: { p50: palette.lightGreen, p95: palette.green, p99: palette.darkGreen },
} as const;

/** Answer time by each of the statistics. A colour without requests draws nothing. */
export function latency(
  loadBalancer: Input<string>,
  service: ShownService,
  of: readonly Colour[],
  statistics: readonly string[],
): MetricWidget {
  const lines = of.flatMap((colour): [string, Series][] => {
    const metrics = metricsOfColour(loadBalancer, service, colour);
    return [
      ...statistics.map((label): [string, Series] => {
        const shade = new Map<string, string>(Object.entries(shades[colour])).get(label);
        return [
          `${colour}${label}`,
          {
            metric: responseTime(metrics, label),
            label: of.length === 1 ? label : `${colour} ${label}`,
            ...(shade === undefined ? {} : { colour: shade }),
          },
        ];
      }),
      // An alarm counts a colour only while it is asked enough.
      [`${colour}requests`, hidden(metrics.requests, colour)],
    ];
  });
  return graph("Answer time", Object.fromEntries(lines));
}

/** Lines of each colour that runs something. */
export function eachColour(
  service: ShownService,
  of: readonly Colour[],
  make: (tasks: ReturnType<typeof taskMetrics>, colour: Colour) => [string, Series | Calculation][],
) {
  return Object.fromEntries(
    of.flatMap((colour) => {
      const { ecsService } = service.colours[colour];
      return ecsService === undefined ? [] : make(taskMetrics(service.cluster, ecsService), colour);
    }),
  );
}

/** CPU or memory of the tasks: the average, and the task that has most. */
export function use(service: ShownService, what: "CPU" | "Memory", of: readonly Colour[]): MetricWidget {
  const key = what === "CPU" ? "cpu" : "memory";
  const aim = what === "CPU" ? service.scaling.cpuPercent : service.scaling.memoryPercent;
  const lines = eachColour(service, of, (tasks, colour) => [
    [`${colour}average`, { metric: tasks[key], label: `${colour} average`, colour: palette[colour] }],
    [`${colour}most`, { metric: tasks.busiest[key], label: `${colour} busiest task`, colour: shades[colour].p50 }],
  ]);
  return graph(what, lines, { most: 100, thresholds: [line("scaling aims at", aim, { colour: palette.neutral })] });
}

/** Tasks that run, and those that the load balancer calls healthy. */
export function tasks(loadBalancer: Input<string>, service: ShownService, of: readonly Colour[]): MetricWidget {
  const running = eachColour(service, of, (ofTasks, colour) => [
    [`${colour}running`, { metric: ofTasks.running, label: `${colour} running`, colour: palette[colour] }],
  ]);
  const targets = of.flatMap((colour): [string, Series][] => {
    const { healthy, unhealthy, requests: asked } = metricsOfColour(loadBalancer, service, colour);
    return [
      [`${colour}healthy`, { metric: healthy, label: `${colour} healthy`, colour: shades[colour].p99 }],
      [
        `${colour}unhealthy`,
        { metric: unhealthy, label: `${colour} unhealthy`, colour: colour === "blue" ? palette.bad : palette.warning },
      ],
      [`${colour}requests`, hidden(asked, colour)],
    ];
  });
  const lines = { ...running, ...Object.fromEntries(targets) };
  return graph("Tasks", lines, {
    thresholds: [
      line("least", service.tasks.minimum, { colour: palette.neutral, bad: "below" }),
      line("most", service.tasks.maximum, { colour: palette.neutral }),
    ],
  });
}
