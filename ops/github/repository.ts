/** The one door to GitHub's REST interface: a repository, asked with a token. */
import { UserError } from "../userError.ts";

/** One repository. */
export class Repository {
  /** `owner/name`. */
  readonly name: string;
  readonly #base: string;
  readonly #token: string;
  readonly #signal: () => AbortSignal;

  /**
   * @param name `owner/name`
   * @param signal ends a call. @default each after 30 seconds
   */
  constructor(name: string, token: string, signal = () => AbortSignal.timeout(30_000)) {
    this.#signal = signal;
    this.name = name;
    this.#base = `${process.env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${name}`;
    this.#token = token;
  }

  /**
   * Asks one thing.
   * @param path below the repository: `/branches/main`
   * @returns what GitHub answered, to be checked before it is used
   * @throws GitHubRefusal when it says no, UserError when it does not answer in time
   */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.#token}`,
        "x-github-api-version": "2022-11-28",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: this.#signal(),
    }).catch((error: unknown) => {
      const { message, cause } = error instanceof Error ? error : new Error(String(error));
      throw new UserError(`GitHub did not answer to ${method} ${path.split("?")[0]}: ${cause instanceof Error ? cause.message : message}`);
    });
    if (!response.ok) throw new GitHubRefusal(response, `${method} ${path.split("?")[0]}`, await response.text());
    return response.json();
  }
}

/** GitHub said no: what it was asked, what it said, and what helps. */
export class GitHubRefusal extends UserError {
  readonly status: number;

  constructor({ status, headers }: Response, asked: string, said: string) {
    super([`GitHub answered ${status} to ${asked}: ${said.slice(0, 300)}`, ...mendOf(status, headers, said)].join("\n"));
    this.status = status;
  }
}

/** "Rate limits for the REST API" and "Troubleshooting the REST API" of GitHub's documentation say how each is told. */
function mendOf(status: number, headers: Headers, said: string): string[] {
  const limited = status === 429 || headers.get("x-ratelimit-remaining") === "0" || /rate limit/i.test(said);
  if ((status === 403 || status === 429) && limited) {
    const [seconds, reset] = [Number(headers.get("retry-after") ?? 0), Number(headers.get("x-ratelimit-reset") ?? 0)];
    const at = seconds > 0 ? Date.now() + seconds * 1000 : reset * 1000;
    return [`It answers again${at > 0 ? ` from ${new Date(at).toISOString().slice(0, 16)} UTC` : " in a while"}. Run this job again then.`];
  }
  const needed = headers.get("x-accepted-github-permissions");
  if (status === 403)
    return [`The job's token lacks a right${needed === null ? "" : ` (${needed})`}: see "permissions" of the job in .github/workflows.`];
  return [];
}
