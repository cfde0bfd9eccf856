/** What a rollback by a person's word tells: what moved, what is left to do, and the change that makes config follow. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import pc from "picocolors";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { quote, setCommandOf } from "../../infra/config/problem.ts";
import { type Colour, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import { sourcedConfig } from "../config/show.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack } from "../project/stack.ts";
import type { Moved, RollbackFlags, RollbackResult } from "./order.ts";
import { acknowledgeCommand, rollbackCommand } from "./rollback.ts";

/** Prints it. @returns 0 when traffic is back and everything is written */
export function report(stack: NamedStack, flags: RollbackFlags, result: RollbackResult): number {
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

function moved(stack: NamedStack, flags: RollbackFlags, result: Moved): number {
  const { outcome, receiver, before, digest, at, passed, unwritten } = result;
  const { service } = flags;
  const candidate = otherColour(receiver);
  const at0 = `${words(weightsOf(receiver, 0))}, read back at ${at.toISOString().slice(11, 19)} UTC from ${cloudOf(stack)}`;
  const what = outcome === "moved" ? `rolled back from ${words(before)} to ${at0}` : `is at ${at0}: nothing had to move`;
  const lines = [pc.green(`${service} ${what}.`), ...passed.map((line) => `Passed over: ${line}`)];
  if (unwritten.length > 0) {
    const left = unwritten.map((line) => pc.red(`Not written yet: ${line}`));
    return tell([...lines, ...left, "The same command writes what is left."], rollbackCommand(service, flags, flags.reason), 1);
  }
  const barred = digest === undefined ? candidate : `${candidate} (${digest})`;
  lines.push(
    `No update gives ${barred} traffic until somebody has looked: ${acknowledgeCommand(service, flags)}`,
    ...(digest === undefined ? [] : ["Or until that colour has another image."]),
    "State and outputs of the stack follow with its next update, which reads what is live.",
  );
  return tell([...lines, ...configChange(stack, flags, receiver)], slipwayCommand("status", flags), 0);
}

/** What makes config say what is live; nothing where it does. */
function configChange({ name, file, config }: NamedStack, { service, reason, stack = name }: RollbackFlags, receiver: Colour): string[] {
  const release = config.services[service]?.release;
  if (release === undefined) return [];
  const changes = [
    ...(release.live === receiver ? [] : [{ key: "live", is: release.live, becomes: receiver }]),
    ...(release.candidateWeight === 0 ? [] : [{ key: "candidateWeight", is: release.candidateWeight, becomes: 0 }]),
  ];
  if (changes.length === 0) return [];
  const commands = changes.map(({ key, becomes }) => setCommandOf(stack, ["services", service, "release", key], becomes));
  const branch = `rollback-${service}`;
  const message = quote(`${service}: back to ${receiver}: ${reason}`);
  return [
    "Config still says otherwise, and its next update is refused. What makes it follow:",
    ...changes.flatMap(({ key, is, becomes }) => diffLines(file, ["services", service, "release", key], String(is), String(becomes))),
    ...commands.map((command) => `  ${command}`),
    "As a pull request, after that:",
    `  git switch -c ${branch} && git commit -m ${message} -- ${basename(file)} && git push -u origin ${branch}`,
  ];
}

/** The line as it is and as it becomes; none where another file, or none, says the value. */
function diffLines(file: string, path: readonly string[], is: string, becomes: string): string[] {
  const origin = sourcedConfig(file).source.originOf(path);
  if (origin === undefined || origin.path.length < path.length || origin.file !== basename(file)) return [];
  const line = readFileSync(file, "utf8").split("\n")[origin.line - 1] ?? "";
  return [`  ${origin.file}:${origin.line}`, `  - ${line.trim()}`, `  + ${line.trim().replace(new RegExp(`${is}\\b`), becomes)}`];
}
