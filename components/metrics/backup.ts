/** Metrics of AWS Backup, which sends a figure only when there is one. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

const namespace = "AWS/Backup";

/** Metrics of one vault. @param vaultName its physical name */
export function vaultMetrics(vaultName: Input<string>) {
  return metricsOf(
    namespace,
    { BackupVaultName: vaultName },
    {
      completed: ["NumberOfBackupJobsCompleted", "Sum", "backups"],
      failed: ["NumberOfBackupJobsFailed", "Sum", "backups"],
      expired: ["NumberOfBackupJobsExpired", "Sum", "backups"],
    },
  );
}

/** Copies and restores: they carry the type of what is backed up, not the vault. */
export function backedUpMetrics(ResourceType: string) {
  return metricsOf(
    namespace,
    { ResourceType },
    {
      failedCopies: ["NumberOfCopyJobsFailed", "Sum", "copies"],
      failedRestores: ["NumberOfRestoreJobsFailed", "Sum", "restores"],
    },
  );
}
