/** One text for what an update would do, so that what is applied can be held against what was approved. */
import { createHash } from "node:crypto";
import type { Change } from "./change.ts";
import { canonicalText, isJsonObject, isList, type Json } from "./propertyValue.ts";

/**
 * SHA-256 of a change set: what happens to which resource, and every value that differs. Two previews of the same config
 * against the same state have the same hash; names that the provider draws anew at each preview do not count.
 */
export function changeSetHash(changes: readonly Change[]): string {
  const lines = changes.map((change) => {
    const { op, urn, before, after, differences, protect, retain } = change;
    const sides =
      op === "update" || op === "replace"
        ? differences.map((one) => [one.path, canonicalText(one.before), canonicalText(steady(one.after, change.name))])
        : op === "delete"
          ? [canonicalText(before)]
          : [canonicalText(steady(after, change.name))];
    return JSON.stringify([op, urn, sides, protect, retain]);
  });
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}

/** A name that ends in random characters, as the provider draws one: `use1-alb-1a2b3c4`. */
function steady(value: Json | undefined, name: string): Json | undefined {
  if (typeof value === "string")
    return value.startsWith(`${name}-`) && /^[0-9a-f]{7,8}$/.test(value.slice(name.length + 1)) ? `${name}-*` : value;
  if (isList(value)) return value.map((item) => steady(item, name) ?? null);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, steady(inner, name) ?? null]));
}
