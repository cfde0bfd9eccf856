/** Point-in-time recovery of an RDS database, kept up in a second region by RDS itself. */
import { InstanceAutomatedBackupsReplication } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { pointInTimeCopy } from "./contract.ts";

/** Arguments of `PointInTimeCopy`: those of its contract, and these. The region is that of the copy, not that of the database. */
export interface PointInTimeCopyArgs extends Given<typeof pointInTimeCopy>, Regional {
  /** ARN of the database. */
  readonly databaseArn: Input<string>;
  /** Key in the copy's region. */
  readonly keyArn: Input<string>;
}

/**
 * Logs of the database go to the other region as they are written: its loss costs minutes, not the day that a daily copy
 * does. Multi-AZ and a plan stay what they are for.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class PointInTimeCopy extends Component {
  /** The real resources. */
  readonly nodes: { readonly replication: InstanceAutomatedBackupsReplication };

  constructor(name: string, args: PointInTimeCopyArgs, opts?: ComponentResourceOptions) {
    const { retentionDays } = accepted(name, pointInTimeCopy, args);
    super("slipway:backup:PointInTimeCopy", name, args, opts);
    // A database has one in a Region, which is stopped by the database's ARN. What was copied until then stays.
    const replication = this.child(
      InstanceAutomatedBackupsReplication,
      name,
      { sourceDbInstanceArn: args.databaseArn, kmsKeyId: args.keyArn, retentionPeriod: retentionDays },
      { deleteBeforeReplace: true },
    );
    this.nodes = { replication };
    this.registerOutputs();
  }
}
