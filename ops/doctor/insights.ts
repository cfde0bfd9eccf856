/** Whether an EKS cluster writes what the alarms of its pods are made of: without the add-on they ring never. */
import { observabilityAddOn, podMetrics } from "../../components/metrics/eks.ts";
import type { ObservedCluster } from "../../infra/config/alarmNeeds.ts";
import type { Aws } from "../aws/aws.ts";
import type { Line } from "./line.ts";

/**
 * Whether it has written lately, for whatever pods. Who installed the add-on, and by what, is no matter.
 * @throws UserError when nobody can tell
 */
export async function writesInsights(aws: Aws, { name: cluster, region, namespace }: ObservedCluster): Promise<boolean> {
  const { namespace: Namespace, name: MetricName } = podMetrics({ cluster, namespace, deployment: "" }).ready;
  const cloudWatch = await aws.client("cloudWatch", region);
  const Dimensions = [{ Name: "ClusterName", Value: cluster }];
  const listed = cloudWatch.listMetrics({ Namespace, MetricName, Dimensions, RecentlyActive: "PT3H" });
  const { Metrics = [] } = await aws.told(`Metrics of the cluster ${cluster} cannot be listed`, listed);
  return Metrics.length > 0;
}

/** Judges. Pure. */
export function insightsLine({ name, region, services }: ObservedCluster, writes: boolean): Line {
  const line = { area: "cluster", what: `Container Insights of ${name}, ${region}` } as const;
  if (writes) return { ...line, found: "written", verdict: "good" };
  return {
    ...line,
    found: `nothing written within three hours: alarms of ${services.join(", ")} tell nobody`,
    verdict: "missing",
    fix: `aws eks create-addon --cluster-name ${name} --addon-name ${observabilityAddOn} --region ${region}   # its agent's role needs CloudWatchAgentServerPolicy`,
  };
}
