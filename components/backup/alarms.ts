/** What is watched about backups. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import { lostMessages } from "../alarms/catalogue/lostMessages.ts";
import type { Severity } from "../alarms/severity.ts";
import { backedUpMetrics, vaultMetrics } from "../metrics/backup.ts";
import { type MetricMath, sumOf } from "../metrics/metric.ts";
import type { BackedUpType } from "./retention.ts";

/** What the alarms of one region's backups are made from. */
interface BackupAlarmsOf {
  /** AWS region. */
  readonly region: string;
  /** Physical name of the vault. */
  readonly vaultName: Input<string>;
  /** Types that are backed up. */
  readonly types: readonly BackedUpType[];
  /** Physical name of the vault in another region that backups are copied to. @default none are */
  readonly copiesVaultName?: Input<string> | undefined;
  /** A rule runs once a day at least. */
  readonly daily: boolean;
  /** How bad a failed backup is. */
  readonly severity: Severity;
  /** Physical names of the rules that tell people of failed jobs. @default nobody is told by rules */
  readonly rules?: readonly Input<string>[] | undefined;
}

/** Failures of jobs, and the day on which no backup was made at all. */
export function backupAlarms({
  region,
  vaultName,
  types,
  copiesVaultName,
  daily,
  severity,
  rules = [],
}: BackupAlarmsOf): AlarmDefinition[] {
  const ofVault = vaultMetrics(vaultName);
  const shared = { region, dashboard: "data" as const, kind: "symptom" as const, runbook: "backup-failed", evaluationPeriods: 1 };
  const failure = {
    ...shared,
    severity,
    comparison: "GreaterThanOrEqualToThreshold" as const,
    threshold: 1,
    periodSeconds: 300,
    // AWS Backup sends a figure only when there is one.
    missingData: "notBreaching" as const,
  };
  const noneCompleted: AlarmDefinition = {
    ...shared,
    key: "backup-none-completed",
    severity,
    likely: "the plan's role or key was changed, or the plan is off.",
    summary: "No backup was completed in the last two days",
    comparison: "LessThanThreshold",
    threshold: 1,
    watch: ofVault.completed,
    periodSeconds: 86_400,
    evaluationPeriods: 2,
    // A plan that was switched off sends no figures: silence is what this alarm is for, and it is told of. An alarm that was just made has
    // no data either, and says nothing until the first backup has come and gone.
    missingData: "missing",
  };
  return [
    {
      ...failure,
      key: "backup-jobs-failed",
      likely: "the plan's role or the vault's key was changed, or the store was being changed.",
      summary: "A backup failed; the store has its point-in-time recovery only, and the next scheduled backup is the next try",
      watch: ofVault.failed,
    },
    {
      ...failure,
      key: "backup-jobs-expired",
      likely: "too many jobs in one window, or a store that has grown.",
      summary: "A backup did not start within its window, or was not done in time",
      watch: ofVault.expired,
    },
    ...(daily ? [noneCompleted] : []),
    ...(copiesVaultName === undefined
      ? []
      : [
          {
            ...failure,
            key: "backup-copies-failed",
            likely: "the other vault's policy or key was changed.",
            summary: "A copy of a backup to the other region failed; the region's loss would lose what it holds",
            watch: failedCopies(vaultName, copiesVaultName),
          },
        ]),
    {
      ...failure,
      key: "backup-restores-failed",
      likely: "the role may not make what is restored, or a quota of the account is used up.",
      summary: "A restore failed in this account and region: a test of this month, or one that somebody is waiting for",
      watch: failedRestores(types),
    },
    ...(rules.length === 0
      ? []
      : [
          lostMessages({
            ...{ region, severity, rules, key: "backup-notifications-lost", runbook: shared.runbook },
            summary: "EventBridge could not tell the topic of a failed backup, copy or restore: its policy or its key does not let it",
          }),
        ]),
  ];
}

/** AWS names one vault with a copy, and does not say whether the one that it is from or the one that it goes to. */
function failedCopies(from: Input<string>, to: Input<string>): MetricMath {
  const metrics = { from: vaultMetrics(from).failedCopies, to: vaultMetrics(to).failedCopies };
  return { metrics, expression: sumOf(metrics), label: "failed copies", unit: "copies" };
}

function failedRestores(types: readonly BackedUpType[]): MetricMath {
  const metrics = Object.fromEntries(types.map((type) => [type.toLowerCase(), backedUpMetrics(type).failedRestores]));
  return { metrics, expression: sumOf(metrics), label: "failed restores", unit: "restores" };
}
