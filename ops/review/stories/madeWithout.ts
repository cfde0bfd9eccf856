/** What is made without a guard that it could have. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, pathText, type ValuePath } from "../propertyValue.ts";
import { type Story, shortType, storyOf } from "../story.ts";
import { guards } from "./guardedProperties.ts";
import { classOf } from "./propertyClasses.ts";

/** Guards that the inputs say in so many words to be off, none or empty. Of what they do not say the provider's default counts, which nobody sees here. */
export function madeWithout(change: Change): Story[] {
  const type = shortType(change.type);
  return Object.entries(change.after).flatMap(([key, value]) =>
    leavesOf(value, [key]).flatMap(([path, leaf]): Story[] => {
      const text = pathText(path);
      const guard = guards.find((one) => one.type.test(change.type) && one.path.test(text));
      if (guard?.weaker === "true")
        return leaf === true
          ? [storyOf(change, guard.risk ?? "guard", phrase`${type} ${code(change.name)} is new with ${guard.noun}`)]
          : [];
      const risk = guard === undefined ? classOf(type, text) : (guard.risk ?? "guard");
      // Of what no guard is known for only emptiness and a switch say that it is off.
      const says = guard === undefined ? isEmpty(leaf) || (leaf === false && /enabled?$|\benable/i.test(text)) : isOff(leaf);
      if (!says || (risk !== "guard" && risk !== "exposure" && risk !== "outage")) return [];
      const what = guard === undefined ? code(text) : guard.noun;
      return [storyOf(change, risk === "exposure" ? risk : "guard", phrase`${type} ${code(change.name)} is new without ${what}`)];
    }),
  );
}

function isOff(value: Json): boolean {
  return value === false || value === 0 || isEmpty(value);
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function leavesOf(value: Json, path: ValuePath): [ValuePath, Json][] {
  const inner: readonly [string | number, Json][] = isList(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : [];
  return inner.length === 0 ? [[path, value]] : inner.flatMap(([key, one]) => leavesOf(one, [...path, key]));
}
