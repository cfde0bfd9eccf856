/** `ci drift`: what is live, what the state says and what config asks for, and one issue for each stack in which they differ. */
import { openAws } from "../aws/open.ts";
import { capturedCommand, openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { findProject } from "../project/project.ts";
import { namedStack } from "../project/stack.ts";
import { heldReserves } from "../release/reserve.ts";
import { codeSpan, escaped } from "../review/phrase.ts";
import { type OperationWords, resourceBlocks, storyLines } from "../review/stackReport.ts";
import { reviewPreview, type StackReview } from "../review/stackReview.ts";
import { commandsOn } from "../status/commands.ts";
import type { Finding } from "../status/finding.ts";
import { foreignFindings, foreignOf, foreignPatience, foreignSubjects } from "../status/foreign.ts";
import { mapped } from "../status/reading.ts";
import { UserError } from "../userError.ts";
import { GitHub, type Issue } from "./github.ts";
import { type Pending, pendingIn, withoutPending } from "./pending.ts";
import { watched, whileQuiet } from "./quiet.ts";
import { runAddress } from "./variables.ts";

/** The engine's exit code for `--expect-no-changes` when there are some; any other than 0 is a failure. */
const changesFound = 7;

/** What the two looks found. */
export interface Drift {
  readonly stack: string;
  /** What is live beside the state: hands in the console, other programs. */
  readonly live: StackReview;
  /** What config asks for beside the state: a merge that was not applied. */
  readonly config: StackReview;
  /** What no state holds, so that neither of the two looks finds it. */
  readonly foreign: readonly Finding[];
  /** What of that could not be looked at, by line. */
  readonly unread: readonly string[];
  /** What databases take up later, and what a rollout holds ready, by line: no drift. */
  readonly pending: readonly string[];
}

/** How long an update is waited for before a look, seconds: the job has half an hour for all of them. */
const updateSeconds = 300;

/**
 * Looks for drift without changing anything and without holding anybody up.
 * @returns undefined when the stack was being changed all the time
 * @throws UserError when it could not be looked for
 */
export async function lookForDrift(stack: string): Promise<Drift | undefined> {
  return whileQuiet(watched(stack), () => driftOf(stack), { seconds: updateSeconds });
}

async function driftOf(stack: string): Promise<Drift> {
  const live = await looked("what is live", stack, "refresh", ["--preview-only"]);
  const config = await looked("what config asks for", stack, "preview", []);
  const { pending, foreign, unread } = await besideThem(stack);
  return { stack, live: withoutPending(live, pending), config, foreign, unread, pending: pending.flatMap(({ lines }) => lines) };
}

/** What the two looks do not tell: what only waits, and what the state does not know. */
async function besideThem(stack: string): Promise<{ readonly pending: readonly Pending[] } & Pick<Drift, "foreign" | "unread">> {
  const named = namedStack({ stack });
  const session = openSession(named);
  try {
    const [state, aws, cluster] = [await readState(session), openAws(named), openCluster(named, () => secretKubeconfig(session))];
    const { config } = named;
    const found = await foreignOf({ stack: named, state, aws, cluster }, foreignPatience);
    // Of what is gone the first look tells.
    const records = mapped(found.records, (all) => all.filter((one) => one.state === "foreign"));
    return {
      pending: [...(await pendingIn(state, aws, config.aws.region)), ...(await heldReserves({ config, state, aws, cluster }))],
      foreign: foreignFindings({ ...found, records }, commandsOn({ stack })),
      unread: (["rules", "records", "policies"] as const).flatMap((subject) => {
        const { [subject]: read } = found;
        return read.answer === "unread" ? [`${foreignSubjects[subject]}: ${read.reason}`] : [];
      }),
    };
  } finally {
    session.close();
  }
}

async function looked(what: string, stack: string, command: "refresh" | "preview", flags: readonly string[]): Promise<StackReview> {
  const result = await capturedCommand(command, { stack }, [...flags, "--json", "--expect-no-changes"]);
  const { name: project } = findProject();
  const told = result.exitCode === changesFound;
  const review = reviewPreview({ project, stack, ...result, exitCode: told ? 0 : result.exitCode });
  if (review.status === "failed")
    throw new UserError(`Whether ${what} differs from the state of ${stack} could not be seen:\n${review.errors.join("\n")}`);
  return review;
}

/** Whether anything differs. */
export function drifted({ live, config, foreign }: Drift): boolean {
  return live.status === "changes" || config.status === "changes" || foreign.length > 0;
}

const label = "drift";
const longest = 60_000;

/** Opens the stack's issue, brings it up to date, or closes it. @returns what was done */
export async function reportDrift(drift: Drift): Promise<"opened" | "updated" | "unchanged" | "closed" | "none"> {
  const github = new GitHub();
  const marker = `<!-- slipway:drift ${JSON.stringify([findProject().name, drift.stack]).replaceAll("-", "\\u002d")} -->`;
  const own = (one: Issue) => one.user?.login === github.author && (one.body ?? "").startsWith(marker);
  const open = (await github.openIssues(label)).find(own);
  if (!drifted(drift)) {
    if (open === undefined) return "none";
    await github.comment(open.number, `Nothing differs any more: ${runAddress()}`);
    await github.editIssue(open.number, { state: "closed" });
    return "closed";
  }
  const body = `${marker}\n\n${driftText(drift)}`;
  if (open === undefined) {
    await github.openIssue(`Drift: ${drift.stack}`, body, [label]);
    return "opened";
  }
  if (open.body === body) return "unchanged";
  await github.editIssue(open.number, { body });
  return "updated";
}

/** The issue's text; without times, so that the same drift is the same text. */
export function driftText({ stack, live, config, foreign, unread, pending }: Drift): string {
  const text = [
    `What runs, what the state of \`${stack}\` says and what its config asks for are not the same. What to do: docs/runbooks/drift.md`,
    ...part("Live is not what the state says (before → live)", live, happened(stack), { delete: "gone", update: "changed" }),
    ...foreignPart(foreign),
    ...part("Config is not applied (state → config)", config),
    ...(unread.length === 0 ? [] : ["### Not looked at", unread.map((line) => `- ${escaped(line)}`).join("\n")]),
    ...(pending.length === 0 ? [] : ["### Pending, no drift", pending.map((line) => `- ${line}`).join("\n")]),
  ].join("\n\n");
  return text.length <= longest ? text : `${text.slice(0, longest)}\n\n… cut; run \`slipway review --stack ${stack}\` for the whole.`;
}

/** A look at what is live is told in the words of a preview, which a person takes for what is going to be done. */
function happened(stack: string): string[] {
  return [
    `This has happened in the cloud already. Nothing is about to be deleted: what "goes" is gone there, and the state still has it. \`npx slipway up --stack ${stack} --refresh\` makes it again and puts back what was changed, as config says.`,
  ];
}

function foreignPart(foreign: readonly Finding[]): string[] {
  if (foreign.length === 0) return [];
  const lines = foreign.map(({ what, command }) => `- **${escaped(what)}** ${codeSpan(command)}`);
  return [
    "### In the cloud and in no state",
    "Somebody made this by hand. No preview shows it, and no update takes it away: put it into the config, or take it away by its command.",
    lines.join("\n"),
  ];
}

function part(heading: string, review: StackReview, intro: readonly string[] = [], words: OperationWords = {}): string[] {
  if (review.status !== "changes") return [];
  const lines = (pieces: readonly { readonly text: string }[]) => pieces.map(({ text }) => text).join("\n");
  return [
    `### ${heading}`,
    ...intro,
    lines(storyLines(review)),
    "<details><summary>Property by property</summary>",
    lines(resourceBlocks(review, words)),
    "</details>",
  ];
}
