/** Alarms of what a service's tasks run short of. */
import { type Colour, colours } from "../../colours.ts";
import { taskMetrics } from "../../metrics/ecs.ts";
import type { Metric, MetricMath } from "../../metrics/metric.ts";
import type { AlarmDefinition } from "../alarmDefinition.ts";
import { atLevels } from "./levels.ts";
import { filled, idOf, ofService, type ServiceThresholds, type WatchedService } from "./watchedService.ts";

/** CPU, memory and disk of the colours that run something. */
export function taskAlarms(watched: WatchedService, thresholds: ServiceThresholds): AlarmDefinition[] {
  const { service, clusterName, serviceNames } = watched;
  const running = colours.filter((colour) => serviceNames[colour] !== undefined);
  if (running.length === 0) return [];
  const ofTasks = (id: string, metric: (tasks: ReturnType<typeof taskMetrics>) => Metric): Record<string, Metric> =>
    Object.fromEntries(running.map((colour) => [idOf(id, colour), metric(taskMetrics(clusterName, serviceNames[colour] ?? ""))]));
  const worse = (value: (colour: Colour) => string) =>
    running.length === 1 ? running.map(value).join() : `MAX([${running.map(value).join(",")}])`;
  // An idle colour reports nothing; that a serving one falls silent is told by its healthy targets.
  const shared = {
    ...ofService(watched),
    kind: "cause",
    runbook: "task-resources",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: 5,
    missingData: "notBreaching",
  } as const;
  const use = (id: "cpu" | "memory", name: string): MetricMath => ({
    metrics: ofTasks(id, (tasks) => tasks[id]),
    expression: worse((colour) => filled(idOf(id, colour))),
    label: `${service}: ${name} of the busier colour, percent`,
    unit: "percent",
  });
  return [
    ...atLevels(thresholds.cpuPercent, {
      ...shared,
      key: `${service}-cpu`,
      likely: "more requests than the tasks are sized for, or a loop in the version that is released.",
      summary: `Tasks of ${service} run out of CPU.`,
      watch: use("cpu", "CPU"),
    }),
    ...atLevels(thresholds.memoryPercent, {
      ...shared,
      key: `${service}-memory`,
      likely: "a leak in the version that is released, or tasks that are too small.",
      summary: `Tasks of ${service} run out of memory.`,
      watch: use("memory", "memory"),
    }),
    ...atLevels(thresholds.diskPercent, {
      ...shared,
      key: `${service}-disk`,
      likely: "uploads or logs that are written to the task's own disk and never removed.",
      summary: `The disks of ${service}'s tasks fill up.`,
      watch: {
        metrics: {
          ...ofTasks("used", ({ diskUsed }) => diskUsed),
          ...ofTasks("size", ({ diskSize }) => diskSize),
        },
        expression: worse(
          (colour) => `IF(${filled(idOf("size", colour))}>0,100*${filled(idOf("used", colour))}/${filled(idOf("size", colour))},0)`,
        ),
        label: `${service}: disk of the fullest task, percent`,
        unit: "percent",
      },
    }),
  ];
}
