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
      failedCopies: ["NumberOfCopyJobsFailed", "Sum", "copies"],
    },
  );
}

/** Restores of a type of store: a restore is told of its account and region, whichever stack's backup it is of. */
export function backedUpMetrics(ResourceType: string) {
  return metricsOf(
    namespace,
    { ResourceType },
    {
      failedRestores: ["NumberOfRestoreJobsFailed", "Sum", "restores"],
    },
  );
}
