/** What stands at a path through lists and objects, as references name it. */
import { isObject, type Properties, type Value } from "../provider/values.ts";

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
