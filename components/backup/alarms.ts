/** What is watched about backups. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import type { Severity } from "../alarms/severity.ts";
import type { MetricMath } from "../metrics/metric.ts";
import type { BackedUpType } from "./retention.ts";

/** What the alarms of one region's backups are made from. */
interface BackupAlarmsOf {
  /** AWS region. */
  readonly region: string;
  /** Physical name of the vault. */
  readonly vaultName: Input<string>;
  /** Types that are backed up. */
  readonly types: readonly BackedUpType[];
  /** Backups are copied to another region. */
  readonly copied: boolean;
  /** A rule runs once a day at least. */
  readonly daily: boolean;
  /** How bad a failed backup is. */
  readonly severity: Severity;
}

const namespace = "AWS/Backup";

/** Failures of jobs, and the day on which no backup was made at all. */
export function backupAlarms({ region, vaultName, types, copied, daily, severity }: BackupAlarmsOf): AlarmDefinition[] {
  const dimensions = { BackupVaultName: vaultName };
  const shared = { region, kind: "symptom" as const, runbook: "backup-failed", evaluationPeriods: 1 };
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
    summary: "No backup was completed in the last two days",
    comparison: "LessThanThreshold",
    threshold: 1,
    watch: { namespace, name: "NumberOfBackupJobsCompleted", statistic: "Sum", dimensions },
    periodSeconds: 86_400,
    evaluationPeriods: 2,
    // A plan that was switched off sends no figures: silence is what this alarm is for.
    missingData: "breaching",
  };
  return [
    {
      ...failure,
      key: "backup-jobs-failed",
      summary: "A backup failed; the store has its point-in-time recovery only, and the next scheduled backup is the next try",
      watch: { namespace, name: "NumberOfBackupJobsFailed", statistic: "Sum", dimensions },
    },
    {
      ...failure,
      key: "backup-jobs-expired",
      summary: "A backup did not start within its window, or was not done in time",
      watch: { namespace, name: "NumberOfBackupJobsExpired", statistic: "Sum", dimensions },
    },
    ...(daily ? [noneCompleted] : []),
    ...(copied
      ? [
          {
            ...failure,
            key: "backup-copies-failed",
            summary: "A copy of a backup to the other region failed; the region's loss would lose what it holds",
            watch: perType("NumberOfCopyJobsFailed", types, "failed copies"),
          },
        ]
      : []),
    {
      ...failure,
      key: "backup-restores-failed",
      summary: "A restore failed: a test of this month, or one that somebody is waiting for",
      watch: perType("NumberOfRestoreJobsFailed", types, "failed restores"),
    },
  ];
}

/** Copies and restores carry the type as dimension, not the vault. */
function perType(name: string, types: readonly BackedUpType[], label: string): MetricMath {
  const of = (type: BackedUpType) => type.toLowerCase();
  const metrics = Object.fromEntries(
    types.map((type) => [of(type), { namespace, name, statistic: "Sum", dimensions: { ResourceType: type } }]),
  );
  return { metrics, expression: types.map((type) => `FILL(${of(type)}, 0)`).join(" + "), label };
}
