/** Where a database stands in the VPC: its security group, which lets nobody in by itself. */
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import type { Input, Output } from "@pulumi/pulumi";
import type { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";

/** Place of a data store. */
export interface DatabaseNetwork {
  readonly vpcId: Input<string>;
  /** Isolated subnets by zone, at least two. */
  readonly subnetIds: Readonly<Record<string, Input<string>>>;
}

/** A problem when there are not the two zones that AWS asks of every subnet group. */
export function tooFewZones({ subnetIds }: DatabaseNetwork): ArgumentProblem[] {
  const zones = Object.keys(subnetIds);
  if (zones.length >= 2) return [];
  return [{ propertyPath: "network.subnetIds", reason: `has ${zones.length} zones; give subnets of at least two` }];
}

/** Subnets in the order of their zones' names, so that order in config is never a change. */
export function subnetsOf({ subnetIds }: DatabaseNetwork): Input<string>[] {
  return Object.keys(subnetIds)
    .sort()
    .flatMap((zone) => subnetIds[zone] ?? []);
}

/** A group without rules: whoever may connect adds the rule that names them. */
export function closedSecurityGroup(name: string, vpcId: Input<string>, owner: Component): Output<string> {
  return owner.child(SecurityGroup, name, { vpcId, description: `${name}: in from named services only` }).id;
}
