/** One text for what an update would do, so that what is applied can be held against what was approved. */
import { createHash } from "node:crypto";
import type { Change } from "./change.ts";
import { canonicalText, isJsonObject, isList, type Json } from "./propertyValue.ts";

/**
 * SHA-256 of a change set: what happens to which resource, and every value that differs. Two previews of the same config
 * against the same state have the same hash: names that the provider draws anew at each preview do not count, wherever they
 * stand, and the resource that has such a name counts instead.
 */
export function changeSetHash(changes: readonly Change[]): string {
  const steady = steadyTexts(changes);
  const text = (value: Json | undefined) =>
    canonicalText(value === undefined ? undefined : (JSON.parse(steady(JSON.stringify(value))) as Json));
  const lines = changes.map((change) => {
    const { op, urn, before, after, differences, protect, retain } = change;
    const sides =
      op === "update" || op === "replace"
        ? differences.map((one) => [steady(one.path), text(one.before), text(one.after)])
        : [text(op === "delete" ? before : after)];
    return JSON.stringify([op, urn, sides, protect, retain]);
  });
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}

/** Puts the resource's URN in place of each name that was drawn for it. */
function steadyTexts(changes: readonly Change[]): (text: string) => string {
  const names = new Map(
    changes.flatMap(({ op, urn, name, before, after }) => {
      if (op !== "create" && op !== "replace") return [];
      const known = new Set(strings(before));
      return strings(after).flatMap((text): [string, string][] => (isDrawn(text, name) && !known.has(text) ? [[text, `*${urn}*`]] : []));
    }),
  );
  if (names.size === 0) return (text) => text;
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map((name) => name.replaceAll(/[^\w-]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(any, (name) => names.get(name) ?? name);
}

/** A name that was cut to make room for what is drawn: a beginning and a hash, 29 characters at least (`components/physicalName.ts`). */
const cut = /^(.{22,})-[0-9a-z]{6}$/;

/** Whether it was drawn for the resource of that name: `shop-prod-use1-alb-1a2b3c4`, in lower case where that is AWS's rule. */
function isDrawn(text: string, name: string): boolean {
  const start = /^(.+)-[0-9a-f]{7,8}(\.fifo)?$/.exec(text)?.[1]?.toLowerCase();
  if (start === undefined) return false;
  const head = cut.exec(start)?.[1];
  return start === name.toLowerCase() || (head !== undefined && name.toLowerCase().startsWith(head));
}

function strings(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(strings);
  return isJsonObject(value) ? Object.values(value).flatMap(strings) : [];
}
