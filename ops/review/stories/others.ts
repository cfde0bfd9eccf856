/** Lines for what no teller speaks about, as few as possible. */
import type { Change } from "../change.ts";
import type { Difference } from "../difference.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { shortText } from "../propertyValue.ts";
import type { Risk } from "../risk.ts";
import { type Story, shortType, storyOf } from "../story.ts";
import { isRevision } from "./losses.ts";

/** Properties that change nothing about what runs. */
const quiet = /^(tags|tagsAll|description|comment|alarmDescription|metadata\.(labels|annotations))\b/;

/** Whether the difference is one that nothing runs by. */
function isNoise({ path, note }: Difference): boolean {
  return note === "order" || quiet.test(path);
}

/** Stories of changes that have none yet: creations, deletions and quiet updates are notified together. */
export function otherStories(untold: readonly Change[]): Story[] {
  const is = (...ops: readonly Change["op"][]) => untold.filter(({ op }) => ops.includes(op));
  const updates = is("update");
  const quietOnes = updates.filter(({ differences }) => differences.length > 0 && differences.every(isNoise));
  const revised = is("replace").filter(isRevision);
  return [
    ...updates.filter((change) => !quietOnes.includes(change)).map(updateStory),
    ...is("replace")
      .filter((change) => !revised.includes(change))
      .map((change) => storyOf(change, "routine", phrase`${shortType(change.type)} ${code(change.name)} is replaced`, orderOf(change))),
    ...is("other").map((change) =>
      storyOf(change, "guard", phrase`${shortType(change.type)} ${code(change.name)}: the engine names a step that is not known here`),
    ),
    ...together(is("delete"), "routine", "go"),
    ...together([...is("create"), ...is("import")], "routine", "are new"),
    ...together(revised, "routine", "get a new revision"),
    ...together(quietOnes, "noise", "change in tags, descriptions or order only"),
    ...together(is("read"), "noise", "are read"),
  ];
}

function updateStory(change: Change): Story {
  const telling = change.differences.filter((difference) => !isNoise(difference));
  const [first] = telling;
  const headline = phrase`${shortType(change.type)} ${code(change.name)}`;
  if (first === undefined) return storyOf(change, "routine", [...headline, " is updated"]);
  const more = telling.length > 1 ? phrase` and ${telling.length - 1} more` : [];
  return storyOf(change, "routine", [...headline, ...phrase`: ${code(first.path)}`, ...more], sides(first));
}

function sides({ before, after, note }: Difference): Phrase {
  if (note === "secret") return phrase`a secret value`;
  if (note === "sequence") return phrase`the order decides, and is another`;
  return phrase`${code(shortText(before, 60))} → ${code(shortText(after, 60))}`;
}

function orderOf({ order }: Change): Phrase | undefined {
  return order === undefined ? undefined : order === "createFirst" ? phrase`the new one first` : phrase`the old one goes first`;
}

function together(changes: readonly Change[], risk: Risk, verb: string): Story[] {
  if (changes.length === 0) return [];
  const types = [...Map.groupBy(changes, ({ type }) => shortType(type))].sort(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  );
  const shown = types.slice(0, 6).flatMap(([type, some], index) => [index === 0 ? "" : ", ", `${some.length} `, code(type)]);
  const rest = types.length > 6 ? [` and ${types.length - 6} more types`] : [];
  const [only] = changes;
  const headline =
    changes.length === 1 && only !== undefined
      ? phrase`${shortType(only.type)} ${code(only.name)} ${singular(verb)}`
      : phrase`${changes.length} resources ${verb}`;
  return [{ risk, headline, ...(changes.length === 1 ? {} : { detail: [...shown, ...rest] }), urns: changes.map(({ urn }) => urn) }];
}

function singular(verb: string): string {
  const [first = "", ...rest] = verb.split(" ");
  const one = { go: "goes", are: "is", get: "gets", change: "changes" }[first] ?? first;
  return [one, ...rest].join(" ");
}
