/** Metrics of a service's pods on EKS, as an add-on of the cluster writes them (Container Insights with enhanced observability). */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

/** The add-on of EKS that writes them; no stack installs it. */
export const observabilityAddOn = "amazon-cloudwatch-observability";

/** Where a Deployment is, as Container Insights calls it. */
export interface ObservedDeployment {
  /** Name of the EKS cluster. */
  readonly cluster: Input<string>;
  readonly namespace: Input<string>;
  readonly deployment: Input<string>;
}

/**
 * Metrics of one Deployment and its pods, every minute; names and dimensions are those of the CloudWatch user guide, "Amazon EKS and
 * Kubernetes Container Insights with enhanced observability metrics". `PodName` is the workload's name there, not a pod's.
 */
export function podMetrics({ cluster, namespace, deployment }: ObservedDeployment) {
  return metricsOf(
    "ContainerInsights",
    { ClusterName: cluster, Namespace: namespace, PodName: deployment },
    {
      desired: ["replicas_desired", "Average", "pods"],
      ready: ["replicas_ready", "Average", "pods"],
      cpu: ["pod_cpu_utilization_over_pod_limit", "Average", "percent"],
      memory: ["pod_memory_utilization_over_pod_limit", "Average", "percent"],
      // Each value is what was added since the one before it.
      restarts: ["pod_number_of_container_restarts", "Sum", "restarts"],
    },
  );
}
