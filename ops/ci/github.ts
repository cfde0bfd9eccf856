/** The few calls of GitHub's REST interface that the pipeline makes. */
import { z } from "zod";
import { UserError } from "../userError.ts";
import { variable } from "./variables.ts";

const author = z.looseObject({ login: z.string() }).nullable();
const comment = z.looseObject({ id: z.number(), body: z.string().nullish(), user: author });
const issue = z.looseObject({
  number: z.number(),
  body: z.string().nullish(),
  user: author,
  pull_request: z.unknown().optional(),
});
const branch = z.looseObject({ commit: z.looseObject({ sha: z.string() }) });
const comparison = z.looseObject({ ahead_by: z.number() });
const pulls = z.array(z.looseObject({ number: z.number(), merged_at: z.string().nullish() }));
const runs = z.looseObject({ total_count: z.number() });

/** A comment of an issue or pull request. */
export type Comment = z.infer<typeof comment>;
/** An issue. */
export type Issue = z.infer<typeof issue>;

/** Pages read at most, of a hundred entries each: more is a fault of the other side. */
const mostPages = 100;

/** The repository of this run. Every answer is checked before it is used. */
export class GitHub {
  /** Who writes with this token; entries of anybody else are never touched. */
  readonly author: string;
  readonly #base: string;
  readonly #token: string;

  constructor() {
    this.#base = `${process.env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${variable("GITHUB_REPOSITORY")}`;
    this.#token = variable("GITHUB_TOKEN");
    this.author = process.env.SLIPWAY_COMMENT_AUTHOR ?? "github-actions[bot]";
  }

  /** All comments of an issue or pull request, every page. */
  comments(number: number): Promise<Comment[]> {
    return this.#list(`/issues/${number}/comments`, comment);
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#call("POST", `/issues/${number}/comments`, { body });
  }

  async editComment(id: number, body: string): Promise<void> {
    await this.#call("PATCH", `/issues/comments/${id}`, { body });
  }

  /** Open issues with a label, without pull requests. */
  async openIssues(label: string): Promise<Issue[]> {
    const found = await this.#list(`/issues?state=open&labels=${encodeURIComponent(label)}`, issue);
    return found.filter((one) => one.pull_request === undefined);
  }

  async openIssue(title: string, body: string, labels: readonly string[]): Promise<void> {
    await this.#call("POST", "/issues", { title, body, labels });
  }

  async editIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<void> {
    await this.#call("PATCH", `/issues/${number}`, change);
  }

  /** The commit that a branch is at. */
  async newestCommit(name: string): Promise<string> {
    return branch.parse(await this.#call("GET", `/branches/${encodeURIComponent(name)}`)).commit.sha;
  }

  /** How many commits a branch has that a commit has not. */
  async commitsAfter(commit: string, name: string): Promise<number> {
    const answer = await this.#call("GET", `/compare/${encodeURIComponent(commit)}...${encodeURIComponent(name)}?per_page=1`);
    return comparison.parse(answer).ahead_by;
  }

  /** Number of the pull request that brought a commit into the branch; undefined when none did. */
  async mergedPull(commit: string): Promise<number | undefined> {
    const found = pulls.parse(await this.#call("GET", `/commits/${encodeURIComponent(commit)}/pulls`));
    return found.find(({ merged_at: merged }) => merged != null)?.number;
  }

  /** How many runs of a workflow are under way. */
  async runsUnderWay(workflow: string): Promise<number> {
    const counts = ["in_progress", "queued"].map(async (status) => {
      const answer = await this.#call("GET", `/actions/workflows/${encodeURIComponent(workflow)}/runs?status=${status}&per_page=1`);
      return runs.parse(answer).total_count;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async #list<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>[]> {
    const found: z.infer<Schema>[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const answer = z.array(schema).parse(await this.#call("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`));
      found.push(...answer);
      if (answer.length < 100) return found;
    }
    return found;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.#token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      const { message, cause } = error instanceof Error ? error : new Error(String(error));
      throw new UserError(`GitHub did not answer to ${method} ${path.split("?")[0]}: ${cause instanceof Error ? cause.message : message}`);
    });
    if (!response.ok)
      throw new UserError(
        `GitHub answered ${response.status} to ${method} ${path.split("?")[0]}: ${(await response.text()).slice(0, 300)}`,
      );
    return response.json();
  }
}
