/** Lines for what no teller speaks about, as few as possible. */
import type { Change } from "../change.ts";
import type { Difference } from "../difference.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { isJsonObject, isList, type Json, pathParts, shortText } from "../propertyValue.ts";
import type { Risk } from "../risk.ts";
import { type Judged, type Story, shortType, storyOf } from "../story.ts";
import { isCarrying, isKnown, lossOf } from "./kinds.ts";
import { isRevision, why } from "./losses.ts";
import { classOf } from "./propertyClasses.ts";
import { codeList } from "./tasks.ts";

/** Properties that change nothing about what runs. */
const quiet = /^(tags|tagsAll|description|comment|alarmDescription|metadata\.(labels|annotations)(?!\["pod-security))\b/;

/** Whether the difference is one that nothing runs by. */
function isNoise({ path, note }: Difference): boolean {
  return note === "order" || quiet.test(path);
}

/**
 * Stories of what has none yet: of changes that nobody told, and of properties that nobody judged beside those that somebody told.
 * @param told URNs that somebody spoke of
 */
export function otherStories(changes: readonly Change[], told: ReadonlySet<string>, judges: readonly Judged[]): Story[] {
  const untold = changes.filter(({ urn }) => !told.has(urn));
  const is = (...ops: readonly Change["op"][]) => untold.filter(({ op }) => ops.includes(op));
  const inside = changes.flatMap((change) =>
    change.op === "update" || change.op === "replace"
      ? propertyStories(change, told.has(change.urn) ? judges : judges.filter(({ silence }) => silence))
      : [],
  );
  const spoken = new Set(inside.flatMap(({ urns }) => urns));
  const updates = is("update").filter(({ urn }) => !spoken.has(urn));
  const quietOnes = updates.filter(({ differences }) => differences.length > 0 && differences.every(isNoise));
  const replaced = changes.filter(
    (change) => change.op === "replace" && !isRevision(change) && !isCarrying(change.type) && !change.stateful,
  );
  const revised = is("replace").filter(isRevision);
  const made = [...is("create"), ...is("import")];
  const gone = is("delete").map((change) => [change, lossOf(change, changes)] as const);
  return [
    ...inside,
    ...updates.filter((change) => !quietOnes.includes(change)).map(updateStory),
    ...replaced.filter((change) => !isRecord(change)).map((change) => replacedStory(change, changes)),
    ...is("other").map((change) =>
      storyOf(change, "guard", phrase`${shortType(change.type)} ${code(change.name)}: the engine names a step that is not known here`),
    ),
    ...together(
      gone.flatMap(([change, story]) => (story === undefined ? [change] : [])),
      "unjudged",
      "go",
    ),
    ...together(
      gone.flatMap(([change, story]) => (story === "harmless" ? [change] : [])),
      "routine",
      "go",
    ),
    ...together(
      made.filter(({ type }) => !isKnown(type)),
      "unjudged",
      "are new",
    ),
    ...together(
      made.filter(({ type }) => isKnown(type)),
      "routine",
      "are new",
    ),
    ...together(revised, "routine", "get a new revision"),
    ...together(quietOnes, "noise", "change in tags, descriptions or order only"),
    ...together(is("read"), "noise", "are read"),
  ];
}

/** Stories of what goes and is missed then. @param told URNs that somebody spoke of */
export function missedStories(changes: readonly Change[], told: ReadonlySet<string>): Story[] {
  return changes
    .filter(({ op, urn }) => op === "delete" && !told.has(urn))
    .map((change) => lossOf(change, changes))
    .filter((story) => story !== undefined && story !== "harmless");
}

/** Differences that no teller judges, by class: the first of each class, and how many more. */
function propertyStories(change: Change, judges: readonly Judged[]): Story[] {
  const type = shortType(change.type);
  // What nobody set, the provider tells of itself: a version, a date.
  const isSet = (path: string) => [change.before, change.after].some((side) => String(pathParts(path)[0]) in side);
  const isJudged = (path: string) => judges.some((judged) => judged.type.test(change.type) && judged.path.test(path));
  const open = change.differences.filter((one) => !isNoise(one) && !one.replaces && isSet(one.path) && !isJudged(one.path));
  const byClass = Map.groupBy(open, ({ path }) => classOf(type, path) ?? "unjudged");
  return [...byClass].map(([risk, [first, ...more]]) => {
    const others = more.length > 0 ? phrase` and ${more.length} more` : [];
    const what = first === undefined ? [] : phrase`: ${code(first.path)}`;
    return storyOf(change, risk, [...phrase`${type} ${code(change.name)}`, ...what, ...others], first && sides(first));
  });
}

function replacedStory(change: Change, changes: readonly Change[]): Story {
  const what = phrase`${shortType(change.type)} ${code(change.name)} is replaced`;
  if (!isKnown(change.type)) return storyOf(change, "unjudged", what, orderOf(change));
  return change.order === "createFirst" || lossOf(change, changes) === "harmless"
    ? storyOf(change, "routine", what, orderOf(change) ?? why(change))
    : storyOf(change, "guard", [...what, ", the old one goes first"], why(change));
}

function isRecord({ type }: Change): boolean {
  return /:(DnsRecord|Record)$/.test(type);
}

/** An update of which everything is judged, and nothing was worth a sentence. */
function updateStory(change: Change): Story {
  const [first, ...more] = change.differences.filter((difference) => !isNoise(difference));
  const headline = phrase`${shortType(change.type)} ${code(change.name)}`;
  if (first === undefined) return storyOf(change, "unjudged", [...headline, " is updated, and the engine does not say what of it"]);
  return storyOf(
    change,
    "routine",
    [...headline, ...phrase`: ${code(first.path)}`, ...(more.length > 0 ? phrase` and ${more.length} more` : [])],
    sides(first),
  );
}

function sides({ before, after, note }: Difference): Phrase {
  if (note === "secret") return phrase`a secret value`;
  if (note === "sequence") return [...phrase`the order decides, and is `, ...codeList(labelsIn(after))];
  return phrase`${code(shortText(before, 60))} → ${code(shortText(after, 60))}`;
}

/** By what the items of a list are told apart. */
const labels = ["name", "ref", "id", "key", "pathPattern", "path"];

function labelsIn(list: Json | undefined): string[] {
  return (isList(list) ? list : []).map((item) => {
    const label = isJsonObject(item) ? labels.flatMap((key) => item[key] ?? [])[0] : undefined;
    return shortText(label ?? item, 60);
  });
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
