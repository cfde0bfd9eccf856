/** Names that a provider draws at random, which are others at each preview of the same change. */
import { resourceName } from "../../infra/config/resourceName.ts";
import type { Change } from "./change.ts";
import { isJsonObject, isList, type Json } from "./propertyValue.ts";

/** Names that were drawn for what these changes make. */
export function drawnNames(changes: readonly Change[]): string[] {
  return changes.flatMap(({ op, urn, before, after }) => {
    if (op !== "create" && op !== "replace") return [];
    const known = new Set(strings(before));
    return namesOf(urn, after).filter((text) => !known.has(text));
  });
}

/** Names that were drawn for a resource of this URN. @param inputs as the provider checked them */
export function namesOf(urn: string, inputs: Json): string[] {
  const name = resourceName(urn);
  return strings(inputs).filter((text) => isDrawn(text, name));
}

/** Leaves out of a text what was drawn of each name: what it begins with says which resource is meant, whoever else holds it. */
export function steadyText(names: readonly string[]): (text: string) => string {
  if (names.length === 0) return (text) => text;
  const longestFirst = [...new Set(names)].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map((name) => name.replaceAll(/[^\w-]/g, "\\$&")).join("|"), "g");
  return (text) => text.replace(any, (name) => `*${drawn.exec(name)?.[1]}*`);
}

/** What a name begins with, and what is drawn. */
const drawn = /^(.+)-[0-9a-f]{7,8}(\.fifo)?$/;

/** A name that was cut to make room for what is drawn: a beginning and a hash, 29 characters at least (`components/physicalName.ts`). */
const cut = /^(.{22,})-[0-9a-z]{6}$/;

/** Whether it was drawn for the resource of that name: `shop-prod-use1-alb-1a2b3c4`, in lower case where that is AWS's rule. */
function isDrawn(text: string, name: string): boolean {
  const start = drawn.exec(text)?.[1]?.toLowerCase();
  if (start === undefined) return false;
  const head = cut.exec(start)?.[1];
  return start === name.toLowerCase() || (head !== undefined && name.toLowerCase().startsWith(head));
}

function strings(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(strings);
  return isJsonObject(value) ? Object.values(value).flatMap(strings) : [];
}
