/** What is watched about backups. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarms/alarmDefinition.ts";
import type { Severity } from "../alarms/severity.ts";
import { backedUpMetrics, vaultMetrics } from "../metrics/backup.ts";
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

/** Failures of jobs, and the day on which no backup was made at all. */
export function backupAlarms({ region, vaultName, types, copied, daily, severity }: BackupAlarmsOf): AlarmDefinition[] {
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
    summary: "No backup was completed in the last two days",
    comparison: "LessThanThreshold",
    threshold: 1,
    watch: ofVault.completed,
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
      watch: ofVault.failed,
    },
    {
      ...failure,
      key: "backup-jobs-expired",
      summary: "A backup did not start within its window, or was not done in time",
      watch: ofVault.expired,
    },
    ...(daily ? [noneCompleted] : []),
    ...(copied
      ? [
          {
            ...failure,
            key: "backup-copies-failed",
            summary: "A copy of a backup to the other region failed; the region's loss would lose what it holds",
            watch: perType("failedCopies", types, "failed copies"),
          },
        ]
      : []),
    {
      ...failure,
      key: "backup-restores-failed",
      summary: "A restore failed: a test of this month, or one that somebody is waiting for",
      watch: perType("failedRestores", types, "failed restores"),
    },
  ];
}

/** Copies and restores carry the type as dimension, not the vault. */
function perType(key: keyof ReturnType<typeof backedUpMetrics>, types: readonly BackedUpType[], label: string): MetricMath {
  const metrics = Object.fromEntries(types.map((type) => [type.toLowerCase(), backedUpMetrics(type)[key]]));
  const expression = Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(" + ");
  return { metrics, expression, label, unit: key === "failedCopies" ? "copies" : "restores" };
}
