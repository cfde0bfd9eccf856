/** Changes of a preview that had a word in place of each secret, in the state as in the config: whether one differs it cannot tell. */
import type { Change } from "./change.ts";
import { isJsonObject, isList, type Json, secretValue } from "./propertyValue.ts";

/** A change without the secrets in it that are secrets before and after; undefined when nothing else would be changed. */
export function besidesSecrets(change: Change): Change | undefined {
  const { op, before, after, secrets, protect, retain } = change;
  if ((op !== "update" && op !== "replace") || !holdsSecret(before) || !holdsSecret(after)) return change;
  const differences = change.differences.filter(({ path }) => !secrets.includes(path));
  const asBefore = protect.before === protect.after && retain.before === retain.after;
  if (differences.length === 0 && asBefore) return undefined;
  const { order, ...rest } = change;
  const replaced = op === "replace" && differences.some(({ replaces }) => replaces);
  return replaced ? { ...change, differences } : { ...rest, op: "update", differences };
}

function holdsSecret(value: Json): boolean {
  if (isList(value)) return value.some(holdsSecret);
  return value === secretValue || (isJsonObject(value) && Object.values(value).some(holdsSecret));
}
