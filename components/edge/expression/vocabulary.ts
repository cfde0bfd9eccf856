/** Fields and functions of the Rules language: their types, and the smallest plan that has them. */
import type { Entitlement, Plan } from "../plan.ts";

/** Type of a value. `each` is what `[*]` makes of an array: one value at a time. */
export type Type = "Boolean" | "Integer" | "String" | "IP" | { readonly array: Type } | { readonly map: Type } | { readonly each: Type };

/** What is known of a field. */
interface FieldFacts {
  readonly type: Type;
  /** @default "free" */
  readonly plan?: Plan;
  /** Bought beside the plan. @default nothing has to be */
  readonly entitlement?: Entitlement;
  /** Only known once the origin has answered. */
  readonly response?: true;
}

const strings: Type = { array: "String" };
const text: FieldFacts = { type: "String" };
const yes: FieldFacts = { type: "Boolean" };
const bots = { plan: "enterprise", entitlement: "botManagement" } as const;

export const fields: Readonly<Record<string, FieldFacts>> = {
  ssl: yes,
  "http.host": text,
  "http.cookie": text,
  "http.referer": text,
  "http.user_agent": text,
  "http.x_forwarded_for": text,
  "http.request.method": text,
  "http.request.version": text,
  "http.request.full_uri": text,
  "http.request.uri": text,
  "http.request.uri.path": text,
  "http.request.uri.path.extension": text,
  "http.request.uri.query": text,
  "raw.http.request.uri": text,
  "raw.http.request.uri.path": text,
  "raw.http.request.uri.query": text,
  "http.request.uri.args": { type: { map: strings } },
  "http.request.uri.args.names": { type: strings },
  "http.request.uri.args.values": { type: strings },
  "http.request.cookies": { type: { map: strings }, plan: "pro" },
  "http.request.headers": { type: { map: strings } },
  "http.request.headers.names": { type: strings },
  "http.request.headers.values": { type: strings },
  "http.request.body.mime": text,
  "http.request.body.raw": { type: "String", plan: "enterprise" },
  "http.request.body.size": { type: "Integer", plan: "enterprise" },
  "http.request.body.truncated": { type: "Boolean", plan: "enterprise" },
  "http.request.body.form": { type: { map: strings }, plan: "enterprise" },
  "http.request.body.form.values": { type: strings, plan: "enterprise" },
  "ip.src": { type: "IP" },
  "ip.src.asnum": { type: "Integer" },
  "ip.src.country": text,
  "ip.src.continent": text,
  "cf.client.bot": yes,
  "cf.tls_client_auth.cert_verified": yes,
  "cf.bot_management.score": { type: "Integer", ...bots },
  "cf.bot_management.verified_bot": { type: "Boolean", ...bots },
  "cf.bot_management.static_resource": { type: "Boolean", ...bots },
  "cf.bot_management.ja3_hash": { type: "String", ...bots },
  "cf.waf.score": { type: "Integer", plan: "enterprise" },
  "cf.waf.score.class": { type: "String", plan: "business" },
  "cf.waf.score.sqli": { type: "Integer", plan: "enterprise" },
  "http.response.code": { type: "Integer", response: true },
  "http.response.headers": { type: { map: strings }, response: true },
};

/** What is known of a function. */
export interface FunctionFacts {
  /** Types of the arguments; the last repeats when `more` is set. */
  readonly args: readonly (readonly Type[])[];
  /** Arguments that may be left out, counted from the end. @default 0 */
  readonly optional?: number;
  /** The last argument may be given again and again. */
  readonly more?: true;
  readonly result: Type;
  /** @default "free" */
  readonly plan?: Plan;
  /** Not in filters: only where a text is rewritten. @default in both */
  readonly rewrites?: true;
  /** The first argument may be no constant. @default it may */
  readonly ofField?: true;
}

const aString: readonly Type[] = ["String"];
const aNumber: readonly Type[] = ["Integer"];

export const functions: Readonly<Record<string, FunctionFacts>> = {
  any: { args: [[{ array: "Boolean" }]], result: "Boolean" },
  all: { args: [[{ array: "Boolean" }]], result: "Boolean" },
  concat: { args: [["String", "Integer"]], more: true, result: "String" },
  ends_with: { args: [aString, aString], result: "Boolean", ofField: true },
  has_key: { args: [[{ map: strings }], aString], result: "Boolean" },
  has_value: { args: [[strings], aString], result: "Boolean" },
  len: { args: [["String", strings]], result: "Integer" },
  lower: { args: [aString], result: "String" },
  regex_replace: { args: [aString, aString, aString], result: "String", plan: "business", rewrites: true },
  remove_bytes: { args: [aString, aString], result: "String" },
  starts_with: { args: [aString, aString], result: "Boolean", ofField: true },
  substring: { args: [aString, aNumber, aNumber], optional: 1, result: "String" },
  to_string: { args: [["Integer", "Boolean", "IP"]], result: "String" },
  upper: { args: [aString], result: "String" },
  url_decode: { args: [aString, aString], optional: 1, result: "String" },
};

/** A type, as a person reads it. */
export function typeName(type: Type): string {
  if (typeof type === "string") return type;
  if ("array" in type) return `Array<${typeName(type.array)}>`;
  return "map" in type ? `Map<${typeName(type.map)}>` : `${typeName(type.each)} each`;
}

/** Whether two types are the same. */
export function sameType(a: Type, b: Type): boolean {
  return typeName(a) === typeName(b);
}
