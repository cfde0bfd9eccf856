/** The security group of a service's tasks: the load balancer in, named destinations out. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import { oneWay, tcp } from "../aws/oneWay.ts";
import type { Component } from "../component.ts";
import type { Accepted } from "../contract/accepted.ts";
import type { service } from "./contract.ts";

/** Arguments of `taskGroup`. */
export interface TaskGroupArgs extends Pick<Accepted<typeof service>, "port" | "egress"> {
  readonly vpcId: Input<string>;
  readonly loadBalancer: { readonly securityGroupId: Input<string> };
}

/** Security group of the tasks, with the rules that they need to start. */
export interface TaskGroup {
  readonly id: Output<string>;
  readonly rules: readonly Resource[];
}

/** Declares the group and its rules. @param owner component that they belong to */
export function taskGroup(name: string, args: TaskGroupArgs, owner: Component): TaskGroup {
  const group = owner.child(SecurityGroup, name, {
    vpcId: args.vpcId,
    description: `Tasks of ${name}: the load balancer in, named destinations out`,
  });
  return {
    id: group.id,
    rules: [
      ...oneWay(owner, `${name}-from-load-balancer`, {
        from: args.loadBalancer.securityGroupId,
        to: group.id,
        port: args.port,
        descriptions: { ingress: "From the load balancer", egress: `To tasks of ${name}` },
      }),
      ...egressRules(name, group.id, args.egress, owner),
    ],
  };
}

/** Where tasks may connect to, a rule each. @param owner component that they belong to */
export function egressRules(name: string, securityGroupId: Input<string>, egress: TaskGroupArgs["egress"], owner: Component): Resource[] {
  return Object.entries(egress).map(([rule, { port, cidr }]) =>
    owner.child(SecurityGroupEgressRule, `${name}-${rule}`, {
      ...tcp(port),
      securityGroupId,
      description: `${rule}: TCP ${port} to ${cidr}`,
      ...(cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
    }),
  );
}
