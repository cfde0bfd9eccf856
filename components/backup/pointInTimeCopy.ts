/** Point-in-time recovery of an RDS database, kept up in a second region by RDS itself. */
import { InstanceAutomatedBackupsReplication } from "@pulumi/aws/rds/instanceAutomatedBackupsReplication.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";

/** Arguments of `PointInTimeCopy`. */
export interface PointInTimeCopyArgs {
  /** AWS region of the copy, not that of the database. */
  readonly region: string;
  /** ARN of the database. */
  readonly databaseArn: Input<string>;
  /** Key in the copy's region. */
  readonly keyArn: Input<string>;
  /** Days of which any second can be restored there, 1–35. */
  readonly retentionDays: number;
}

/** Everything wrong with plain arguments. */
export function pointInTimeCopyProblems({ retentionDays }: PointInTimeCopyArgs): ArgumentProblem[] {
  return outsideRange("retentionDays", retentionDays, 1, 35, "days");
}

/**
 * Logs of the database go to the other region as they are written: its loss costs minutes, not the day that a daily copy
 * does. Multi-AZ and a plan stay what they are for.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class PointInTimeCopy extends Component {
  constructor(name: string, args: PointInTimeCopyArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:PointInTimeCopy", name, args, opts, pointInTimeCopyProblems(args));
    this.child(InstanceAutomatedBackupsReplication, name, {
      sourceDbInstanceArn: args.databaseArn,
      kmsKeyId: args.keyArn,
      retentionPeriod: args.retentionDays,
    });
    this.registerOutputs();
  }
}
