/** The review of one stack: a digest in, everything that a comment says out. Pure, and safe to keep as an artefact. */
import { z } from "zod";
import { causesIn } from "./causes.ts";
import { type Change, changesIn, type Operation } from "./change.ts";
import { changeSetHash, marksOf, plannedChange, plannedChanges } from "./changeSet.ts";
import { type ConfigLine, lineText } from "./configLines.ts";
import { type Digest, readDigest } from "./digest.ts";
import { keyed, scrub } from "./masking.ts";
import { type JsonObject, shortText } from "./propertyValue.ts";
import { type Dependency, reached, reachOf } from "./reach.ts";
import { readErrors } from "./refusals.ts";
import { gravest, type Risk, risks } from "./risk.ts";
import { alarmStories } from "./stories/alarms.ts";
import { backupStories } from "./stories/backups.ts";
import { derivedStories } from "./stories/derived.ts";
import { featureStories } from "./stories/features.ts";
import { firewallStories } from "./stories/firewall.ts";
import { guardStories } from "./stories/guards.ts";
import { identityStories } from "./stories/identity.ts";
import { laterStories } from "./stories/later.ts";
import { lossStories } from "./stories/losses.ts";
import { nameStories } from "./stories/names.ts";
import { networkStories } from "./stories/network.ts";
import { missedStories, otherStories } from "./stories/others.ts";
import { parameterStories } from "./stories/parameters.ts";
import { capacityStories, taskStories } from "./stories/tasks.ts";
import { returnsTraffic, trafficStories } from "./stories/traffic.ts";
import { configAreas, type Story, shortType, type Teller } from "./story.ts";
import { joined } from "./together.ts";
import { besidesSecrets } from "./unreadSecrets.ts";

const part = z.union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ code: z.string() })]);
const risk = z.enum(risks);

const story = z.strictObject({
  risk,
  headline: z.array(part),
  detail: z.array(part).optional(),
  urns: z.array(z.string()),
  /** Indexes in `lines` of those that may have caused it; none where the target branch's files were not read. */
  lines: z.array(z.number()).optional(),
});

const reportedChange = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete", "read", "import", "same", "other"]),
  type: z.string(),
  name: z.string(),
  risk,
  stateful: z.boolean(),
  order: z.enum(["createFirst", "deleteFirst"]).optional(),
  differences: z.array(
    z.strictObject({
      path: z.string(),
      before: z.string(),
      after: z.string(),
      replaces: z.boolean(),
      note: z.enum(["order", "sequence", "secret", "unknown"]).optional(),
    }),
  ),
});

/** Format of the artefact that one job hands to the next. */
export const stackReviewSchema = z.strictObject({
  format: z.literal(1),
  project: z.string(),
  stack: z.string(),
  /** When it was previewed, ISO 8601 in UTC; empty where that is not known. */
  at: z.string(),
  /** Version of the engine that previewed it; empty where that is not known. */
  engine: z.string(),
  status: z.enum(["changes", "same", "failed"]),
  counts: z.record(z.string(), z.number()),
  unchanged: z.number(),
  risk,
  /** Hash of the change set, `changeSetHash`. */
  hash: z.string(),
  /** As a preview that reads no secret has it: what a pull request's reviewers read is held against this. */
  asRead: z.strictObject({ hash: z.string(), marks: z.record(z.string(), z.array(z.string())) }),
  /** It does nothing but give traffic of candidates back to the live colours. */
  returnsTraffic: z.boolean(),
  /** The change set itself, in digests. */
  plan: z.array(plannedChange),
  stories: z.array(story),
  changes: z.array(reportedChange),
  /** Lines of the config that differ from the target branch's; undefined where nobody read those. */
  lines: z.array(z.strictObject({ at: z.string(), text: z.string() })).optional(),
  /** The gravest changes that something depends on; none where the state was not read. */
  reach: z.array(reached).optional(),
  errors: z.array(z.string()),
  /** What the engine's protections refuse. */
  refused: z.array(z.strictObject({ type: z.string(), name: z.string() })).optional(),
});

/** The review of one stack; values in it are masked, texts in it are not yet escaped. */
export type StackReview = z.infer<typeof stackReviewSchema>;
/** One resource of a review, with its properties in words. */
export type ReportedChange = StackReview["changes"][number];

/** What the engine answered to `preview --json`. */
export interface PreviewOutput {
  readonly project: string;
  readonly stack: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its version. @default not known */
  readonly engine?: string;
  /** ISO 8601 in UTC. @default not known */
  readonly at?: string;
  /** Config that the program ran with, by area, bases merged in. @default what the digest has: the stack's own file alone */
  readonly config?: JsonObject;
  /** Lines of the config that differ from the target branch's. @default not known */
  readonly lines?: readonly ConfigLine[];
  /** Resources of the state, with what each depends on. @default not known */
  readonly resources?: readonly Dependency[];
  /** A word stood in place of each secret, so that nothing is told of them. @default false */
  readonly secretsUnread?: boolean;
  /** Under which the change set's hash holds masked values; empty: it does not. @default empty */
  readonly maskKey?: string;
  /** Names that were drawn since for what the approved change set creates. @default none */
  readonly made?: readonly string[];
}

/** The gravest first: a change that two tellers speak of is told by both. */
export const tellers: readonly Teller[] = [
  lossStories,
  identityStories,
  networkStories,
  guardStories,
  backupStories,
  parameterStories,
  alarmStories,
  nameStories,
  firewallStories,
  trafficStories,
  taskStories,
  capacityStories,
  derivedStories,
];

/** Reviews what a preview printed. Never throws: a preview that failed is a review that says so. @param asked who tells. @default all */
export function reviewPreview(output: PreviewOutput, asked: readonly Teller[] = tellers): StackReview {
  const digest = readDigest(output.stdout);
  const { changes: read, revealed, unchanged } = changesIn(digest ?? {});
  const besides = (found: readonly Change[]) =>
    output.secretsUnread === true ? found.flatMap((change) => besidesSecrets(change) ?? []) : found;
  const all = besides(read);
  // The engine takes independent steps in any order; a review has one.
  const changes = all.filter(({ custom }) => custom).sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name));
  const { maskKey = "", made } = output;
  const compared = maskKey === "" ? all : besides(changesIn(digest ?? {}, keyed(maskKey)).changes);
  const plan = plannedChanges(
    compared.filter(({ custom }) => custom),
    made,
  );
  const unread = read.flatMap((change) => (change.custom ? (besidesSecrets(change) ?? []) : []));
  const asRead = output.secretsUnread === true ? plan : plannedChanges(unread, made);
  const context = { changes, config: output.config ?? configAreas(digest?.config ?? {}) };
  const whole = featureStories(changes);
  const parts = new Set(whole.flatMap(({ urns }) => urns));
  const told = asked
    .flatMap((teller) => changes.filter(({ urn }) => !parts.has(urn)).flatMap((change) => teller.tell(change, context)))
    .filter((one) => one !== undefined && one !== false);
  const known = new Set([...parts, ...told.flatMap(({ urns }) => urns)]);
  const judges = asked.flatMap((teller) => teller.judges);
  // What is missed from now on leads its class.
  const stories = [
    ...whole,
    ...missedStories(changes, known),
    ...told,
    ...otherStories(changes, known, judges),
    ...laterStories(digest ?? {}, context.config),
  ];
  const lines = joined(inOrder(stories));
  const riskOf = (urn: string) => gravest(stories.filter(({ urns }) => urns.includes(urn)).map((one) => one.risk));
  const causes = causesIn(changes, output.lines ?? []);
  const reach = reachOf(changes, riskOf, output.resources ?? []);
  const { refused, errors: said } = readErrors(errorsOf(output, digest));
  const errors = said.map((message) => scrub(cut(message), revealed));
  return {
    format: 1,
    project: output.project,
    stack: output.stack,
    at: output.at ?? "",
    engine: output.engine ?? "",
    status: errors.length + refused.length > 0 ? "failed" : changes.length > 0 ? "changes" : "same",
    counts: countsOf(changes),
    unchanged: unchanged + read.length - all.length,
    risk: gravest(stories.map((one) => one.risk)),
    hash: changeSetHash(plan),
    plan,
    asRead: { hash: changeSetHash(asRead), marks: marksOf(asRead) },
    returnsTraffic: returnsTraffic(changes, context),
    stories: lines.map((one) => ({
      risk: one.risk,
      headline: [...one.headline],
      ...(one.detail === undefined ? {} : { detail: [...one.detail] }),
      urns: [...one.urns],
      ...(output.lines === undefined ? {} : { lines: causes(one.urns) }),
    })),
    changes: changes.map((change) => reported(change, riskOf(change.urn))).sort(graverFirst),
    ...(output.lines === undefined ? {} : { lines: output.lines.map((line) => ({ at: line.at, text: lineText(line) })) }),
    ...(reach.length === 0 ? {} : { reach }),
    errors,
    ...(refused.length === 0 ? {} : { refused: [...refused] }),
  };
}

function inOrder(stories: readonly Story[]): Story[] {
  return risks.flatMap((one) => stories.filter((candidate) => candidate.risk === one));
}

function graverFirst(a: ReportedChange, b: ReportedChange): number {
  return risks.indexOf(a.risk) - risks.indexOf(b.risk) || compare(a.type, b.type) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function countsOf(changes: readonly Change[]): Record<string, number> {
  const counted: readonly Operation[] = ["create", "update", "replace", "delete", "import", "read", "other", "same"];
  return Object.fromEntries(
    counted.map((op) => [op, changes.filter((change) => change.op === op).length] as const).filter(([, count]) => count > 0),
  );
}

function reported(change: Change, riskOf: Risk): ReportedChange {
  const { op, type, name, stateful, order, differences } = change;
  return {
    op,
    type: shortType(type),
    name,
    risk: riskOf,
    stateful,
    ...(order === undefined ? {} : { order }),
    differences: [...differences]
      .sort((a, b) => compare(a.path, b.path))
      .map(({ path, before, after, replaces, note }) => ({
        path,
        before: shortText(before),
        after: shortText(after),
        replaces,
        ...(note === undefined ? {} : { note }),
      })),
  };
}

const longestError = 2000;

function errorsOf({ exitCode, stdout, stderr }: PreviewOutput, digest: Digest | undefined): string[] {
  const told = (digest?.diagnostics ?? []).filter(({ severity }) => severity === "error").map(({ message }) => message.trim());
  if (exitCode === 0 && digest !== undefined && told.length === 0) return [];
  const said = [...new Set(told.filter((message) => message !== ""))];
  const rest = [stderr.trim(), digest === undefined ? stdout.trim() : ""].filter((text) => text !== "").join("\n");
  const errors = said.length > 0 ? said : [rest === "" ? `the engine ended with exit code ${exitCode} and said nothing` : rest];
  return errors;
}

function cut(message: string): string {
  return message.length <= longestError ? message : `… ${message.slice(-longestError)}`;
}
