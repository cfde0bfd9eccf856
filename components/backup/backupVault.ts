/** Where backups are kept: encrypted with its own key, closed to deletion, locked against short retention. */
import { Vault, type VaultArgs } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { VaultPolicy } from "@pulumi/aws/backup/vaultPolicy.js";
import { all, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import { backupVault } from "./contract.ts";

/** Arguments of `BackupVault`: those of its contract, and these. */
export interface BackupVaultArgs extends Given<typeof backupVault>, Regional, InAccount, Transformable<{ vault: VaultArgs }> {
  /** Key of the vault, in its region. A change replaces the vault. */
  readonly keyArn: Input<string>;
  /** Refuse to delete the vault. Without it, deleting the vault deletes the backups in it. @default false */
  readonly protect?: boolean;
}

type Lock = Exclude<Accepted<typeof backupVault>["lock"], { mode: "none" }>;

/** A lock for ever on what is not meant to stay. */
function stuck({ lock, protect = false }: BackupVaultArgs): ArgumentProblem[] {
  if (lock?.mode !== "compliance" || protect) return [];
  return [{ propertyPath: "lock.mode", reason: "is compliance without protect; the vault could never be deleted" }];
}

/**
 * A vault whose policy denies everybody to delete or shorten what is in it; backups go when their time is over.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class BackupVault extends Component {
  /** The real resources. */
  readonly nodes: { readonly vault: Vault };
  /** Physical name; known when policy and lock are in place, so that no backup comes before them. */
  readonly vaultName: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: BackupVaultArgs, opts?: ComponentResourceOptions) {
    const { lock } = accepted(name, backupVault, args, stuck(args));
    super("slipway:backup:BackupVault", name, args, opts);
    const { protect = false } = args;
    const vault = this.child(
      Vault,
      name,
      { kmsKeyArn: args.keyArn, forceDestroy: !protect },
      { transform: args.transform?.vault, protect },
    );
    const policy = this.child(VaultPolicy, name, { backupVaultName: vault.name, policy: JSON.stringify(closedToDeletion(args.accountId)) });
    const locks = lock.mode === "none" ? [] : [this.#lock(name, vault, lock, args)];
    this.vaultName = all([vault.name, policy.id, ...locks.map(({ id }) => id)]).apply(([vaultName = ""]) => vaultName);
    this.nodes = { vault };
    this.arn = vault.arn;
    this.registerOutputs({ vaultName: this.vaultName });
  }

  #lock(name: string, vault: Vault, lock: Lock, { protect = false }: BackupVaultArgs): VaultLockConfiguration {
    return this.child(
      VaultLockConfiguration,
      name,
      {
        backupVaultName: vault.name,
        minRetentionDays: lock.minimumDays,
        ...(lock.maximumDays === undefined ? {} : { maxRetentionDays: lock.maximumDays }),
        ...(lock.mode === "compliance" ? { changeableForDays: lock.changeableForDays } : {}),
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
