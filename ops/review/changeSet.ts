/** What an update would do, value by value, so that what is applied can be held against what was approved. */
import { hash } from "node:crypto";
import { z } from "zod";
import type { Change } from "./change.ts";
import { drawnNames, steadyText } from "./drawnNames.ts";
import { isSet, meaningText } from "./order.ts";
import { isJsonObject, isList, type Json, jsonIn, pathParts, pathText, unknownValue, type ValuePath } from "./propertyValue.ts";

/** What would be done to one resource. It is the same at every preview of the same change of the same state. */
export const plannedChange = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete", "read", "import", "same", "other"]),
  urn: z.string(),
  /** Whether this is the deletion that an update which was killed has left of a replacement. */
  left: z.literal(true).optional(),
  /** Protection, and what stays at the provider: before and after of each. */
  kept: z.array(z.boolean()),
  /** By path: a digest of the value before and after; empty where there is none, `unknown` where the update will tell. */
  values: z.record(z.string(), z.tuple([z.string(), z.string()])),
});

/** One of the format above. */
export type PlannedChange = z.infer<typeof plannedChange>;

type Values = PlannedChange["values"];

/**
 * The changes of a preview without what is another at each: what a provider draws of a name does not count, wherever
 * it stands; what the name begins with does. Order counts where a service keeps it.
 * @param made names that were drawn since for what an approved change set creates. @default none
 */
export function plannedChanges(changes: readonly Change[], made: readonly string[] = []): PlannedChange[] {
  const steady = steadyText([...made, ...drawnNames(changes)]);
  const text = (value: Json, type: string, path: ValuePath) => meaningText(JSON.parse(steady(JSON.stringify(value))) as Json, type, path);
  const digest = (value: Json | undefined, type: string, path: ValuePath) => {
    if (value === undefined) return "";
    const meaning = text(value, type, path);
    return meaning.includes(unknownValue) ? unknown : hashed(meaning, "base64url").slice(0, 16);
  };
  return changes.map((change) => {
    const { op, urn, type, before, after, differences, protect, retain, left } = change;
    const whole = leavesOf(op === "delete" ? before : after, type, []);
    const pairs =
      op === "update" || op === "replace"
        ? differences.map((one): [string, [string, string]] => {
            const path = pathParts(one.path);
            return [steady(one.path), [digest(one.before, type, path), digest(one.after, type, path)]];
          })
        : whole.map(([path, value]): [string, [string, string]] => {
            const one = digest(value, type, path);
            return [steady(pathText(path)), op === "delete" ? [one, ""] : ["", one]];
          });
    return {
      op,
      urn,
      ...(left === true ? { left } : {}),
      kept: [protect.before, protect.after, retain.before, retain.after],
      values: Object.fromEntries(pairs),
    };
  });
}

const unknown = "unknown";

/** SHA-256 of a change set, in hexadecimal digits. */
export function changeSetHash(planned: readonly PlannedChange[]): string {
  const lines = planned.map(({ op, urn, kept, values }) => JSON.stringify([op, urn, kept, Object.entries(values).sort(byPath)]));
  return hashed(lines.sort().join("\n"), "hex");
}

/** Digits of a mark: two of the changes of one stack have the same by chance once in 10^10. */
export const markDigits = 14;

/** A change set in few characters, by URN: a mark for each value of an update, of which a part may be done; one for each other change. */
export function marksOf(planned: readonly PlannedChange[]): Record<string, string[]> {
  const mark = (...told: readonly unknown[]) => hashed(JSON.stringify(told), "hex").slice(0, markDigits);
  return Object.fromEntries(
    planned.map(({ op, urn, kept, values }) => {
      const entries = Object.entries(values).sort(byPath);
      const isOne = op !== "update" || entries.length === 0;
      return [urn, isOne ? [mark(op, urn, kept, entries)] : entries.map((entry) => mark(op, urn, kept, entry))];
    }),
  );
}

/**
 * Whether everything that would happen now was approved: the same resources, operations, values before and after, or fewer of them.
 * What was known only after the update when it was approved may be anything now.
 */
export function isPartOf(now: readonly PlannedChange[], approved: readonly PlannedChange[]): boolean {
  const byUrn = new Map(approved.map((change) => [change.urn, change]));
  return now.every((change) => {
    const whole = byUrn.get(change.urn);
    if (whole?.op === "replace" && change.left === true) return true;
    return whole?.op === change.op && whole.kept.join() === change.kept.join() && holdsValues(change, whole.values);
  });
}

function holdsValues({ op, values }: PlannedChange, approved: Values): boolean {
  const open = Object.keys(approved).filter((path) => approved[path]?.[1] === unknown);
  const isOpen = (path: string) =>
    open.some((start) => path === start || (path.startsWith(start) && /^[.[]/.test(path.slice(start.length))));
  const found = Object.entries(values).every(([path, [before, after]]) => {
    const [wasBefore, wasAfter] = approved[path] ?? [];
    return (before === wasBefore && after === wasAfter) || (isOpen(path) && (wasBefore === undefined || wasBefore === before));
  });
  // A resource that is made or goes is that one with all its values; of an update a part may be done.
  return found && (op === "update" || Object.keys(approved).every((path) => isOpen(path) || path in values));
}

/** What stands at the end of each path; a set is one value, as its items have no place. */
function leavesOf(value: Json, type: string, path: ValuePath): [ValuePath, Json][] {
  const held = jsonIn(value) ?? value;
  const inner: [ValuePath, Json][] = isJsonObject(held)
    ? Object.entries(held).map(([key, one]) => [[...path, key], one])
    : isList(held) && !isSet(type, path)
      ? held.map((one, index) => [[...path, index], one])
      : [];
  return inner.length === 0 ? [[path, held]] : inner.flatMap(([below, one]) => leavesOf(one, type, below));
}

function hashed(text: string, encoding: "hex" | "base64url"): string {
  return hash("sha256", text, encoding);
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
