/** Metrics of an Application Load Balancer, and of the targets of one of its groups. */
import type { Input } from "@pulumi/pulumi";
import { by, type Metric, metricsOf } from "./metric.ts";

const namespace = "AWS/ApplicationELB";

/** What the load balancer counts of the answers of targets. */
const answers = {
  requests: ["RequestCount", "Sum", "requests"],
  serverErrors: ["HTTPCode_Target_5XX_Count", "Sum", "answers"],
  clientErrors: ["HTTPCode_Target_4XX_Count", "Sum", "answers"],
  connectionErrors: ["TargetConnectionErrorCount", "Sum", "connections"],
  responseTime: ["TargetResponseTime", "p95", "seconds"],
} as const;

/** Metrics of the whole load balancer. @param loadBalancer ARN suffix */
export function loadBalancerMetrics(loadBalancer: Input<string>) {
  return metricsOf(
    namespace,
    { LoadBalancer: loadBalancer },
    {
      ...answers,
      activeConnections: ["ActiveConnectionCount", "Sum", "connections"],
      rejectedConnections: ["RejectedConnectionCount", "Sum", "connections"],
      tlsErrors: ["ClientTLSNegotiationErrorCount", "Sum", "connections"],
      ownErrors: ["HTTPCode_ELB_5XX_Count", "Sum", "answers"],
      badGateway: ["HTTPCode_ELB_502_Count", "Sum", "answers"],
      unavailable: ["HTTPCode_ELB_503_Count", "Sum", "answers"],
      timeout: ["HTTPCode_ELB_504_Count", "Sum", "answers"],
    },
  );
}

/** Metrics of one target group behind it. @param targetGroup ARN suffix */
export function targetMetrics(loadBalancer: Input<string>, targetGroup: Input<string>) {
  return metricsOf(
    namespace,
    { LoadBalancer: loadBalancer, TargetGroup: targetGroup },
    {
      ...answers,
      healthy: ["HealthyHostCount", "Minimum", "tasks"],
      unhealthy: ["UnHealthyHostCount", "Maximum", "tasks"],
    },
  );
}

/** What both have. */
export type TargetMetric = keyof ReturnType<typeof targetMetrics>;

/** The response time by the key of a threshold: `average` as people say it, percentiles as they are. */
export function responseTime({ responseTime: metric }: Readonly<Record<"responseTime", Metric>>, key: string): Metric {
  return by(key === "average" ? "Average" : key, metric);
}

/** Requests that one target of a group gets on average. Sum is the only statistic that CloudWatch has of it. */
export function requestsPerTarget(loadBalancer: Input<string>, targetGroup: Input<string>): Metric {
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  return { namespace, name: "RequestCountPerTarget", statistic: "Sum", unit: "requests", dimensions };
}
