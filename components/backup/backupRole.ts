/** The role that AWS Backup takes to read stores, write backups and restore them. */
import type { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { all, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { onlyFrom, serviceRole } from "../aws/role.ts";
import { Component, type InAccount, type Tagged } from "../component.ts";
import type { BackedUpType } from "./retention.ts";

/** Arguments of `BackupRole`. */
export interface BackupRoleArgs extends Tagged, InAccount {
  /** What is backed up: buckets need policies of their own. */
  readonly types: readonly BackedUpType[];
}

const everything: Readonly<Record<string, string>> = {
  backup: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
};

const buckets: Readonly<Record<string, string>> = {
  "s3-backup": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
  "s3-restore": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
};

/** AWS's managed policies by what they are for: AWS adds to them when Backup learns a new API, which a copy would miss. */
function managedPolicies(types: readonly BackedUpType[]): Readonly<Record<string, string>> {
  return types.includes("S3") ? { ...everything, ...buckets } : everything;
}

/** A role for one account's AWS Backup and nobody else. */
export class BackupRole extends Component {
  /** The real resources. */
  readonly nodes: { readonly role: Role };
  /** Known when all policies are attached: a job that starts before fails. */
  readonly arn: Output<string>;

  constructor(name: string, args: BackupRoleArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:BackupRole", name, args, opts);
    const { role } = serviceRole(this, name, {
      description: `${name}: AWS Backup`,
      service: "backup",
      when: onlyFrom(args.accountId),
    });
    const attached = Object.entries(managedPolicies(args.types)).map(([use, policyArn]) =>
      this.child(RolePolicyAttachment, `${name}-${use}`, { role: role.name, policyArn }),
    );
    this.nodes = { role };
    this.arn = all([role.arn, ...attached.map(({ id }) => id)]).apply(([arn = ""]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
