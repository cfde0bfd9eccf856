/** Who is notified when a backup, a copy or a restore does not end well. */
import { VaultNotifications } from "@pulumi/aws/backup/vaultNotifications.js";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { type ComponentResourceOptions, type Input, jsonStringify } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";

/** Arguments of `BackupNotifications`. */
export interface BackupNotificationsArgs extends Regional {
  readonly vaultName: Input<string>;
  readonly vaultArn: Input<string>;
  /** Topic in the same region; its policy and its key have to let `backup.amazonaws.com` and `events.amazonaws.com` publish. */
  readonly topicArn: Input<string>;
}

/** What only the vault itself tells: objects left out of a backup or a restore that went well otherwise. Nothing that happens every day. */
const vaultEvents: readonly string[] = ["COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"];

/** Failures by kind of job. Jobs that expire or are aborted are failures that the vault's own notifications leave out. */
export class BackupNotifications extends Component {
  /** The real resources. */
  readonly nodes: { readonly failures: VaultNotifications; readonly rules: Readonly<Record<string, EventRule>> };

  constructor(name: string, args: BackupNotificationsArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:BackupNotifications", name, args, opts);
    const { vaultName, vaultArn, topicArn } = args;
    // A vault has one set of notifications, which goes by the vault's name.
    const failures = this.child(
      VaultNotifications,
      name,
      { backupVaultName: vaultName, snsTopicArn: topicArn, backupVaultEvents: [...vaultEvents] },
      { deleteBeforeReplace: true },
    );
    const failed = { state: ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"] };
    const kinds = {
      backup: { "detail-type": ["Backup Job State Change"], detail: { ...failed, backupVaultName: [vaultName] } },
      copy: { "detail-type": ["Copy Job State Change"], detail: { ...failed, sourceBackupVaultArn: [vaultArn] } },
      // The event of a restore names no vault, so that restores of the whole account and region are notified.
      restore: { "detail-type": ["Restore Job State Change"], detail: { status: failed.state } },
    };
    const rules = Object.entries(kinds).map(([kind, pattern]) => {
      const rule = this.child(EventRule, `${name}-${kind}`, {
        description: `${name}: a ${kind} job did not end well`,
        eventPattern: jsonStringify({ source: ["aws.backup"], ...pattern }),
      });
      this.child(EventTarget, `${name}-${kind}`, { rule: rule.name, targetId: "topic", arn: topicArn });
      return [kind, rule] as const;
    });
    this.nodes = { failures, rules: Object.fromEntries(rules) };
    this.registerOutputs();
  }
}
