/** A change of one file, proposed as a pull request to the repository's default branch. Repeated, it goes on where the run before ended. */
import { z } from "zod";
import { UserError } from "../userError.ts";
import { GitHubRefusal, type Repository } from "./repository.ts";

/** What is proposed. */
export interface Proposal {
  /** Path in the repository. */
  readonly file: string;
  /** The file's new text. */
  readonly edit: (text: string) => string;
  /** Beginning of the branch's name; the commit that it begins at is put behind it. */
  readonly branch: string;
  /** Of the pull request and of its one commit. */
  readonly title: string;
  readonly body: string;
}

/** What came of it. `open`: an earlier run opened it; `there`: the default branch says so already. */
export type Proposed =
  | { readonly outcome: "opened" | "open"; readonly address: string }
  | { readonly outcome: "there"; readonly branch: string };

const repositoryAnswer = z.looseObject({ default_branch: z.string() });
const branchAnswer = z.looseObject({ commit: z.looseObject({ sha: z.string() }) });
const fileAnswer = z.looseObject({ type: z.literal("file"), encoding: z.literal("base64"), content: z.string(), sha: z.string() });
const pullAnswer = z.looseObject({ html_url: z.string() });

/** @throws UserError when GitHub refuses, or the file is not there */
export async function propose(repository: Repository, { file, edit, branch: start, title, body }: Proposal): Promise<Proposed> {
  const { default_branch: base } = repositoryAnswer.parse(await repository.call("GET", ""));
  const { sha: head } = branchAnswer.parse(await repository.call("GET", `/branches/${encodeURIComponent(base)}`)).commit;
  const path = `/contents/${file.split("/").map(encodeURIComponent).join("/")}`;
  const found = fileAnswer.parse(await repository.call("GET", `${path}?ref=${head}`));
  const text = Buffer.from(found.content, "base64").toString("utf8");
  const wanted = edit(text);
  if (wanted === text) return { outcome: "there", branch: base };
  const branch = `${start}-${head.slice(0, 10)}`;
  // The branch's name holds the commit that it begins at: one that is there is this very change's, from a run that did not end.
  await unless(422, repository.call("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: head }));
  const content = Buffer.from(wanted).toString("base64");
  await unless(409, repository.call("PUT", path, { branch, message: title, content, sha: found.sha }));
  const opened = await unless(422, repository.call("POST", "/pulls", { title, body, head: branch, base }));
  if (opened !== undefined) return { outcome: "opened", address: pullAnswer.parse(opened).html_url };
  const [owner = ""] = repository.name.split("/");
  const [open] = z
    .array(pullAnswer)
    .parse(await repository.call("GET", `/pulls?state=open&head=${encodeURIComponent(`${owner}:${branch}`)}`));
  if (open === undefined) throw new UserError(`GitHub takes no pull request of the branch ${branch}, and none is open`);
  return { outcome: "open", address: open.html_url };
}

/** What was answered; undefined where it is there already, as this status tells. */
async function unless(status: number, answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === status) return undefined;
    throw error;
  }
}
