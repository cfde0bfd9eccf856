/** Metrics of an ECS service's tasks that an alarm and a graph share. */
import type { Input } from "@pulumi/pulumi";
import type { Metric } from "./metric.ts";

/** A metric of one ECS service. @param namespace `AWS/ECS`, or `ECS/ContainerInsights` for what only that has */
export function taskMetric(
  cluster: Input<string>,
  service: Input<string>,
  name: string,
  statistic: string,
  namespace: "AWS/ECS" | "ECS/ContainerInsights" = "AWS/ECS",
): Metric {
  return { namespace, name, statistic, dimensions: { ClusterName: cluster, ServiceName: service } };
}

/** Disk of the fullest task, and what a task has, GiB: one full disk fails its task, whatever the average says. */
export function taskDisk(cluster: Input<string>, service: Input<string>): Readonly<Record<"used" | "size", Metric>> {
  const most = (name: string) => taskMetric(cluster, service, name, "Maximum", "ECS/ContainerInsights");
  return { used: most("EphemeralStorageUtilized"), size: most("EphemeralStorageReserved") };
}
