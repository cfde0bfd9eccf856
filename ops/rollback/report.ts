/** What a rollback by a person's word tells: what moved, and what is left to do. */
import pc from "picocolors";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { type Colour, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf } from "../project/stack.ts";
import { followingLines } from "./following.ts";
import type { Moved, RollbackFlags, RollbackResult } from "./order.ts";
import { acknowledgeCommand, rollbackCommand } from "./rollback.ts";
import type { StackAtHand } from "./stackAtHand.ts";

/** Prints it: first what became of the traffic, then what config is to say. @returns 0 when traffic is back and everything is written */
export async function report(stack: StackAtHand, flags: RollbackFlags, result: RollbackResult): Promise<number> {
  switch (result.outcome) {
    case "nothing":
      return tell(nothingLines(flags, result), undefined, 1);
    case "refused": {
      const again = rollbackCommand(flags.service, flags, flags.reason, "--when-ready");
      const lines = [`${pc.red("Nothing was moved.")} ${flags.service} in ${cloudOf(stack)}: ${words(result.weights)}; ${result.reason}.`];
      const wait = flags.whenReady === true ? "Asked for again" : `Asked for with --when-ready`;
      return tell([...lines, `${wait}, tasks of ${result.receiver} are started, and traffic moves once they answer.`], again, 1);
    }
    default:
      return moved(stack, flags, result);
  }
}

function tell(lines: readonly string[], next: string | undefined, exitCode: number): number {
  for (const line of [...lines, nextLine(next)]) console.log(line);
  return exitCode;
}

function words({ blue, green }: Weights): string {
  return `blue ${blue} %, green ${green} %`;
}

function nothingLines({ service }: RollbackFlags, { receiver, record }: RollbackResult & { readonly outcome: "nothing" }): string[] {
  const before = lastFinished(record, receiver);
  return [
    `${service}: ${receiver} has everything, and no release is open: nothing to roll back. Nothing was changed.`,
    ...(before === undefined
      ? []
      : [`What served before is ${before}: to go back to it, give it to ${otherColour(receiver)} as its image, and release it.`]),
  ];
}

/** The digest that finished last and is not the one that serves. */
function lastFinished(record: ReleaseRecord | undefined, receiver: Colour): string | undefined {
  return record?.digests.findLast(({ state, digest }) => state === "finished" && digest !== record.runs[receiver])?.digest;
}

async function moved(stack: StackAtHand, flags: RollbackFlags, result: Moved): Promise<number> {
  const { outcome, receiver, before, digest, at, passed, unwritten } = result;
  const { service } = flags;
  const candidate = otherColour(receiver);
  const at0 = `${words(weightsOf(receiver, 0))}, read back at ${at.toISOString().slice(11, 19)} UTC from ${cloudOf(stack)}`;
  const what = outcome === "moved" ? `rolled back from ${words(before)} to ${at0}` : `is at ${at0}: nothing had to move`;
  const lines = [pc.green(`${service} ${what}.`), ...passed.map((line) => `Passed over: ${line}`)];
  const whole = unwritten.length === 0;
  for (const line of [...lines, ...(whole ? heldLines(flags, candidate, digest) : leftLines(unwritten))]) console.log(line);
  // A record or a latch that nobody can write is no reason to keep config from following, where somebody asks for it.
  const following = whole || flags.openPullRequest === true ? await followingLines(stack, flags, receiver) : [];
  const again = whole ? undefined : rollbackCommand(service, flags, flags.reason);
  return tell(following, again ?? slipwayCommand(stack.passed.length === 0 ? "status" : "config show", flags), whole ? 0 : 1);
}

function leftLines(unwritten: readonly string[]): string[] {
  return [...unwritten.map((line) => pc.red(`Not written yet: ${line}`)), "The same command writes what is left."];
}

/** What holds releases from now on. */
function heldLines(flags: RollbackFlags, candidate: Colour, digest: string | undefined): string[] {
  const barred = digest === undefined ? candidate : `${candidate} (${digest})`;
  return [
    `No update gives ${barred} traffic until somebody has looked: ${acknowledgeCommand(flags.service, flags)}`,
    ...(digest === undefined ? [] : ["Or until that colour has another image."]),
    "State and outputs of the stack follow with its next update, which reads what is live.",
  ];
}
