/** Metrics of a DocumentDB cluster that an alarm and a graph share. */
import type { Input } from "@pulumi/pulumi";
import { type Metric, metricsOf } from "./metric.ts";

/** A metric of the cluster. @param cluster its physical name */
export function clusterMetric(cluster: Input<string>, name: string, statistic: string): Metric {
  return metricsOf("AWS/DocDB", { DBClusterIdentifier: cluster })(name, statistic);
}

/** CPU of the busiest instance, percent: an average over the cluster hides the one that writes. */
export function clusterCpu(cluster: Input<string>): Metric {
  return clusterMetric(cluster, "CPUUtilization", "Maximum");
}
