/** What is backed up, how often, and where copies lie. */
import { code, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, type JsonObject, shortText } from "../propertyValue.ts";
import { differenceAt, storyOf, type Teller } from "../story.ts";

/** Rules of a backup plan that go, lose their copies or run at other times. */
export const backupStories: Teller = {
  name: "backups",
  judges: [{ type: /^aws:backup\/plan:/, path: /^rules(\.[^.]+(\.(copyActions|schedule|lifecycle)\b.*)?)?$/ }],
  tell: (change) => {
    if (change.type !== "aws:backup/plan:Plan" || change.op !== "update") return [];
    const [before, after] = [byName(change.before), byName(change.after)];
    const copies = ({ copyActions }: JsonObject) => (isList(copyActions) ? copyActions.length : 0);
    return [...before].flatMap(([name, was]) => {
      const is = after.get(name);
      const whose = phrase`backups of ${code(change.name)} by rule ${code(name)}`;
      if (is === undefined) return [storyOf(change, "guard", [...whose, " are made no more"])];
      const schedule = differenceAt(change, `rules.${name}.schedule`);
      return [
        copies(is) < copies(was) &&
          storyOf(change, "guard", [...whose, copies(is) === 0 ? " have no copy elsewhere" : " have fewer copies"]),
        schedule &&
          storyOf(
            change,
            "guard",
            [...whose, " are made at other times"],
            phrase`${shortText(schedule.before)} → ${shortText(schedule.after)}`,
          ),
      ];
    });
  },
};

function byName({ rules }: JsonObject): ReadonlyMap<string, JsonObject> {
  const list: readonly Json[] = isList(rules) ? rules : [];
  return new Map(list.filter(isJsonObject).map((rule) => [shortText(rule.ruleName), rule]));
}
