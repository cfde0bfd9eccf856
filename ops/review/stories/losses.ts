/** What goes or is made anew: data first, then what users hang on, then what is only missed. */
import type { Change } from "../change.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { type Story, shortType, storyOf, type Teller } from "../story.ts";
import { isDerived } from "./derived.ts";
import { isCarrying } from "./kinds.ts";

/** Replacements that are how the thing changes: another revision, another version. */
const revisions =
  /^aws:(ecs\/taskDefinition|iam\/(rolePolicyAttachment|rolePolicy|policyAttachment)|secretsmanager\/secretVersion|vpc\/securityGroup(Ingress|Egress)Rule|lambda\/permission|acm\/certificate|ec2\/routeTableAssociation)/;

/** Deletions and replacements of what holds data or carries traffic. */
export const lossStories: Teller = {
  name: "losses",
  judges: [],
  tell: (change, context) => {
    if (change.op !== "delete" && change.op !== "replace") return [];
    if (change.stateful) return isDerived(change, context) ? [] : [dataStory(change)];
    if (!isCarrying(change.type)) return [];
    if (change.op === "replace") return replacement(change);
    // What goes of these is told by what it took.
    return /:(ListenerRule|HTTPRoute)$/.test(change.type)
      ? []
      : [storyOf(change, "outage", phrase`${shortType(change.type)} ${code(change.name)} goes`)];
  },
};

function dataStory(change: Change): Story {
  const what = phrase`${shortType(change.type)} ${code(change.name)}`;
  if (change.op === "replace")
    return storyOf(change, "data-loss", [...what, " is replaced: a new one, empty; the old one is deleted"], why(change));
  const guard = change.protect.before ? phrase`the engine's protection refuses it` : phrase`nothing in the engine stops it`;
  const ends = change.type === "aws:kms/key:Key" ? " is deleted and what it encrypted is lost" : " is deleted with what it holds";
  return storyOf(change, "data-loss", [...what, ends], guard);
}

function replacement(change: Change): Story[] {
  if (isRevision(change)) return [];
  const first = change.order === "createFirst";
  return [
    storyOf(
      change,
      first ? "traffic" : "outage",
      phrase`${shortType(change.type)} ${code(change.name)} is replaced, ${first ? "the new one first" : "the old one goes first"}`,
      why(change),
    ),
  ];
}

/** What forces a replacement; undefined where the engine does not say. */
export function why({ differences }: Change): Phrase | undefined {
  const paths = differences.filter(({ replaces }) => replaces).map(({ path }) => path);
  const [first] = paths;
  if (first === undefined) return undefined;
  return phrase`because ${code(first)} cannot change in place${paths.length > 1 ? `, nor ${paths.length - 1} more` : ""}`;
}

/** Whether a replacement is only how the thing changes. */
export function isRevision({ type }: Change): boolean {
  return revisions.test(type);
}
