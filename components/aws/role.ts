/** The role that an AWS service takes: who may take it, what it may do, and within which limits it is made. */
import { Role, type RoleArgs } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Component, Transform } from "../component.ts";
import { type Condition, policyOf } from "./policy.ts";

/** What a role is made from. */
interface ServiceRoleArgs {
  /** What it is for, in a few words. */
  readonly description: string;
  /** AWS service that takes it: `lambda`. */
  readonly service: string;
  /** When it may take it: for which account, from which ARNs. @default always */
  readonly when?: Condition;
  /** What it may do. @default nothing; whoever gives it more attaches that */
  readonly statements?: Input<readonly object[]>;
  /** The user's change of the role. @default none */
  readonly transform?: Transform<RoleArgs> | undefined;
}

/** A role and its permission. */
export interface ServiceRole {
  readonly role: Role;
  /** Known only when its permission is in place: what starts with less fails. */
  readonly arn: Output<string>;
  readonly name: Output<string>;
  /** What has to be there before the role is used. */
  readonly ready: readonly Resource[];
}

/** Declares a role, inside the permissions boundary and on the path that its owner was given. */
export function serviceRole(owner: Component, name: string, args: ServiceRoleArgs): ServiceRole {
  const { service, when, statements } = args;
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `${service}.amazonaws.com` } };
  const Statement = [{ ...trust, ...(when === undefined ? {} : { Condition: when }) }];
  const role = owner.child(
    Role,
    name,
    { description: args.description, assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement }), ...owner.roleLimits },
    { transform: args.transform },
  );
  if (statements === undefined) return { role, arn: role.arn, name: role.name, ready: [role] };
  const policy = owner.child(RolePolicy, name, { role: role.name, policy: policyOf(statements) });
  return { role, arn: policy.id.apply(() => role.arn), name: role.name, ready: [policy] };
}

/** A role is taken for one account only. @param sourceArn and from these ARNs only. @default from any */
export function onlyFrom(accountId: string, sourceArn?: string): Condition {
  return {
    StringEquals: { "aws:SourceAccount": accountId },
    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
  };
}
