/** Vaults of a deployed stack, seen from outside: what is in them, and how a backup is asked for. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";
import type { CopyVault } from "./copies.ts";

const deployed = z.record(
  z.string(),
  z.object({
    vaultName: z.string(),
    vaultArn: z.string(),
    roleArn: z.string(),
    stores: z.record(
      z.string(),
      z.object({
        arn: z.string(),
        type: z.enum(["DocumentDB", "DynamoDB", "EFS", "RDS", "S3"]),
        recoveryClass: z.enum(["critical", "high", "medium", "none"]),
      }),
    ),
  }),
);

/** Vault, role and stores by AWS region, as the last update left them. */
export type DeployedBackups = z.output<typeof deployed>;

/** One region of them. */
export type RegionBackups = DeployedBackups[string];

/** No plan of the stack takes anything, or none has been deployed. */
export class NothingBackedUp extends UserError {}

/** Reads them from the stack's outputs. @throws NothingBackedUp when the stack backs nothing up */
export function deployedBackups({ resources }: State, stack: string): DeployedBackups {
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const read = deployed.safeParse(root?.outputs?.backup);
  if (read.success) return read.data;
  throw new NothingBackedUp(
    `${stack} backs nothing up yet: it has no slipway:backup.plans, or was not updated since. Run: slipway up --stack ${stack}`,
  );
}

/** A backup that is wanted now. */
export interface BackupWish {
  readonly region: string;
  readonly vaultName: string;
  readonly roleArn: string;
  readonly resourceArn: string;
  readonly deleteAfterDays: number;
  /** For whoever finds it later. */
  readonly reason: string;
}

/** A copy of a backup that is wanted now. */
export interface CopyWish {
  /** Region of the backup. */
  readonly region: string;
  readonly vaultName: string;
  readonly recoveryPointArn: string;
  readonly roleArn: string;
  readonly to: CopyVault;
  readonly deleteAfterDays: number;
}

/** How a backup, or a copy of one, ended. */
export type BackupEnd =
  | { readonly state: "COMPLETED"; readonly recoveryPointArn: string }
  | { readonly state: "FAILED"; readonly message: string };

/** One backup in a vault. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly resourceArn: string;
  readonly createdAt: Date;
  /** @default never */
  readonly deleteAt: Date | undefined;
  /** As AWS Backup has it: `COMPLETED`, `PARTIAL`, `EXPIRED`… */
  readonly status: string;
}

/** Jobs in one of these go on. */
const running: ReadonlySet<string | undefined> = new Set(["CREATED", "PENDING", "RUNNING", "ABORTING"]);

/** The vaults of one account. */
export type Vaults = ReturnType<typeof vaultsOf>;

/** @param pollSeconds between two looks at a job that goes on */
export function vaultsOf(aws: Aws, pollSeconds = 30) {
  return {
    /** Makes a backup and waits for its end. @throws UserError when it is refused at once */
    async start({ region, vaultName, roleArn, resourceArn, deleteAfterDays, reason }: BackupWish): Promise<BackupEnd> {
      const backup = await aws.client("backup", region);
      try {
        const { BackupJobId } = await backup.startBackupJob({
          ...{ BackupVaultName: vaultName, ResourceArn: resourceArn, IamRoleArn: roleArn, StartWindowMinutes: 60 },
          Lifecycle: { DeleteAfterDays: deleteAfterDays },
          RecoveryPointTags: { Reason: reason, StartedBy: "slipway" },
        });
        for (;;) {
          const { State, RecoveryPointArn = "", StatusMessage } = await backup.describeBackupJob({ BackupJobId });
          if (State === "COMPLETED") return { state: "COMPLETED", recoveryPointArn: RecoveryPointArn };
          if (!running.has(State)) return { state: "FAILED", message: StatusMessage ?? `the job is ${State}` };
          await wait(pollSeconds * 1000);
        }
      } catch (error) {
        throw aws.refusal(error, `${resourceArn} is not backed up`);
      }
    },

    /** Copies a backup into another vault and waits for its end. @throws UserError when it is refused at once */
    async copy({ region, vaultName, recoveryPointArn, roleArn, to, deleteAfterDays }: CopyWish): Promise<BackupEnd> {
      const backup = await aws.client("backup", region);
      try {
        const { CopyJobId } = await backup.startCopyJob({
          ...{ SourceBackupVaultName: vaultName, RecoveryPointArn: recoveryPointArn, IamRoleArn: roleArn },
          ...{ DestinationBackupVaultArn: to.arn, Lifecycle: { DeleteAfterDays: deleteAfterDays } },
        });
        for (;;) {
          const { CopyJob } = await backup.describeCopyJob({ CopyJobId });
          const { State, DestinationRecoveryPointArn = "", StatusMessage } = CopyJob ?? {};
          if (State === "COMPLETED") return { state: "COMPLETED", recoveryPointArn: DestinationRecoveryPointArn };
          if (!running.has(State)) return { state: "FAILED", message: StatusMessage ?? `the job is ${State}` };
          await wait(pollSeconds * 1000);
        }
      } catch (error) {
        throw aws.refusal(error, `${recoveryPointArn} is not copied to ${to.region}`);
      }
    },

    /** Everything in a vault, the newest first. @throws UserError when it cannot be read */
    async points(region: string, vaultName: string): Promise<readonly RecoveryPoint[]> {
      const backup = await aws.client("backup", region);
      const listed = Array.fromAsync(backup.paginateListRecoveryPointsByBackupVault({ BackupVaultName: vaultName }));
      const pages = await aws.told(`The vault ${vaultName} of ${region} cannot be read`, listed);
      return pages
        .flatMap(({ RecoveryPoints = [] }) => RecoveryPoints)
        .flatMap(
          ({
            RecoveryPointArn: arn = "",
            ResourceArn: resourceArn = "",
            CreationDate: createdAt,
            CalculatedLifecycle,
            Status: status = "",
          }) => (createdAt === undefined ? [] : { arn, resourceArn, createdAt, deleteAt: CalculatedLifecycle?.DeleteAt, status }),
        )
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },
  };
}
