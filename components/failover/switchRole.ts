/** The role that operators' switches write their metric with. */
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { Tagged } from "../regional.ts";
import { switchNamespace } from "./operatorSwitch.ts";

/** Arguments of `SwitchRole`. */
export interface SwitchRoleArgs extends Tagged {
  /** Account, 12 digits. */
  readonly accountId: string;
}

/** May write metrics of one namespace, and be taken by this account's schedules only. */
export class SwitchRole extends Component {
  /** Known only when its permission is in place. */
  readonly arn: Output<string>;

  constructor(name: string, { accountId, tags }: SwitchRoleArgs, opts?: ComponentResourceOptions) {
    super("slipway:failover:SwitchRole", name, { tags }, opts);
    const trust = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "scheduler.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    };
    const role = this.child(Role, name, {
      description: "Writes what operators say about regions",
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    });
    const statement = {
      Sid: "WriteSwitches",
      Effect: "Allow",
      Action: ["cloudwatch:PutMetricData"],
      Resource: ["*"], // a metric has no ARN
      Condition: { StringEquals: { "cloudwatch:namespace": switchNamespace } },
    };
    const policy = this.child(RolePolicy, name, {
      role: role.name,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    });
    this.arn = policy.id.apply(() => role.arn);
    this.registerOutputs({ arn: this.arn });
  }
}
