/** What a pipeline run is told by its environment. */
import { z } from "zod";
import { appendText, jsonOf, readJson } from "../textFile.ts";
import { UserError } from "../userError.ts";

/** A variable that has to be there. @throws UserError naming it */
export function variable(name: string): string {
  const value = process.env[name] ?? "";
  if (value === "") throw new UserError(`${name} is not set. GitHub sets it in every job; elsewhere give it by hand.`, 2);
  return value;
}

const pullRequestEvent = z.looseObject({
  pull_request: z.looseObject({
    number: z.number().int().positive(),
    user: z.looseObject({ login: z.string() }).nullish(),
    head: z.looseObject({ sha: z.string() }),
    base: z.looseObject({ sha: z.string() }),
  }),
});

const eventFile = "GITHUB_EVENT_PATH names it: GitHub writes it for every run.";

/** The pull request that the run is for: who opened it, its newest commit, and the one of the target branch that this was merged into. */
export function pullRequest(): Readonly<Record<"author" | "commit" | "base", string>> & { readonly number: number } {
  const file = variable("GITHUB_EVENT_PATH");
  const { data } = pullRequestEvent.safeParse(readJson(file, eventFile));
  if (data === undefined) throw new UserError(`${file} is no event of a pull request.\n${eventFile}`, 2);
  const { number, user, head, base } = data.pull_request;
  return { number, author: user?.login ?? "ghost", commit: head.sha, base: base.sha };
}

const pushEvent = z.looseObject({ before: z.string().regex(/^(?!0+$)[0-9a-f]{40}$/) });

/** Commit that the branch was at before the push that this run is for; undefined for a run of anything else. */
export function commitBefore(): string | undefined {
  const file = process.env.GITHUB_EVENT_PATH ?? "";
  return file === "" ? undefined : pushEvent.safeParse(readJson(file, eventFile)).data?.before;
}

/** Address of this run, for people. */
export function runAddress(): string {
  return `${process.env.GITHUB_SERVER_URL ?? "https://github.com"}/${variable("GITHUB_REPOSITORY")}/actions/runs/${variable("GITHUB_RUN_ID")}`;
}

/** Shown on the run's page. A job summary takes 1 MiB; the rest stays in the artefact. */
export function summarise(text: string): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === "") return;
  appendText(file, text.length <= 250_000 ? `${text}\n` : `${text.slice(0, 250_000)}\n\n… cut; the whole is in the artefact.\n`);
}

/** A list of texts that the workflow hands to a step. @throws UserError naming the variable */
export function listIn(name: string): string[] {
  const list = z.array(z.string()).safeParse(jsonOf(process.env[name] ?? "[]", name, listVariable));
  if (!list.success) throw new UserError(`${name} is no list of texts.\n${listVariable}`, 2);
  return list.data;
}

const listVariable = "The workflow fills it in from SLIPWAY_STACKS: docs/ci.md shows how.";
