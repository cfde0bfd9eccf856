/** How live objects hold on to each other: what a property must point at, and what may not be deleted while pointed at. */
import { isObject, type Properties, type Value } from "../provider/values.ts";

/** A property that names another live object. */
export interface Reference {
  /** Property path; `[]` goes over the elements of a list, for example `actions[].forward.targetGroups[].arn`. */
  readonly from: string;
  /** Type token that it names. */
  readonly to: string;
  /** Output of the other object that is compared. @default `id` */
  readonly by?: string;
  /** The other object may be deleted while this one exists. @default false */
  readonly loose?: true;
}

/** What the cloud says about one type. `{…}` holes name properties; `{value}` is the reference, `{holder}` the object that holds on. */
export interface Refusals {
  /** When a reference names an object that does not exist. */
  readonly absent: string;
  /** When a deletion is refused because another object points here. */
  readonly inUse?: string;
}

/** All strings at a path such as `a[].b`. */
export function valuesAt(bag: Properties, path: string): string[] {
  let values: Value[] = [bag];
  for (const part of path.split(".")) {
    const list = part.endsWith("[]");
    const key = list ? part.slice(0, -2) : part;
    values = values.flatMap((value) => {
      const next = isObject(value) ? value[key] : undefined;
      if (next === undefined || next === null) return [];
      return list && Array.isArray(next) ? next : [next];
    });
  }
  return values.filter((value) => typeof value === "string");
}
