/** Rules between the areas of an environment, which no single area can know: one file an area in `rules/`, each a pure function. */
import type { BrokenRule } from "../contract/rule.ts";
import type { PartialStackConfig } from "./contract.ts";
import { accessRules } from "./rules/access.ts";
import { alarmsRules } from "./rules/alarms.ts";
import { autoRollbackRules } from "./rules/autoRollback.ts";
import { backupRules } from "./rules/backup.ts";
import { bucketsRules } from "./rules/buckets.ts";
import { connectsRules } from "./rules/connects.ts";
import { databasesRules } from "./rules/databases.ts";
import { edgeRules } from "./rules/edge.ts";
import { failoverRules } from "./rules/failover.ts";
import { hostsRules } from "./rules/hosts.ts";
import { kubernetesRules } from "./rules/kubernetes.ts";
import { logsRules } from "./rules/logs.ts";
import { networkRules } from "./rules/network.ts";
import { notificationsRules } from "./rules/notifications.ts";
import { secretsRules } from "./rules/secrets.ts";
import { servicesRules } from "./rules/services.ts";
import { sitesRules } from "./rules/sites.ts";
import { uptimeRules } from "./rules/uptime.ts";

const rules: readonly ((config: PartialStackConfig) => BrokenRule[])[] = [
  accessRules,
  alarmsRules,
  autoRollbackRules,
  backupRules,
  bucketsRules,
  connectsRules,
  databasesRules,
  edgeRules,
  failoverRules,
  hostsRules,
  kubernetesRules,
  logsRules,
  networkRules,
  notificationsRules,
  secretsRules,
  servicesRules,
  sitesRules,
  uptimeRules,
];

/** Everything that is wrong between areas, at once. Each rule works on the areas that could be read. */
export function brokenTogether(config: PartialStackConfig): BrokenRule[] {
  return rules.flatMap((broken) => broken(config));
}
