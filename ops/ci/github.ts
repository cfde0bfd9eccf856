/** The few calls of GitHub's REST interface that the pipeline makes. */
import { z } from "zod";
import { GitHubRefusal, Repository } from "../github/repository.ts";
import { UserError } from "../userError.ts";
import { variable } from "./variables.ts";

const author = z.looseObject({ login: z.string(), type: z.string().optional() }).nullable();
const comment = z.looseObject({
  id: z.number(),
  body: z.string().nullish(),
  /** None: of an account that is gone. */
  user: author,
  created_at: z.string(),
  updated_at: z.string(),
  html_url: z.string().optional(),
  /** The app by which it was written, also in a person's name. */
  performed_via_github_app: z.unknown().optional(),
});
const issue = z.looseObject({
  number: z.number(),
  body: z.string().nullish(),
  user: author,
  pull_request: z.unknown().optional(),
});
const branch = z.looseObject({ commit: z.looseObject({ sha: z.string() }) });
const comparison = z.looseObject({ ahead_by: z.number(), commits: z.array(z.looseObject({ sha: z.string() })).default([]) });
const pulls = z.array(z.looseObject({ number: z.number(), merged_at: z.string().nullish(), user: author }));
const commit = z.looseObject({ author: author.optional(), committer: author.optional(), parents: z.array(z.unknown()) });
const permission = z.looseObject({ permission: z.string() });
const approvals = z.array(z.looseObject({ state: z.string(), environments: z.array(z.looseObject({ name: z.string() })), user: author }));
const changedFile = z.looseObject({ filename: z.string(), previous_filename: z.string().optional() });
const runs = z.looseObject({ total_count: z.number() });

/** A comment of an issue or pull request. */
export type Comment = z.infer<typeof comment>;
/** A pull request, and who opened it. */
export interface Pull {
  readonly number: number;
  readonly author: string;
}
/** An issue. */
export type Issue = z.infer<typeof issue>;

/** Pages read at most, of a hundred entries each: more is a fault of the other side. */
const mostPages = 100;

/** Files of a pull request that GitHub lists at most. */
const mostFiles = 3000;

/** The repository of this run. Every answer is checked before it is used. */
export class GitHub {
  /** Who writes with this token; entries of anybody else are never touched. */
  readonly author: string;
  readonly #repository: Repository;

  constructor() {
    this.#repository = new Repository(variable("GITHUB_REPOSITORY"), variable("GITHUB_TOKEN"));
    this.author = process.env.SLIPWAY_COMMENT_AUTHOR ?? "github-actions[bot]";
  }

  /** All comments of an issue or pull request, every page. */
  comments(number: number): Promise<Comment[]> {
    return this.#list(`/issues/${number}/comments`, comment);
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#repository.call("POST", `/issues/${number}/comments`, { body });
  }

  async editComment(id: number, body: string): Promise<void> {
    await this.#repository.call("PATCH", `/issues/comments/${id}`, { body });
  }

  /** Open issues with a label, without pull requests. */
  async openIssues(label: string): Promise<Issue[]> {
    const found = await this.#list(`/issues?state=open&labels=${encodeURIComponent(label)}`, issue);
    return found.filter((one) => one.pull_request === undefined);
  }

  async openIssue(title: string, body: string, labels: readonly string[]): Promise<void> {
    await this.#repository.call("POST", "/issues", { title, body, labels });
  }

  async editIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<void> {
    await this.#repository.call("PATCH", `/issues/${number}`, change);
  }

  /** The commit that a branch is at. */
  async newestCommit(name: string): Promise<string> {
    return branch.parse(await this.#repository.call("GET", `/branches/${encodeURIComponent(name)}`)).commit.sha;
  }

  /** How many commits a branch has that a commit has not. */
  async commitsAfter(commit: string, name: string): Promise<number> {
    const answer = await this.#repository.call("GET", `/compare/${encodeURIComponent(commit)}...${encodeURIComponent(name)}?per_page=1`);
    return comparison.parse(answer).ahead_by;
  }

  /**
   * Paths that a pull request adds, changes, removes or renames, the old ones as well.
   * @throws UserError for one of so many that GitHub does not list them all (3,000; "List pull requests files" of its REST API)
   */
  async changedFiles(number: number): Promise<string[]> {
    const files = await this.#list(`/pulls/${number}/files`, changedFile);
    if (files.length >= mostFiles)
      throw new UserError(`#${number} changes ${mostFiles} files or more, of which GitHub lists no others. Bring it in parts.`);
    return files.flatMap(({ filename, previous_filename: before }) => (before === undefined ? [filename] : [filename, before]));
  }

  /** The pull request that brought a commit into the branch; undefined when none did. */
  async mergedPull(sha: string): Promise<Pull | undefined> {
    const found = pulls.parse(await this.#repository.call("GET", `/commits/${encodeURIComponent(sha)}/pulls`));
    const merged = found.find(({ merged_at: at }) => at != null);
    return merged && { number: merged.number, author: merged.user?.login ?? "ghost" };
  }

  /** The pull requests that brought what one commit has and another has not, of the newest 250 commits; a merge queue brings several at once. */
  async mergedPulls(before: string | undefined, sha: string): Promise<Pull[]> {
    const between = before === undefined ? [] : comparison.parse(await this.#repository.call("GET", `/compare/${before}...${sha}`)).commits;
    const commits = [...new Set([sha, ...between.map((one) => one.sha)])];
    const found: Pull[] = [];
    for (const one of commits) {
      const pull = await this.mergedPull(one);
      if (pull !== undefined && !found.some(({ number }) => number === pull.number)) found.push(pull);
    }
    return found;
  }

  /** Who wrote the commits of a pull request. Merges of the target branch are left out: whoever presses "Update branch" wrote nothing. */
  async commitAuthors(number: number): Promise<string[]> {
    const commits = await this.#list(`/pulls/${number}/commits`, commit);
    const own = commits.filter(({ parents }) => parents.length < 2);
    return [...new Set(own.flatMap(({ author: wrote, committer }) => [wrote?.login ?? [], committer?.login ?? []].flat()))];
  }

  /** Whether somebody may write to the repository; not whoever GitHub does not know. */
  async mayWrite(login: string): Promise<boolean> {
    try {
      const answer = await this.#repository.call("GET", `/collaborators/${encodeURIComponent(login)}/permission`);
      return ["admin", "write"].includes(permission.parse(answer).permission);
    } catch (error) {
      if (error instanceof GitHubRefusal && error.status === 404) return false;
      throw error;
    }
  }

  /** Who let a run go on in an environment; undefined where nobody was asked. */
  async approver(run: string, environment: string): Promise<string | undefined> {
    const found = approvals.parse(await this.#repository.call("GET", `/actions/runs/${encodeURIComponent(run)}/approvals`));
    const given = found.find(({ state, environments }) => state === "approved" && environments.some(({ name }) => name === environment));
    return given && (given.user?.login ?? "ghost");
  }

  /** How many runs of a workflow are under way. */
  async runsUnderWay(workflow: string): Promise<number> {
    const counts = ["in_progress", "queued"].map(async (status) => {
      const answer = await this.#repository.call(
        "GET",
        `/actions/workflows/${encodeURIComponent(workflow)}/runs?status=${status}&per_page=1`,
      );
      return runs.parse(answer).total_count;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async #list<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>[]> {
    const found: z.infer<Schema>[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const answer = z
        .array(schema)
        .parse(await this.#repository.call("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`));
      found.push(...answer);
      if (answer.length < 100) return found;
    }
    return found;
  }
}
