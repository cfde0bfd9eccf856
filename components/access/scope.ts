/** What the roles of a stack's pipeline are about. */
import type { Given } from "../contract/accepted.ts";
import { stackName } from "../environment/names.ts";
import type { pipelineState } from "./contract.ts";

/** Account, regions and stores of one stack. */
export interface PipelineScope {
  /** Account, 12 digits. */
  readonly accountId: string;
  /** Value of the tag `System` on everything in the stack. */
  readonly system: string;
  /** Value of the tag `Environment` on everything in the stack. */
  readonly environment: string;
  /** Every region of the stack; us-east-1 is added, where CloudFront's certificates and logs live. */
  readonly regions: readonly string[];
  /** Names of parameters that the stack makes beside its latches. @default none */
  readonly parameters?: readonly string[] | undefined;
  /** Route 53 zone whose records the stack writes. @default none */
  readonly hostedZoneId?: string | undefined;
  /** Name for which the stack makes a zone at Route 53, as its own is elsewhere. @default none */
  readonly delegatedDomain?: string | undefined;
  /** Registry of another account or region that the tasks pull from. @default the stack's own */
  readonly pullsFrom?: { readonly account: string; readonly region: string } | undefined;
  /** Where the engine keeps its state. @default not in this account */
  readonly state?: Given<typeof pipelineState> | undefined;
}

/** The pipeline's roles, by the end of their names. */
export const pipelineRoles = ["preview", "plan", "drift", "apply"] as const;
export type PipelineRole = (typeof pipelineRoles)[number];

/** Regions in which the roles may do something, in order of their names. */
export function allowedRegions({ regions }: Pick<PipelineScope, "regions">): string[] {
  return [...new Set([...regions, "us-east-1"])].sort();
}

/** ARNs in every region of the stack. */
export function regional(scope: PipelineScope, service: string, resource: string): string[] {
  return allowedRegions(scope).map((region) => `arn:aws:${service}:${region}:${scope.accountId}:${resource}`);
}

/** ARN in a service without regions. */
export function global({ accountId }: PipelineScope, service: string, resource: string): string {
  return `arn:aws:${service}::${accountId}:${resource}`;
}

/**
 * Path of every role that the stack makes. It is part of a role's ARN and cannot be changed, so what is allowed below it is
 * allowed on no other role of the account; a tag could be put on one.
 */
export function rolePath({ system, environment }: Pick<PipelineScope, "system" | "environment">): string {
  return `/${system}/${environment}/`;
}

/** What the names of the stack's buckets, functions, aliases of keys and drawn secrets start with; a name that is cut keeps it. */
export function nameStart(scope: Pick<PipelineScope, "system" | "environment">): string {
  return `${stackName(scope)}-`;
}

/** Condition that a call stays in the stack's regions, for actions and ARNs that name none. */
export function inRegions(scope: Pick<PipelineScope, "regions">): Readonly<Record<string, readonly string[]>> {
  return { "aws:RequestedRegion": allowedRegions(scope) };
}

/** Condition that something carries the stack's tags. @param of the thing as it is, or what a call would put on it */
export function tagged({ system, environment }: PipelineScope, of: "ResourceTag" | "RequestTag"): Readonly<Record<string, string>> {
  return { [`aws:${of}/System`]: system, [`aws:${of}/Environment`]: environment };
}
