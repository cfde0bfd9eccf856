/**
 * Whose a field is on the API server. Slipway's applies own what they said; what differs from that was written by another field
 * manager, and an apply that is not forced may not take it back.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts, and seen on API server 1.36.3 with pulumi-kubernetes 4.25.0.
 */
import { equal, isObject, type Properties, type Value, valueAt } from "../../provider/values.ts";
import { CloudError, type Rule } from "../catalogue.ts";

/** Lists that have one owner as a whole (`x-kubernetes-list-type: atomic`), among those whose elements have names. */
const atomic = new Set(["rules", "parentRefs", "hostnames"]);

/** Refuses an update of a field that somebody else has written since, unless the provider forces its patches. */
export const fieldOwners: Rule["enforce"] = (object, { before, place }) => {
  if (before?.applied === undefined || place.forces || valueAt(object, ["metadata", "annotations", "pulumi.com/patchForce"]) === "true")
    return;
  const taken = conflicts(before.applied, before.properties, object, "");
  if (taken.length === 0) return;
  const count = `${taken.length} conflict${taken.length === 1 ? "" : "s"}`;
  throw new CloudError("Conflict", `Apply failed with ${count}: conflict with "another manager": ${taken.join(", ")}`);
};

/** Paths at which what was applied has become something else, and something else again is wanted. */
function conflicts(applied: Value | undefined, live: Value | undefined, wanted: Value | undefined, path: string): string[] {
  if (applied === undefined || wanted === undefined || equal(applied, live) || equal(wanted, live)) return [];
  const sides = [applied, live, wanted].map((side) => members(side, path));
  const [ours, theirs, next] = sides;
  if (ours === undefined || theirs === undefined || next === undefined) return [path];
  return Object.keys(ours).flatMap((key) => conflicts(ours[key], theirs[key], next[key], `${path}.${key}`));
}

/** What can be owned one by one: properties, and the elements of a list by their names. */
function members(value: Value | undefined, path: string): Properties | undefined {
  if (isObject(value)) return value;
  if (!Array.isArray(value) || atomic.has(path.split(".").at(-1) ?? "")) return undefined;
  const named = value.map((item) => [isObject(item) ? item.name : undefined, item] as const);
  return named.every(([name]) => typeof name === "string") ? Object.fromEntries(named) : undefined;
}
