/** The security group of a service's tasks: the load balancer in, named destinations out. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Regional } from "../regional.ts";
import { named } from "../tags.ts";

/** Arguments of `taskGroup`. */
export interface TaskGroupArgs extends Regional {
  readonly vpcId: Input<string>;
  /** Port that the container listens on. */
  readonly port: number;
  readonly loadBalancer: { readonly securityGroupId: Input<string> };
  /** Where tasks may connect to, by rule name. @default nowhere */
  readonly egress?: Readonly<Record<string, { readonly port: number; readonly cidr: string }>>;
}

/** Security group of the tasks, with the rules that they need to start. */
export interface TaskGroup {
  readonly id: Output<string>;
  readonly rules: readonly Resource[];
}

/** Declares the group and its rules. @param parent component that they belong to */
export function taskGroup(name: string, args: TaskGroupArgs, parent: Resource): TaskGroup {
  const { region, port, tags } = args;
  const loadBalancer = args.loadBalancer.securityGroupId;
  const group = new SecurityGroup(
    name,
    { region, vpcId: args.vpcId, description: `Tasks of ${name}: the load balancer in, named destinations out`, tags: named(name, tags) },
    { parent },
  );
  const oneTcpPort = { region, ipProtocol: "tcp", fromPort: port, toPort: port };
  const rules: Resource[] = [];
  const fromLoadBalancer = new SecurityGroupIngressRule(
    `${name}-from-load-balancer`,
    {
      ...oneTcpPort,
      securityGroupId: group.id,
      referencedSecurityGroupId: loadBalancer,
      description: "From the load balancer",
      tags: named(`${name}-from-load-balancer`, tags),
    },
    { parent },
  );
  const toTasks = new SecurityGroupEgressRule(
    `${name}-from-load-balancer`,
    {
      ...oneTcpPort,
      securityGroupId: loadBalancer,
      referencedSecurityGroupId: group.id,
      description: `To tasks of ${name}`,
      tags: named(`${name}-from-load-balancer`, tags),
    },
    { parent },
  );
  rules.push(fromLoadBalancer, toTasks);
  for (const [rule, { port: to, cidr }] of Object.entries(args.egress ?? {})) {
    const out = new SecurityGroupEgressRule(
      `${name}-${rule}`,
      {
        region,
        securityGroupId: group.id,
        description: `${rule}: TCP ${to} to ${cidr}`,
        ipProtocol: "tcp",
        fromPort: to,
        toPort: to,
        ...(cidr.includes(":") ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
        tags: named(`${name}-${rule}`, tags),
      },
      { parent },
    );
    rules.push(out);
  }
  return { id: group.id, rules };
}
