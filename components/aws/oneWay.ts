/** A way between two security groups: what the one may send, the other lets in. */
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { Component } from "../component.ts";

/** From where to where. */
interface OneWayArgs {
  readonly from: Input<string>;
  readonly to: Input<string>;
  /** TCP port at the end. */
  readonly port: number;
  /** What the rules say they are for, at the beginning and at the end. @default the name */
  readonly descriptions?: { readonly egress: string; readonly ingress: string };
}

/** What a rule of one TCP port has. */
export function tcp(port: number) {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

/** Declares a rule at both ends: one alone lets nothing through. */
export function oneWay(owner: Component, name: string, { from, to, port, descriptions }: OneWayArgs): Resource[] {
  const { ingress = name, egress = name } = descriptions ?? {};
  return [
    owner.child(SecurityGroupIngressRule, name, {
      ...tcp(port),
      description: ingress,
      securityGroupId: to,
      referencedSecurityGroupId: from,
    }),
    owner.child(SecurityGroupEgressRule, name, { ...tcp(port), description: egress, securityGroupId: from, referencedSecurityGroupId: to }),
  ];
}
