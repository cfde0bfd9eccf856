/** Vaults of a deployed stack, seen from outside: what is in them, and how a backup is asked for. */
import { z } from "zod";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";

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

/** Reads them from the stack's outputs. @throws UserError when the stack backs nothing up */
export function deployedBackups({ resources }: State, stack: string): DeployedBackups {
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const read = deployed.safeParse(root?.outputs?.backup);
  if (read.success) return read.data;
  throw new UserError(
    `${stack} backs nothing up yet: it has no slipway:backup.plans, or was not updated since. Run: slipway up --stack ${stack}`,
  );
}

/** A backup that is wanted now. */
export interface BackupWish {
  readonly region: string;
  readonly vaultName: string;
  readonly roleArn: string;
  readonly resourceArn: string;
  readonly type: RegionBackups["stores"][string]["type"];
  readonly deleteAfterDays: number;
  /** For whoever finds it later. */
  readonly reason: string;
}

/** How a backup ended. */
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

/** The vaults of one account. */
export interface Vaults {
  /** Makes a backup and waits for its end. @throws UserError when it is refused at once */
  start(wish: BackupWish): Promise<BackupEnd>;
  /** Everything in a vault, the newest first. */
  points(region: string, vaultName: string): Promise<readonly RecoveryPoint[]>;
}
