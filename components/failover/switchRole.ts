/** The role that operators' switches write their metric with. */
import type { Role } from "@pulumi/aws/iam/role.js";
import type { ComponentResourceOptions, Output } from "@pulumi/pulumi";
import { allow } from "../aws/policy.ts";
import { onlyFrom, serviceRole } from "../aws/role.ts";
import { Component, type InAccount, type Tagged } from "../component.ts";
import { switchNamespace } from "../metrics/slipway.ts";

/** Arguments of `SwitchRole`. */
export interface SwitchRoleArgs extends Tagged, InAccount {}

/** May write metrics of one namespace, and be taken by this account's schedules only. */
export class SwitchRole extends Component {
  /** The real resources. */
  readonly nodes: { readonly role: Role };
  /** Known only when its permission is in place. */
  readonly arn: Output<string>;

  constructor(name: string, args: SwitchRoleArgs, opts?: ComponentResourceOptions) {
    super("slipway:failover:SwitchRole", name, args, opts);
    const { role, arn } = serviceRole(this, name, {
      description: "Writes what operators say about regions",
      service: "scheduler",
      when: onlyFrom(args.accountId),
      statements: [
        // A metric has no ARN.
        allow("WriteSwitches", ["cloudwatch:PutMetricData"], ["*"], { StringEquals: { "cloudwatch:namespace": switchNamespace } }),
      ],
    });
    this.nodes = { role };
    this.arn = arn;
    this.registerOutputs({ arn: this.arn });
  }
}
