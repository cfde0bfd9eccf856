/** Names that a provider draws at random, which are others at each preview of the same change. */
import { resourceName } from "../../infra/config/resourceName.ts";
import type { Change } from "./change.ts";
import { isJsonObject, isList, type Json } from "./propertyValue.ts";

/** What stands in place of a drawn name: the resource that it was drawn for, by its URN. */
export type DrawnNames = ReadonlyMap<string, string>;

/** Names that were drawn for what these changes make. */
export function drawnNames(changes: readonly Change[]): DrawnNames {
  return new Map(
    changes.flatMap(({ op, urn, before, after }) => {
      if (op !== "create" && op !== "replace") return [];
      const known = new Set(strings(before));
      return namesOf(urn, after).filter(([text]) => !known.has(text));
    }),
  );
}

/** Names that were drawn for a resource. @param inputs as the provider checked them */
export function namesOf(urn: string, inputs: Json): [string, string][] {
  const name = resourceName(urn);
  return strings(inputs).flatMap((text): [string, string][] => (isDrawn(text, name) ? [[text, `*${urn}*`]] : []));
}

/** Puts in a text the resource's URN in place of each name that was drawn for it. */
export function steadyText(names: DrawnNames): (text: string) => string {
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
