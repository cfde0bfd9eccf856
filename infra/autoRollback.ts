/** Automatic rollbacks of a stack: in each region one function for each service that config names. */
import type { ProviderResource } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarms/alarmDefinition.ts";
import { Alarms } from "../components/alarms/alarms.ts";
import { required } from "../components/byName.ts";
import { otherColour } from "../components/colours.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import { AutoRollback } from "../components/rollback/autoRollback.ts";
import { autoRollbackAlarms } from "../components/rollback/autoRollbackAlarms.ts";
import type { Tags } from "../components/tags.ts";
import type { StackAlarms } from "./alarms.ts";
import { latchName } from "./config/latch.ts";
import type { StackConfig } from "./config/stack.ts";
import type { RegionNotifications } from "./notifications.ts";
import type { Region } from "./region.ts";
import { regionCode } from "./regionCode.ts";
import { type DeployedRelease, deployedService, rollbackColour } from "./release/deployedRelease.ts";

/** What the rollbacks are made from. */
interface AutoRollbacksOf {
  readonly config: StackConfig;
  /** Stack, as `slipway --stack` names it. */
  readonly stack: string;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** Regions of the stack, the primary first. */
  readonly regions: readonly Region[];
  readonly notifications: RegionNotifications;
  readonly deployed: DeployedRelease;
  /** Alarms that call for a rollback, by region. */
  readonly alarms: Pick<StackAlarms, "rollbackAlarms">;
}

/** Declares the rollbacks, and the alarms that watch them. */
export function declareAutoRollbacks(args: AutoRollbacksOf): void {
  const { config, stack, tags, providers, regions, deployed, notifications, alarms } = args;
  const { system, environment, aws, logs, protect } = config;
  const opts = { providers: [...providers] };
  for (const region of regions) {
    const { autoRollback } = region.config;
    const names = Object.keys(autoRollback);
    if (names.length === 0) continue;
    const notified = required(notifications, region.name, "topics of a region with rollbacks");
    const code = regionCode(region.name);
    const key = new EncryptionKey(
      `${code}-rollback-key`,
      {
        region: region.name,
        accountId: aws.accountId,
        description: `${system} ${environment}: automatic rollback`,
        users: ["logs", "deadLetters"],
        protect,
        tags,
      },
      opts,
    );
    const watched: AlarmDefinition[] = [];
    for (const service of names) {
      const ecs = required(region.ecsServices, service, "service on ECS with a rollback");
      const { release } = required(config.services, service, "service with a rollback");
      const alarmArns = (alarms.rollbackAlarms[region.name] ?? []).flatMap((alarm) => (alarm.service === service ? [alarm.arn] : []));
      if (alarmArns.length === 0) throw new Error(`autoRollback.${service}: no alarm of ${region.name} sets it off`);
      const live = rollbackColour(release, deployedService(deployed, service));
      const candidate = release[otherColour(live)];
      const made = new AutoRollback(
        `${code}-${service}-rollback`,
        {
          region: region.name,
          stack,
          service,
          ruleArn: ecs.ruleArn,
          targetGroupArns: { blue: ecs.targets.blue.arn, green: ecs.targets.green.arn },
          live,
          candidateOpen: candidate.image !== undefined && candidate.capacity === "full",
          action: required(autoRollback, service, "rollback").action,
          alarmArns,
          latchName: latchName(config, service),
          topicArn: notified.topicArns.P0,
          topicKeyArn: notified.keyArn,
          keyArn: key.arn,
          logRetentionDays: logs.retentionDays,
          tags: { ...tags, Service: service },
        },
        opts,
      );
      const { functionName, deadLettersName } = made;
      watched.push(...autoRollbackAlarms({ region: region.name, service, functionName, deadLettersName }));
    }
    new Alarms(
      `${code}-rollback-alarms`,
      {
        region: region.name,
        namePrefix: `${system}-${environment}-${code}`,
        definitions: watched,
        topicArns: notified.topicArns,
        runbookBase: config.alarms.runbookBase,
        tags,
      },
      opts,
    );
  }
}
