/** The change that makes config say what is live after a rollback: as lines for a person, or as a pull request. Traffic is back by then. */
import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import { quote, setCommandOf } from "../../infra/config/problem.ts";
import type { Colour } from "../../infra/config/release.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";
import { withValue } from "../../infra/config/yamlEdit.ts";
import { checkoutOf } from "../github/checkout.ts";
import { type Proposal, propose } from "../github/proposal.ts";
import { Repository } from "../github/repository.ts";
import { cloudOf } from "../project/stack.ts";
import type { RollbackFlags } from "./order.ts";
import { acknowledgeCommand, rollbackCommand } from "./rollback.ts";
import type { StackAtHand } from "./stackAtHand.ts";

/** One value that config has otherwise. */
interface Change {
  readonly path: readonly string[];
  /** Undefined where it cannot be read. */
  readonly is?: string | number;
  readonly becomes: string | number;
}

/** How long GitHub may take in all, milliseconds. */
const longest = 20_000;

/** What makes config say that a colour has everything; no line where it says so. Never throws for GitHub. */
export async function followingLines(stack: StackAtHand, flags: RollbackFlags, receiver: Colour): Promise<string[]> {
  const changes = changesOf(stack, flags, receiver);
  if (changes.length === 0) return flags.openPullRequest === true ? ["Config says what is live: there is no pull request to open."] : [];
  if (flags.openPullRequest !== true) return [...byHand(stack, flags, changes, receiver), ...offer(flags)];
  try {
    return [await opened(stack, flags, changes, receiver)];
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return [`No pull request was opened: ${reason}.`, ...byHand(stack, flags, changes, receiver)];
  }
}

function changesOf({ config, toldBy }: StackAtHand, { service }: RollbackFlags, receiver: Colour): Change[] {
  const release = config.services[service]?.release;
  if (release === undefined) return [];
  const path = (key: string) => ["services", service, "release", key];
  if (toldBy === "the state")
    return [
      { path: path("live"), becomes: receiver },
      { path: path("candidateWeight"), becomes: 0 },
    ];
  return [
    ...(release.live === receiver ? [] : [{ path: path("live"), is: release.live, becomes: receiver }]),
    ...(release.candidateWeight === 0 ? [] : [{ path: path("candidateWeight"), is: release.candidateWeight, becomes: 0 }]),
  ];
}

function titleOf({ service, reason }: RollbackFlags, receiver: Colour): string {
  return `${service}: back to ${receiver}: ${reason}`;
}

function byHand({ name, file, toldBy }: StackAtHand, flags: RollbackFlags, changes: readonly Change[], receiver: Colour): string[] {
  const { service, stack = name } = flags;
  const branch = `rollback-${service}`;
  const message = quote(titleOf(flags, receiver));
  return [
    toldBy === "config"
      ? "Config still says otherwise, and its next update is refused. What makes it follow:"
      : "What config says cannot be read. Once it can be, this makes it follow:",
    ...changes.flatMap((change) => diffLines(file, change)),
    ...changes.map(({ path, becomes }) => `  ${setCommandOf(stack, path, becomes)}`),
    "As a pull request, after that:",
    `  git switch -c ${branch} && git commit -m ${message} -- ${basename(file)} && git push -u origin ${branch}`,
  ];
}

function offer(flags: RollbackFlags): string[] {
  const again = rollbackCommand(flags.service, flags, flags.reason, "--open-pull-request");
  return ["Or by GitHub, with GITHUB_TOKEN set; traffic stays as it is:", `  ${again}`];
}

/** The line as it is and as it becomes; none where another file, or none, says the value. */
function diffLines(file: string, { path, is, becomes }: Change): string[] {
  if (is === undefined) return [];
  const origin = readStackFile(file).originOf(path);
  if (origin === undefined || origin.path.length < path.length || origin.file !== basename(file)) return [];
  const line = readFileSync(file, "utf8").split("\n")[origin.line - 1] ?? "";
  return [`  ${origin.file}:${origin.line}`, `  - ${line.trim()}`, `  + ${line.trim().replace(new RegExp(`${is}\\b`), String(becomes))}`];
}

async function opened(stack: StackAtHand, flags: RollbackFlags, changes: readonly Change[], receiver: Colour): Promise<string> {
  const { project, name, file } = stack;
  const { repository, token, prefix } = await checkoutOf(project.folder);
  const deadline = AbortSignal.timeout(longest);
  const proposal: Proposal = {
    file: `${prefix}${relative(project.folder, file)}`,
    edit: (text) =>
      changes.reduce(
        (edited, { path: [area, ...below], becomes }) => withValue(edited, ["config", `${keyPrefix}${area}`, ...below], becomes),
        text,
      ),
    branch: `rollback-${name}-${flags.service}`,
    title: titleOf(flags, receiver),
    body: bodyOf(stack, flags, receiver),
  };
  const proposed = await propose(new Repository(repository, token, () => deadline), proposal);
  switch (proposed.outcome) {
    case "there":
      return `Config follows already: ${proposed.branch} of ${repository} says so. This checkout is behind: git pull`;
    case "open":
      return `Config follows by the pull request ${proposed.address}, which is open already.`;
    case "opened":
      return `Config follows by the pull request ${proposed.address}, once it is merged.`;
  }
}

/** Of the pull request. */
function bodyOf(stack: StackAtHand, flags: RollbackFlags, receiver: Colour): string {
  const { service, reason } = flags;
  return [
    `All traffic of \`${service}\` in \`${stack.name}\` (${cloudOf(stack)}) was given to ${receiver} by \`slipway rollback now\`: ${reason}`,
    "This makes config say what is live. Until then each update of the stack is refused.",
    `No update gives the digest that was rolled back traffic before somebody has looked: \`${acknowledgeCommand(service, flags)}\``,
  ].join("\n\n");
}
