/** How the response time of a load balancer's targets is summed up. */

/** Statistic of CloudWatch by the key of a threshold: `average` as people say it, percentiles as they are. */
export function responseTimeStatistic(key: string): string {
  return key === "average" ? "Average" : key;
}
