/**
 * Which line of the config caused a change, as far as names and values tell. A line's own element (`services.api`) stands in the names of its
 * resources, and its value in what they get; where these leave more than one line, all of them are named. Pure.
 */
import type { Change } from "./change.ts";
import type { ConfigLine } from "./configLines.ts";
import { isJsonObject, isList, type Json } from "./propertyValue.ts";

/** Indexes of the lines that may have caused a change: one that did, or several of which at least one did. */
export function causesOf(change: Change, lines: readonly ConfigLine[]): readonly number[] {
  const all = lines.map((line, index) => ({ line, index }));
  if (all.length < 2) return all.map(({ index }) => index);
  const named = all.filter(({ line }) => isNamed(change, line));
  const valued = all.filter(({ line }) => hasValue(change, line));
  const sure = named.filter((one) => valued.includes(one));
  const possible = all.filter((one) => named.includes(one) || valued.includes(one));
  const found = [sure, possible].find((some) => some.length > 0) ?? all;
  return found.map(({ index }) => index);
}

/** The same for several resources together, in the order of the lines. */
export function causesIn(changes: readonly Change[], lines: readonly ConfigLine[]): (urns: readonly string[]) => number[] {
  const byUrn = new Map(changes.map((change) => [change.urn, causesOf(change, lines)]));
  return (urns) => [...new Set(urns.flatMap((urn) => byUrn.get(urn) ?? []))].sort((a, b) => a - b);
}

/** One of the line's names is a part of the resource's: `api` of `coinestate-prod-use1-api-green`. */
function isNamed({ name }: Change, { names }: ConfigLine): boolean {
  const whole = parts(name);
  return names.some((one) => whole.includes(parts(one)));
}

const parts = (name: string) => `-${name.replaceAll(/[^A-Za-z0-9]+/g, "-")}-`.toLowerCase();

/** The line's new value is one that a property gets, or its old one is one that a property loses. */
function hasValue({ differences, op }: Change, { before, after }: ConfigLine): boolean {
  const gets = op === "delete" ? [] : scalarsIn(after);
  const loses = op === "create" ? [] : scalarsIn(before);
  return differences.some(({ before: was, after: becomes }) => {
    const [old, next] = [scalarsIn(was), scalarsIn(becomes)];
    const isNew = gets.some((value) => next.includes(value) && !old.includes(value));
    return isNew || loses.some((value) => old.includes(value) && !next.includes(value));
  });
}

/** Texts of all scalars that tell something: not yes, no, or nothing. */
function scalarsIn(value: unknown): string[] {
  if (isList(value as Json)) return (value as readonly unknown[]).flatMap(scalarsIn);
  if (isJsonObject(value as Json)) return Object.values(value as object).flatMap(scalarsIn);
  return typeof value === "number" || (typeof value === "string" && value !== "") ? [String(value)] : [];
}
