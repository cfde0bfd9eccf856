/** Where backups are kept: encrypted with its own key, closed to deletion, locked against short retention. */
import { Vault, type VaultArgs } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { VaultPolicy } from "@pulumi/aws/backup/vaultPolicy.js";
import { all, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { InAccount, Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { longestRetention, type RetentionBounds } from "./retention.ts";

/** Retention that nobody can go below or above. */
interface VaultLock extends RetentionBounds {
  /** Governance can be lifted by a role that may; compliance by nobody, not even AWS, once its grace is over. */
  readonly mode: "governance" | "compliance";
  /** Days of grace in which compliance can still be lifted, 3–36,500. Only with compliance, and then it has to be there. */
  readonly changeableForDays?: number | undefined;
}

/** Arguments of `BackupVault`. */
export interface BackupVaultArgs extends Regional, InAccount {
  /** Key of the vault, in its region. A change replaces the vault. */
  readonly keyArn: Input<string>;
  /** @default none: backups can be made with any retention */
  readonly lock?: VaultLock | undefined;
  /** Refuse to delete the vault. Without it, deleting the vault deletes the backups in it. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly vault?: Transform<VaultArgs> };
}

/** Everything wrong with plain arguments. */
export function backupVaultProblems({ lock, protect = false }: BackupVaultArgs): ArgumentProblem[] {
  if (lock === undefined) return [];
  const { mode, minimumDays, maximumDays, changeableForDays } = lock;
  const problems = outsideRange("lock.minimumDays", minimumDays, 1, longestRetention, "days");
  if (maximumDays !== undefined) problems.push(...outsideRange("lock.maximumDays", maximumDays, minimumDays, longestRetention, "days"));
  if (mode === "governance" && changeableForDays !== undefined)
    problems.push({ propertyPath: "lock.changeableForDays", reason: "is given, which makes a lock compliance; leave it out" });
  if (mode === "compliance") problems.push(...outsideRange("lock.changeableForDays", changeableForDays ?? 0, 3, 36_500, "days of grace"));
  if (mode === "compliance" && !protect)
    problems.push({ propertyPath: "lock.mode", reason: "is compliance without protect; the vault could never be deleted" });
  return problems;
}

/**
 * A vault whose policy denies everybody to delete or shorten what is in it; backups go when their time is over.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class BackupVault extends Component {
  /** Physical name; known when policy and lock are in place, so that no backup comes before them. */
  readonly vaultName: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:BackupVault", name, args, opts, backupVaultProblems(args));
    const { lock, protect = false } = args;
    const vault = this.child(
      Vault,
      name,
      { kmsKeyArn: args.keyArn, forceDestroy: !protect },
      { transform: args.transform?.vault, protect },
    );
    const policy = this.child(VaultPolicy, name, { backupVaultName: vault.name, policy: JSON.stringify(closedToDeletion(args.accountId)) });
    const locks = lock === undefined ? [] : [this.#lock(name, vault, lock, args)];
    this.vaultName = all([vault.name, policy.id, ...locks.map(({ id }) => id)]).apply(([vaultName = ""]) => vaultName);
    this.arn = vault.arn;
    this.registerOutputs({ vaultName: this.vaultName });
  }

  #lock(name: string, vault: Vault, lock: VaultLock, { protect = false }: BackupVaultArgs): VaultLockConfiguration {
    return this.child(
      VaultLockConfiguration,
      name,
      {
        backupVaultName: vault.name,
        minRetentionDays: lock.minimumDays,
        ...(lock.maximumDays === undefined ? {} : { maxRetentionDays: lock.maximumDays }),
        ...(lock.changeableForDays === undefined ? {} : { changeableForDays: lock.changeableForDays }),
      },
      {
        protect,
        // AWS answers nothing for it once the lock holds, which would read as a change that replaces the lock.
        ignoreChanges: ["changeableForDays"],
        // A vault has one lock: making the new one first and deleting the old one after would leave none.
        deleteBeforeReplace: true,
      },
    );
  }
}

/** Pure. AWS's own role for expiry is left out, so that backups still end when their time is over. */
export function closedToDeletion(accountId: string): Readonly<Record<string, unknown>> {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NobodyDeletesBackups",
        Effect: "Deny",
        Principal: "*",
        Action: [
          "backup:DeleteRecoveryPoint",
          "backup:DisassociateRecoveryPoint",
          "backup:DisassociateRecoveryPointFromParent",
          "backup:UpdateRecoveryPointLifecycle",
        ],
        Resource: "*",
        Condition: {
          ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${accountId}:role/aws-service-role/backup.amazonaws.com/*` },
        },
      },
    ],
  };
}
