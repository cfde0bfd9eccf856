/** Metrics of an ECS service's tasks. */
import type { Input } from "@pulumi/pulumi";
import { by, metricsOf } from "./metric.ts";

/** Metrics of one ECS service; what only Container Insights has is among them. */
export function taskMetrics(cluster: Input<string>, service: Input<string>) {
  const dimensions = { ClusterName: cluster, ServiceName: service };
  const own = metricsOf("AWS/ECS", dimensions, {
    cpu: ["CPUUtilization", "Average", "percent"],
    memory: ["MemoryUtilization", "Average", "percent"],
  });
  const insights = metricsOf("ECS/ContainerInsights", dimensions, {
    running: ["RunningTaskCount", "Average", "tasks"],
    received: ["NetworkRxBytes", "Average", "bytes a second"],
    sent: ["NetworkTxBytes", "Average", "bytes a second"],
    // One full disk fails its task, whatever the average says.
    diskUsed: ["EphemeralStorageUtilized", "Maximum", "gibibytes"],
    diskSize: ["EphemeralStorageReserved", "Maximum", "gibibytes"],
  });
  return { ...own, ...insights, busiest: { cpu: by("Maximum", own.cpu), memory: by("Maximum", own.memory) } };
}

/** What Application Auto Scaling calls the average use of a service's tasks. */
export const averageUse = { cpu: "ECSServiceAverageCPUUtilization", memory: "ECSServiceAverageMemoryUtilization" } as const;
