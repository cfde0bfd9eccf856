import { type BrokenRule, broken } from "../../contract/rule.ts";
import { thresholdsNow } from "../contract/alarms.ts";
import { notifies } from "../contract/notifications.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Rollbacks that nothing could carry out, or that nobody would hear of. */
export function autoRollbackRules({ autoRollback: all = {}, services, notifications, edge, alarms }: PartialStackConfig): BrokenRule[] {
  // The firewall's alarm is one, and marks one service.
  const [firstBlocked] = Object.keys(all)
    .filter((name) => all[name]?.blockedRequests === true)
    .sort();
  const latency = alarms === undefined ? undefined : Object.values(thresholdsNow(alarms).requests.latencyMilliseconds);
  const pages = latency === undefined || latency.some(({ P0, P1 }) => P0 !== undefined || P1 !== undefined);
  return Object.entries(all).flatMap(([name, rollback]): BrokenRule[] => {
    const at = ["autoRollback", name];
    const service = services?.[name];
    if (services !== undefined && service === undefined)
      return broken({
        path: at,
        found: "is not a service of the stack",
        allowed: Object.keys(services).join(", ") || "no service, as the stack has none",
        fix: { path: at },
      });
    const problems: BrokenRule[] = [];
    if (service?.compute === "kubernetes")
      problems.push({
        path: at,
        found: "is a service on Kubernetes",
        reason: "its weights are moved by the cluster's own API, which no function of this stack may use",
        allowed: "services with compute: ecs; roll this one back with release.candidateWeight 0",
        fix: { path: at },
      });
    const { errorRate, latency: slow, tail, healthFailures, sla, blockedRequests } = rollback;
    const triggers = [
      errorRate !== undefined,
      slow !== undefined,
      tail !== undefined,
      healthFailures,
      sla && pages,
      blockedRequests && firstBlocked === name,
    ];
    if (!triggers.includes(true))
      problems.push({
        path: at,
        found: "has nothing that sets it off",
        reason: "sla needs a level P0 or P1 of alarms.requests.latencyMilliseconds, and only blockedRequests of one service counts",
        allowed: "one at least of errorRate, latency, tail, healthFailures, sla, blockedRequests",
        fix: { path: [...at, "healthFailures"], value: true },
      });
    if (rollback.blockedRequests && edge !== undefined && edge.provider !== "awsWaf")
      problems.push({
        path: [...at, "blockedRequests"],
        found: `is true with edge.provider ${edge.provider}`,
        reason: "CloudWatch counts what AWS WAF blocks, and nothing of what Cloudflare does",
        allowed: "false, or edge.provider awsWaf",
        fix: { path: [...at, "blockedRequests"], value: false },
      });
    if (notifications !== undefined && !notifies(notifications))
      problems.push({
        path: at,
        found: "has nobody to tell",
        reason: "a release that went back by itself must not go unnoticed",
        allowed: "a channel in notifications, such as an e-mail address",
      });
    return problems;
  });
}
