/** What holds nothing of its own: replicas, logs, and the keys of such. */
import type { Change } from "../change.ts";
import { code, phrase } from "../phrase.ts";
import { shortText } from "../propertyValue.ts";
import { type Story, type StoryContext, storyOf, type Teller } from "../story.ts";

/** Deletions and replacements that lose what can be had elsewhere, or what was written about others. */
export const derivedStories: Teller = {
  name: "derived",
  judges: [],
  tell: (change, context) =>
    (change.op === "delete" || change.op === "replace") && isDerived(change, context) ? [derivedStory(change)] : [],
};

/** Whether it was copied from elsewhere, was written about others, or is a key of such alone. */
export function isDerived(change: Change, { changes }: StoryContext): boolean {
  if (change.type === "aws:cloudwatch/logGroup:LogGroup") return true;
  if (isReplica(change) || isDrawn(change)) return true;
  if (change.type !== "aws:kms/key:Key") return false;
  const users = changes.filter(({ urn, sources }) => urn !== change.urn && Object.values(sources).flat().includes(change.name));
  const holders = users.filter(({ op, type }) => op === "delete" && !/^aws:(kms|iam)\//.test(type));
  return holders.length > 0 && holders.every((one) => passing.test(one.type) || isReplica(one));
}

/** What is encrypted under a key and is no data: logs, settings of functions, events under way. */
const passing =
  /^aws:(cloudwatch\/logGroup|lambda\/function|sqs\/queue|sns\/topic|ssm\/parameter|rds\/instanceAutomatedBackupsReplication):/;

function isReplica({ type, before }: Change): boolean {
  return type === "aws:rds/instance:Instance" && before.replicateSourceDb !== undefined;
}

/** A password that nobody chose: whoever needs it gets another. */
function isDrawn({ type, urn }: Change): boolean {
  return type === "aws:secretsmanager/secret:Secret" && urn.includes("slipway:credential:Credential$");
}

function derivedStory(change: Change): Story {
  const name = code(change.name);
  const made = change.op === "replace" ? phrase`, and is made anew` : [];
  if (isDrawn(change))
    return storyOf(change, "guard", [...phrase`drawn password ${name} goes`, ...made], phrase`who logs in by it needs another first`);
  if (isReplica(change)) {
    const source = code(shortText(change.before.replicateSourceDb, 80));
    return storyOf(
      change,
      "outage",
      [...phrase`read replica ${name} goes`, ...made],
      phrase`who reads from it is refused; its data is that of ${source}`,
    );
  }
  if (change.type === "aws:kms/key:Key")
    return storyOf(change, "guard", [...phrase`kms.key ${name} goes`, ...made], phrase`only logs and copies are encrypted with it`);
  const { retentionInDays } = change.before;
  const kept = retentionInDays === undefined ? "all of them" : `those of ${shortText(retentionInDays)} days`;
  return storyOf(change, "guard", [...phrase`logs of ${name} are deleted`, ...made], [kept]);
}
