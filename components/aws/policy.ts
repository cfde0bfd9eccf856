/** Policies of roles, buckets and queues: what their statements have in common. */
import { type Input, jsonStringify, type Output } from "@pulumi/pulumi";

/** Conditions by operator, then by key. */
export type Condition = Readonly<Record<string, Readonly<Record<string, Input<string>>>>>;

/** A statement that allows actions. */
export interface Allowed<Resources, Conditions = never> {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: Resources;
  readonly Condition?: Conditions;
}

/** Allows actions. @param Resource exact ARNs, or a star for actions that AWS knows no resources of */
export function allow<Resources, Conditions extends object = never>(
  Sid: string,
  Action: readonly string[],
  Resource: Resources,
  condition?: Conditions,
): Allowed<Resources, Conditions> {
  return { Sid, Effect: "Allow", Action, Resource, ...(condition === undefined ? {} : { Condition: condition }) };
}

/** A key is used through one AWS service of one region and in no other way. */
export function viaService(service: string, region: string) {
  return { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } };
}

/** Refuses what does not come over TLS. It denies everybody, so the star names nobody who would get something. */
export function onlyTls<Resources>(Sid: string, service: "s3" | "sqs", Resource: Resources) {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Sid, Effect: "Deny", Principal: "*", Action: `${service}:*`, Resource, Condition };
}

/** Text of a policy. */
export function policyOf(statements: Input<readonly object[]>): Output<string> {
  return jsonStringify({ Version: "2012-10-17", Statement: statements });
}
