/** AWS Backup: jobs, and what is in a vault. A job ends at once, and fails for the reasons that it fails for at AWS. */
import type { Backup, RecoveryPointStatus } from "@aws-sdk/client-backup";
import { backUp, copyPoint, type JobEnd, pointsIn, resourceAt } from "../cloud/aws/backupJobs.ts";
import { CloudError } from "../cloud/catalogue.ts";
import { timeIn } from "../cloud/clock.ts";
import { randomUuid } from "../cloud/randomness.ts";
import { dateOf, type OperationsOf, pageOf } from "./operation.ts";

/** Jobs that this process started, by id. They belong to no stack, and would be left over when it goes. */
const jobs = new Map<string, JobEnd & { readonly resourceArn: string }>();

/** Resource types as AWS Backup calls them, by the provider's. */
const kinds: Readonly<Record<string, string>> = {
  "aws:docdb/cluster:Cluster": "DocumentDB",
  "aws:dynamodb/table:Table": "DynamoDB",
  "aws:efs/fileSystem:FileSystem": "EFS",
  "aws:rds/instance:Instance": "RDS",
  "aws:s3/bucket:Bucket": "S3",
};

export const backups = {
  StartBackupJob: ({ BackupVaultName = "", ResourceArn = "", Lifecycle = {}, RecoveryPointTags = {} }, { store, place }) => {
    const at = timeIn(store);
    const { DeleteAfterDays = 36_500, MoveToColdStorageAfterDays } = Lifecycle;
    const end = backUp(store, {
      ...{ place, vaultName: BackupVaultName, resourceArn: ResourceArn, deleteAfterDays: DeleteAfterDays, tags: RecoveryPointTags, at },
      resourceType: kinds[resourceAt(store, ResourceArn)?.type ?? ""] ?? "",
      ...(MoveToColdStorageAfterDays === undefined ? {} : { coldAfterDays: MoveToColdStorageAfterDays }),
    });
    const id = randomUuid();
    jobs.set(id, { ...end, resourceArn: ResourceArn });
    return { BackupJobId: id, CreationDate: at };
  },

  DescribeBackupJob: ({ BackupJobId = "" }) => {
    const job = jobs.get(BackupJobId);
    if (job === undefined) throw new CloudError("ResourceNotFoundException", `Backup job ${BackupJobId} not found`);
    const known = { BackupJobId, State: job.state, ResourceArn: job.resourceArn };
    return job.state === "COMPLETED" ? { ...known, RecoveryPointArn: job.recoveryPointArn } : { ...known, StatusMessage: job.message };
  },

  StartCopyJob: (
    { SourceBackupVaultName = "", RecoveryPointArn = "", DestinationBackupVaultArn = "", Lifecycle = {} },
    { store, place },
  ) => {
    const end = copyPoint(store, {
      ...{ place, vaultName: SourceBackupVaultName, recoveryPointArn: RecoveryPointArn, destinationVaultArn: DestinationBackupVaultArn },
      deleteAfterDays: Lifecycle.DeleteAfterDays ?? 36_500,
    });
    const id = randomUuid();
    jobs.set(id, { ...end, resourceArn: RecoveryPointArn });
    return { CopyJobId: id, CreationDate: timeIn(store) };
  },

  DescribeCopyJob: ({ CopyJobId = "" }) => {
    const job = jobs.get(CopyJobId);
    if (job === undefined) throw new CloudError("ResourceNotFoundException", `Copy job ${CopyJobId} not found`);
    const known = { CopyJobId, State: job.state, SourceRecoveryPointArn: job.resourceArn };
    const told = job.state === "COMPLETED" ? { DestinationRecoveryPointArn: job.recoveryPointArn } : { StatusMessage: job.message };
    return { CopyJob: { ...known, ...told } };
  },

  ListRecoveryPointsByBackupVault: ({ BackupVaultName = "", NextToken, MaxResults = 1000 }, { store, place }) => {
    if (store.get("aws:backup/vault:Vault", BackupVaultName, `${place.account}/${place.region}`) === undefined)
      throw new CloudError("ResourceNotFoundException", `Backup vault ${BackupVaultName} not found`);
    const { items, next } = pageOf(pointsIn(store, BackupVaultName, place), NextToken, MaxResults);
    const RecoveryPoints = items.map(({ id, properties: { resourceArn, creationDate, deleteAt, status } }) => ({
      ...{ RecoveryPointArn: id, BackupVaultName, ResourceArn: String(resourceArn), Status: String(status) as RecoveryPointStatus },
      ...{ CreationDate: dateOf(creationDate), CalculatedLifecycle: { DeleteAt: dateOf(deleteAt) } },
    }));
    return { RecoveryPoints, ...(next === undefined ? {} : { NextToken: next }) };
  },
} satisfies OperationsOf<Backup>;
