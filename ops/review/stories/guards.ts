/** Protections, retentions and settings of what holds data: stronger or weaker. */
import type { Change } from "../change.ts";
import type { Difference } from "../difference.ts";
import { code, type Phrase, phrase } from "../phrase.ts";
import { type Json, shortText } from "../propertyValue.ts";
import type { Risk } from "../risk.ts";
import { shortType, storyOf, type Teller, type Told } from "../story.ts";

interface Property {
  /** Types that have it. */
  readonly type: RegExp;
  readonly path: RegExp;
  readonly noun: string;
  readonly unit?: string;
}

/** A property that protects something. */
interface Guard extends Property {
  /** Which way is worse. */
  readonly weaker: "lower" | "false" | "true" | "other";
  /** @default guard */
  readonly risk?: Risk;
}

const guards: readonly Guard[] = [
  { type: /^aws:(rds|docdb)\//, path: /^backupRetentionPeriod$/, noun: "backup retention", unit: "days", weaker: "lower" },
  { type: /^aws:elasticache\//, path: /^snapshotRetentionLimit$/, noun: "snapshot retention", unit: "days", weaker: "lower" },
  { type: /^aws:backup\/plan:/, path: /\.deleteAfter$/, noun: "backup retention", unit: "days", weaker: "lower" },
  { type: /^aws:backup\/vaultLock/, path: /RetentionDays$/, noun: "a bound of the vault's lock", unit: "days", weaker: "other" },
  { type: /^aws:cloudwatch\/logGroup:/, path: /^retentionInDays$/, noun: "log retention", unit: "days", weaker: "lower" },
  { type: /^aws:/, path: /^(deletionProtection(Enabled)?|enableDeletionProtection)$/, noun: "deletion protection", weaker: "false" },
  { type: /^aws:/, path: /^skipFinalSnapshot$/, noun: "skipping the final snapshot", weaker: "true" },
  { type: /^aws:/, path: /^(forceDestroy|forceDelete)$/, noun: "deletion with all contents", weaker: "true" },
  {
    type: /^aws:(kms|secretsmanager)\//,
    path: /^(deletionWindowInDays|recoveryWindowInDays)$/,
    noun: "time to undo a deletion",
    unit: "days",
    weaker: "lower",
  },
  { type: /^aws:kms\//, path: /^enableKeyRotation$/, noun: "rotation of the key", weaker: "false" },
  {
    type: /^aws:/,
    path: /^(storageEncrypted|atRestEncryptionEnabled|transitEncryptionEnabled|encrypted)$/,
    noun: "encryption",
    weaker: "false",
  },
  {
    type: /^aws:(rds|docdb|elasticache)\//,
    path: /^(multiAz|multiAzEnabled|automaticFailoverEnabled)$/,
    noun: "a stand-by in another zone",
    weaker: "false",
  },
  { type: /^aws:s3\/bucketVersioning/, path: /\.status$/, noun: "versions of objects", weaker: "other" },
  { type: /^aws:s3\/bucketObjectLock/, path: /\.days$/, noun: "write-once time", unit: "days", weaker: "lower" },
  { type: /^aws:s3\/bucketLifecycle/, path: /\.days$/, noun: "time until objects are moved or deleted", unit: "days", weaker: "lower" },
  { type: /^aws:dynamodb\/table:/, path: /^pointInTimeRecovery\.enabled$/, noun: "point-in-time recovery", weaker: "false" },
  {
    type: /^aws:s3\/bucketPublicAccessBlock/,
    path: /^(block|ignore|restrict)/,
    noun: "refusal of public access",
    weaker: "false",
    risk: "exposure",
  },
  { type: /^aws:(rds|docdb)\//, path: /^publiclyAccessible$/, noun: "an address on the internet", weaker: "true", risk: "exposure" },
  { type: /^aws:lb\/loadBalancer:/, path: /^internal$/, noun: "being internal", weaker: "false", risk: "exposure" },
];

/** Settings of data stores that reviewers look for, and what follows from them. */
const settings: readonly (Property & { readonly detail: string })[] = [
  { type: /^aws:(rds|docdb)\//, path: /^instanceClass$/, noun: "instance class", detail: "restarts, in its maintenance window" },
  { type: /^aws:elasticache\//, path: /^nodeType$/, noun: "node type", detail: "restarts node by node, in its maintenance window" },
  { type: /^aws:rds\//, path: /^allocatedStorage$/, noun: "storage", unit: "GiB", detail: "grows in place, and never shrinks" },
  {
    type: /^aws:(rds|docdb|elasticache)\//,
    path: /^engineVersion$/,
    noun: "engine version",
    detail: "restarts; a major version does not go back",
  },
];

/** Differences of guards and settings, and protections of the engine itself. */
export const guardStories: Teller = (change) => [
  change.protect.before &&
    !change.protect.after &&
    storyOf(
      change,
      "guard",
      phrase`protection of ${code(change.name)} is removed`,
      phrase`${shortType(change.type)}; a later update may delete it`,
    ),
  change.retain.before &&
    !change.retain.after &&
    storyOf(change, "guard", phrase`${code(change.name)} no longer stays at the provider when it leaves the stack`),
  ...(change.op === "update" ? change.differences.flatMap((difference) => propertyStories(change, difference)) : []),
];

function propertyStories(change: Change, { path, before, after, note }: Difference): Told[] {
  if (note === "order") return [];
  const matches = (one: Property) => one.type.test(change.type) && one.path.test(path);
  const guard = guards.find(matches);
  if (guard !== undefined) {
    const weaker = isWeaker(guard.weaker, before, after);
    const risk = weaker ? (guard.risk ?? "guard") : "routine";
    return [storyOf(change, risk, sides(guard, change, before, after), weaker ? phrase`⚠ guard weakened` : undefined)];
  }
  const setting = settings.find(matches);
  return setting === undefined ? [] : [storyOf(change, "routine", sides(setting, change, before, after), [setting.detail])];
}

function isWeaker(weaker: Guard["weaker"], before: Json | undefined, after: Json | undefined): boolean {
  switch (weaker) {
    case "lower":
      return after === undefined || Number(after) < Number(before ?? 0);
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
