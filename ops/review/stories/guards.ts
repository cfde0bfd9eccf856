/** Protections, retentions and settings of what holds data: stronger or weaker. */
import type { Change } from "../change.ts";
import type { Difference } from "../difference.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { type Json, shortText, unknownValue } from "../propertyValue.ts";
import { type Story, type StoryContext, storyOf, type Teller, type Told } from "../story.ts";
import { type Guard, guards, type Property, settings } from "./guardedProperties.ts";
import { madeWithout } from "./madeWithout.ts";

/** Differences of guards and settings, and protections of the engine itself. */
export const guardStories: Teller = {
  name: "guards",
  judges: [...guards, ...settings],
  tell: (change, context) => [
    isUnprotected(change) && protectionStory(change, context),
    change.retain.before &&
      !change.retain.after &&
      storyOf(change, "guard", phrase`${code(change.name)} no longer stays at the provider when it leaves the stack`),
    ...(change.op === "create" ? madeWithout(change) : []),
    ...(change.op === "update" || change.op === "replace"
      ? change.differences.flatMap((difference) => propertyStories(change, difference))
      : []),
  ],
};

function isUnprotected({ protect }: Change): boolean {
  return protect.before && !protect.after;
}

/** A stack that is protected no more is told once, as its resources have it from the stack. */
function protectionStory(change: Change, { changes, config }: StoryContext): Story {
  const detail = "a later update may delete and replace what holds data";
  const all = changes.filter(isUnprotected).length;
  // Of a stack with a base its own file alone may not have it.
  if (all === 1 || String(config.protect ?? "base" in config) === "true")
    return storyOf(change, "guard", phrase`protection of ${code(change.name)} is removed`, [detail]);
  return storyOf(change, "guard", phrase`protection of the whole stack is off, ${all} resources`, [detail]);
}

function propertyStories(change: Change, { path, before, after, note }: Difference): Told[] {
  if (note === "order") return [];
  const matches = (one: Property) => one.type.test(change.type) && one.path.test(path);
  const guard = guards.find(matches);
  if (guard !== undefined) {
    const risk = after === unknownValue ? "unjudged" : isWeaker(guard.weaker, before, after) ? (guard.risk ?? "guard") : "routine";
    return [storyOf(change, risk, sides(guard, change, before, after))];
  }
  const setting = settings.find(matches);
  if (setting === undefined) return [];
  const [risk, detail] = setting.follows(change, before, after);
  return [storyOf(change, risk, sides(setting, change, before, after), [detail])];
}

function isWeaker(weaker: Guard["weaker"], before: Json | undefined, after: Json | undefined): boolean {
  switch (weaker) {
    case "lower":
      return after === undefined || Number(after) < Number(before ?? 0);
    case "higher":
      return after === undefined || Number(after) > Number(before ?? 0);
    case "false":
      return after !== true;
    case "true":
      return after === true;
    case "other":
      return before !== undefined;
  }
}

function sides({ noun, unit }: Property, { name }: Change, before: Json | undefined, after: Json | undefined): Phrase {
  return [...phrase`${noun} of ${code(name)} ${word(before)} → ${word(after)}`, unit === undefined ? "" : ` ${unit}`];
}

function word(value: Json | undefined): string {
  return value === true ? "on" : value === false ? "off" : shortText(value);
}
