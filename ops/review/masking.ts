/** What must not be read in a comment: GitHub masks its logs, and never a comment. */
import { createHmac } from "node:crypto";
import { isJsonObject, isList, type Json, jsonIn, secretValue } from "./propertyValue.ts";

/** Both sides of a change without secrets, and every plain text that turned out to be one. */
export interface MaskedPair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Texts that stood in clear where the other side has a secret. */
  readonly revealed: readonly string[];
}

/** What stands in place of a secret text. */
export type Mask = (secret: string) => string;

/** Shows nothing of it: for people. */
export const hidden: Mask = () => secretValue;

/** Tells two apart without telling either, for whoever has not the key. */
export function keyed(key: string): Mask {
  return (secret) => `[secret:${createHmac("sha256", key).update(secret).digest("base64url").slice(0, 16)}]`;
}

/** Properties that hold a credential whether or not anybody marked them. */
const credentialKey =
  /^(?:.*(?:password|passphrase)|masterUserPassword|authToken|apiKey|apiToken|accessKey|privateKey|secretKey|secretString|secretBinary|clientSecret|credential|integrationKey|routingKey|webhookUrl|token)$/i;

/**
 * Masks where either side is secret: the engine masks each side alone, so that a property which becomes a secret shows
 * what it was.
 */
export function maskPair(before: Json | undefined, after: Json | undefined, mask = hidden): MaskedPair {
  const revealed: string[] = [];
  const hide = (value: Json | undefined): Json | undefined => {
    if (value === undefined) return undefined;
    revealed.push(...textsIn(value));
    return value === secretValue ? value : mask(JSON.stringify(value));
  };
  const visit = (a: Json | undefined, b: Json | undefined, key: string): [Json | undefined, Json | undefined] => {
    if (a === secretValue || b === secretValue) return [hide(a), hide(b)];
    if (credentialKey.test(key) && (typeof a === "string" || typeof b === "string")) return [hide(a), hide(b)];
    if (isList(a) || isList(b)) {
      const [left, right] = [isList(a) ? a : [], isList(b) ? b : []];
      const pairs = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => visit(left[index], right[index], ""));
      return [
        isList(a) ? pairs.slice(0, a.length).map(([one]) => one ?? null) : a,
        isList(b) ? pairs.slice(0, b.length).map(([, one]) => one ?? null) : b,
      ];
    }
    if (isJsonObject(a) || isJsonObject(b)) {
      const [left, right] = [isJsonObject(a) ? a : {}, isJsonObject(b) ? b : {}];
      const pairs = [...new Set([...Object.keys(left), ...Object.keys(right)])].map(
        (name) => [name, visit(left[name], right[name], name)] as const,
      );
      const side = (which: 0 | 1) =>
        Object.fromEntries(pairs.flatMap(([name, pair]) => (pair[which] === undefined ? [] : [[name, pair[which]]])));
      return [isJsonObject(a) ? side(0) : a, isJsonObject(b) ? side(1) : b];
    }
    return [a, b];
  };
  const [left, right] = visit(before, after, "");
  return { before: left, after: right, revealed: revealed.filter((text) => text !== secretValue && text.length >= 6) };
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value, ...(jsonIn(value) === undefined ? [] : textsIn(jsonIn(value) ?? null))];
  if (isList(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Credentials that can be told by their look, wherever they stand. */
const looksSecret: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{40,}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}\b/g,
  /\bsk-(?:proj-)?[A-Za-z0-9_-]{20,}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b/g,
  /\bhttps:\/\/hooks\.slack\.com\/services\/[\w/]+/g,
  /\bhttps:\/\/events(?:\.eu)?\.pagerduty\.com\/integration\/[0-9a-zA-Z]+/g,
  /(?<=:\/\/[^\s:/@]{1,100}:)[^\s@/]+(?=@)/g,
];

/** A text without what looks like a credential, and without the given plain texts. */
export function scrub(text: string, revealed: readonly string[] = [], mask = hidden): string {
  let clean = text;
  for (const secret of [...revealed].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, mask);
  for (const pattern of looksSecret) clean = clean.replace(pattern, mask);
  return clean;
}

/** A value with every text in it scrubbed, keys included. */
export function scrubValue(value: Json, revealed: readonly string[], mask = hidden): Json {
  if (typeof value === "string") return scrub(value, revealed, mask);
  if (isList(value)) return value.map((item) => scrubValue(item, revealed, mask));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [scrub(key, revealed, mask), scrubValue(inner, revealed, mask)]));
}
