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

/** Zones in the order of their names, so that order in config is never a change. */
export function zonesOf({ subnetIds }: DatabaseNetwork): string[] {
  return Object.keys(subnetIds).sort();
}

/** A problem when there are not the two zones that AWS asks of every subnet group. @param wanted zones that are needed. @default two will do */
export function tooFewZones(network: DatabaseNetwork, wanted = 0): ArgumentProblem[] {
  const zones = zonesOf(network).length;
  const least = Math.max(2, wanted);
  return zones >= least ? [] : [{ propertyPath: "network.subnetIds", reason: `has ${zones} zones; give subnets of at least ${least}` }];
}

/** Subnets in the order of their zones. */
export function subnetsOf(network: DatabaseNetwork): Input<string>[] {
  return zonesOf(network).flatMap((zone) => network.subnetIds[zone] ?? []);
}

/** A group without rules: whoever may connect adds the rule that names them. */
export function closedSecurityGroup(name: string, vpcId: Input<string>, owner: Component): Output<string> {
  return owner.child(SecurityGroup, name, { vpcId, description: `${name}: in from named services only` }).id;
}
