/** `slipway rollback acknowledge`: the word of a person that releases may go on, in the latch and in the release record. */
import { acknowledgedLatch, latchCause, latchName } from "../../infra/config/latch.ts";
import { setCommandOf } from "../../infra/config/problem.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState, type State } from "../engine/state.ts";
import { nextLine } from "../project/nextCommand.ts";
import { type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import { barredIn } from "../release/barredDigests.ts";
import { type RecordPlace, readReleaseRecord, recordPlaceIn, writeReleaseRecord } from "../release/recordTable.ts";
import { ringingRollbackAlarms } from "../release/rollbackAlarms.ts";
import { UserError } from "../userError.ts";
import { readLatch, writeLatch } from "./latches.ts";
import { acknowledgeCommand, latchRegions, requireReason, requireService, stateOf } from "./rollback.ts";

/** Tries of writing a record: each other writer costs one. */
const tries = 5;

/**
 * Clears the latch of a service, and opens the digests that its release record bars. Repeated, it does what is left.
 * @throws UserError when the stack has no such service, or the record could not be written
 */
export async function acknowledgeRollback(service: string, flags: StackFlags & { readonly reason?: string }): Promise<void> {
  const stack = operatedStack(flags);
  const { config } = stack;
  const aws = openAws(stack);
  requireService(stack, service);
  if (flags.reason !== undefined) requireReason(flags.reason);
  const { arn: by } = await aws.identity();
  const session = openSession(stack);
  const state = await readState(session).finally(() => session.close());
  const weight = config.services[service]?.release.candidateWeight ?? 0;
  const follow = setCommandOf(String(flags.stack), ["services", service, "release", "candidateWeight"], 0);
  await refuseRinging(stack, state, aws, { service, weight, follow });
  const done: string[] = [];
  for (const region of latchRegions(config)) {
    const what = await clearedLatch(aws, { region, name: latchName(config, service) }, by);
    if (what !== undefined) done.push(`${what} in ${region}`);
    const at = recordPlaceIn(config, state, region, service);
    if (at === undefined) continue;
    const moment = { now: aws.now(), retainOldMinutes: config.rollout.retainOldMinutes };
    const opened = await openDigests(aws, at, { by, reason: flags.reason ?? what ?? "acknowledged" }, moment);
    if ("refused" in opened)
      throw new UserError(
        `The release record of ${service} in ${region} still bars its digest: ${opened.refused}. Repeat: ${acknowledgeCommand(service, flags)}`,
      );
    done.push(...opened.digests.map((digest) => `${digest} in ${region}`));
  }
  for (const one of done) console.log(`Acknowledged by ${by}: ${one} of ${aws.cloud}.`);
  if (done.length === 0)
    console.log(`${service} has nothing to acknowledge in ${aws.cloud}: no latch, and its release record bars no digest.`);
  if (done.length > 0 && weight > 0)
    console.log(`Config still says ${weight} %: the next update gives the candidate that at once. To begin again from nothing: ${follow}`);
  console.log(nextLine(done.length > 0 && weight > 0 ? follow : undefined));
}

/**
 * What rings already rolls nothing back: without the latch nothing would keep plain \`pulumi\` from giving the candidate what config says.
 * @throws UserError where an alarm rings and config gives the candidate traffic
 */
async function refuseRinging(
  { config }: NamedStack,
  state: State,
  aws: Aws,
  { service, weight, follow }: { readonly service: string; readonly weight: number; readonly follow: string },
): Promise<void> {
  const where = { config, state, region: config.aws.region, service };
  const ringing = await ringingRollbackAlarms(where, aws).catch((error: unknown): readonly string[] => {
    if (!(error instanceof UserError)) throw error;
    console.log(`Nobody can tell whether an alarm of ${service} rings: ${error.message}`);
    return [];
  });
  if (ringing.length === 0) return;
  const words = `${ringing.join(" and ")} ${ringing.length === 1 ? "rings" : "ring"}`;
  if (weight === 0) return console.log(`${words} still: no update by slipway gives the candidate traffic while that is so.`);
  throw new UserError(
    [
      `${words}, and config gives the candidate of ${service} ${weight} %: nothing would roll that back. Nothing was acknowledged.`,
      "Acknowledge when the alarm is OK, or when config gives it nothing.",
      nextLine(follow),
    ].join("\n"),
  );
}

/** @returns what was acknowledged; undefined where nothing was set */
async function clearedLatch(aws: Aws, place: Parameters<typeof readLatch>[1], by: string): Promise<string | undefined> {
  const state = stateOf(await readLatch(aws, place));
  if (state === "absent" || state === "clear") return undefined;
  const cleared = state === "unreadable" ? JSON.stringify({ state: "clear", acknowledgedBy: by }) : acknowledgedLatch(state, by, aws.now());
  await writeLatch(aws, place, cleared);
  return state === "unreadable" ? "a latch that could not be read" : `${latchCause(state)}, ${state.at}`;
}

/**
 * Opens what a record bars of the digests that a colour runs: each gets traffic again, as one that has never been proven.
 * @returns the digests that were barred until now
 */
export async function openDigests(
  aws: Aws,
  at: RecordPlace,
  { by, reason }: { readonly by: string; readonly reason: string },
  moment: { readonly now: Date; readonly retainOldMinutes: number },
): Promise<{ readonly digests: readonly string[] } | { readonly refused: string }> {
  let refused = "";
  for (let attempt = 0; attempt < tries; attempt++) {
    const read = await readReleaseRecord(aws, at);
    if (read.answer === "unread") return { refused: read.reason };
    if (read.answer === "absent") return { digests: [] };
    const digests = barredIn(read.record).map(({ digest }) => digest);
    const happenings = digests.map((digest) => ({ kind: "acknowledged" as const, by, digest, reason }));
    const written = await writeReleaseRecord(aws, at, read.record, happenings, read.record.live, moment);
    if (written.outcome === "changed" || written.outcome === "unchanged") return { digests };
    refused = written.reason;
    if (written.outcome !== "conflict") break;
  }
  return { refused };
}
