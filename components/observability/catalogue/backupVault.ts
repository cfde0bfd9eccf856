/** Alarms of a backup vault: counts of AWS Backup, beside its events, which may be lost. */
import type { Input } from "@pulumi/pulumi";
import type { AlarmDefinition } from "../alarmDefinition.ts";

const counts = {
  "backup-failed": { metric: "NumberOfBackupJobsFailed", severity: "P1", what: "A backup failed" },
  "backup-expired": { metric: "NumberOfBackupJobsExpired", severity: "P1", what: "A backup never started within its window" },
  "copy-failed": { metric: "NumberOfCopyJobsFailed", severity: "P1", what: "A copy to another region failed" },
  "restore-failed": { metric: "NumberOfRestoreJobsFailed", severity: "P1", what: "A restore failed" },
} as const;

/** Every alarm of a vault. */
export function backupVaultAlarms({
  region,
  vault,
  vaultName,
}: {
  readonly region: string;
  readonly vault: string;
  readonly vaultName: Input<string>;
}): AlarmDefinition[] {
  return Object.entries(counts).map(([key, { metric, severity, what }]) => ({
    region,
    subject: `vault-${vault}`,
    key: `vault-${vault}-${key}`,
    severity,
    kind: "symptom",
    summary: `${what} (vault ${vault}): what was promised to be restorable may not be.`,
    runbook: "backup-job-failed",
    watch: { namespace: "AWS/Backup", name: metric, statistic: "Sum", dimensions: { BackupVaultName: vaultName } },
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    periodSeconds: 3600,
    evaluationPeriods: 1,
    missingData: "notBreaching",
  }));
}
