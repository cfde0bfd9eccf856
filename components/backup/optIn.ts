/** Which types AWS Backup may back up in a region: one setting for the whole account. */
import { RegionSettings } from "@pulumi/aws/backup/regionSettings.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { BackedUpType } from "./retention.ts";

/** Arguments of `BackupOptIn`. */
export interface BackupOptInArgs {
  /** AWS region. */
  readonly region: string;
}

/** Types that Slipway's stores have. Others are left as the account has them: naming one that a region lacks is refused. */
const optedIn: Readonly<Record<BackedUpType, true>> = { DocumentDB: true, DynamoDB: true, EFS: true, RDS: true, S3: true };

/**
 * Turns backups on for the types of Slipway's stores; a plan whose type is off does nothing and says nothing. For one stack
 * of an account only: two would write the same setting, and the one that is destroyed forgets it without turning it off.
 */
export class BackupOptIn extends Component {
  /** The real resources. */
  readonly nodes: { readonly settings: RegionSettings };

  constructor(name: string, { region }: BackupOptInArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:BackupOptIn", name, { region }, opts);
    const settings = this.child(
      RegionSettings,
      name,
      // The advanced kind of DynamoDB backups alone can be copied to another region or go to cold storage.
      { resourceTypeOptInPreference: optedIn, resourceTypeManagementPreference: { DynamoDB: true, EFS: true } },
      // AWS answers with every type that it has, also those that were never set.
      { ignoreChanges: ["resourceTypeOptInPreference", "resourceTypeManagementPreference"] },
    );
    this.nodes = { settings };
    this.registerOutputs();
  }
}
