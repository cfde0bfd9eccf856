/** Automatic rollbacks of a stack: in each region one function for each service that config names. */
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { Alarms } from "../components/alarms/alarms.ts";
import { entriesByName, required } from "../components/byName.ts";
import { otherColour } from "../components/colours.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { runbooksOf } from "../components/environment/contract/alarms.ts";
import { AutoRollback } from "../components/rollback/autoRollback.ts";
import { autoRollbackAlarms } from "../components/rollback/autoRollbackAlarms.ts";
import type { StackAlarms } from "./alarms.ts";
import { latchName } from "./config/latch.ts";
import type { StackConfig } from "./config/stack.ts";
import { dashboardAddresses } from "./dashboards.ts";
import type { RegionNotifications } from "./notifications.ts";
import type { StackRegion } from "./region.ts";
import { type DeployedRelease, deployedService, rollbackColour } from "./release/deployedRelease.ts";

/** What the rollbacks are made from. */
interface AutoRollbacksArgs {
  readonly config: StackConfig;
  /** Stack, as `slipway --stack` names it. */
  readonly stack: string;
  /** Regions of the stack, the primary first. */
  readonly regions: readonly StackRegion[];
  readonly notifications: RegionNotifications;
  readonly deployed: DeployedRelease;
  /** Alarms that call for a rollback, by region. */
  readonly alarms: Pick<StackAlarms, "rollbackAlarms">;
}

/** Declares the rollbacks, and the alarms that watch them. @returns what these watch */
export function declareAutoRollbacks(args: AutoRollbacksArgs): AlarmDefinition[] {
  const { config, stack, regions, deployed, notifications, alarms } = args;
  return regions.flatMap((region) => {
    const { autoRollback } = region.config;
    const { place } = region;
    const rollbacks = entriesByName(autoRollback);
    if (rollbacks.length === 0) return [];
    const notified = required(notifications, region.name, "topics of a region with rollbacks");
    const key = place.make(EncryptionKey, place.names.regional("rollback-key"), {
      description: place.title("automatic rollback"),
      users: ["logs", "deadLetters"],
    });
    const watched: AlarmDefinition[] = [];
    for (const [service, { action }] of rollbacks) {
      const ecs = required(region.ecsServices, service, "service on ECS with a rollback");
      const { release } = required(config.services, service, "service with a rollback");
      const alarmArns = (alarms.rollbackAlarms[region.name] ?? []).flatMap((alarm) => (alarm.service === service ? [alarm.arn] : []));
      if (alarmArns.length === 0) throw new Error(`autoRollback.${service}: no alarm of ${region.name} sets it off`);
      const live = rollbackColour(release, deployedService(deployed, service));
      const candidate = release[otherColour(live)];
      const { functionName, deadLettersName } = place
        .tagged({ Service: service })
        .make(AutoRollback, place.names.regional(`${service}-rollback`), {
          stack,
          service,
          ruleArn: ecs.ruleArn,
          targetGroupArns: { blue: ecs.targets.blue.arn, green: ecs.targets.green.arn },
          live,
          receiver: ecs.scaled[live],
          records: region.records === undefined ? undefined : { table: region.records, retainOldMinutes: config.rollout.retainOldMinutes },
          candidateOpen: candidate.image !== undefined && candidate.capacity === "full",
          action,
          alarmArns,
          latchName: latchName(config, service),
          topicArn: notified.topicArns.P0,
          topicKeyArn: notified.keyArn,
          keyArn: key.arn,
          logRetentionDays: config.logs.retentionDays,
        });
      watched.push(...autoRollbackAlarms({ region: region.name, service, functionName, deadLettersName }));
    }
    place.make(Alarms, place.names.regional("rollback-alarms"), {
      namePrefix: place.names.region,
      definitions: watched,
      topicArns: notified.topicArns,
      runbookBase: runbooksOf(config),
      dashboards: dashboardAddresses(config, regions, region.name),
    });
    return watched;
  });
}
