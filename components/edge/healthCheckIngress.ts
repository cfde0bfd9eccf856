/** A load balancer's security group lets Route 53's health checkers in. */
import { getManagedPrefixListOutput } from "@pulumi/aws/ec2/getManagedPrefixList.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";

/** Arguments of `HealthCheckIngress`. */
export interface HealthCheckIngressArgs extends Regional {
  /** Security group of the load balancer that is asked. */
  readonly securityGroupId: Input<string>;
}

/** One rule, for whoever is asked behind it: a security group takes it once. Nobody else may use the addresses of its list. */
export class HealthCheckIngress extends Component {
  /** The real resources. */
  readonly nodes: { readonly ingress: SecurityGroupIngressRule };

  constructor(name: string, args: HealthCheckIngressArgs, opts?: ComponentResourceOptions) {
    super("slipway:edge:HealthCheckIngress", name, args, opts);
    const { region, securityGroupId } = args;
    const checkers = getManagedPrefixListOutput({ region, name: `com.amazonaws.${region}.route53-healthchecks` }, { parent: this });
    const from = { description: "HTTPS from Route 53 health checkers", ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    this.nodes = { ingress: this.child(SecurityGroupIngressRule, name, { securityGroupId, ...from, prefixListId: checkers.id }) };
    this.registerOutputs();
  }
}
