/** The repository that a folder is a checkout of, and the token to ask it with. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../userError.ts";

/** Where a folder is on GitHub. */
export interface Checkout {
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** The folder's own path in the repository with a slash at its end; empty for the top. */
  readonly prefix: string;
}

const run = promisify(execFile);

/** How long git may take, milliseconds: it reads two files. */
const longest = 5_000;

/** The host whose interface is asked without `GITHUB_API_URL`. */
const publicHost = "github.com";

/**
 * Finds it: `GITHUB_REPOSITORY`, as GitHub's own jobs have it, else git's remote `origin`; the token is `GITHUB_TOKEN`, else `GH_TOKEN`.
 * @throws UserError with one sentence on what is missing
 */
export async function checkoutOf(folder: string): Promise<Checkout> {
  const token = process.env.GITHUB_TOKEN || process.env.GH_TOKEN;
  if (!token) throw new UserError("GITHUB_TOKEN is not set, nor GH_TOKEN");
  const prefix = await git(folder, ["rev-parse", "--show-prefix"], `${folder} is in no checkout that git knows`);
  const given = process.env.GITHUB_REPOSITORY;
  if (given) return { repository: given, token, prefix };
  const remote = await git(folder, ["config", "--get", "remote.origin.url"], "git has no remote origin, and GITHUB_REPOSITORY is not set");
  return { repository: repositoryIn(remote), token, prefix };
}

/** `owner/name` of a remote: `git@github.com:acme/shop.git`, `https://github.com/acme/shop`. */
function repositoryIn(remote: string): string {
  const [, host = "", name] = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(remote) ?? [];
  // A remote may have a password in it, and is not told.
  if (name === undefined) throw new UserError("git's remote origin names no repository; set GITHUB_REPOSITORY to <owner>/<name>");
  if (host !== publicHost && !process.env.GITHUB_API_URL)
    throw new UserError(`git's remote origin is at ${host}, not at ${publicHost}; set GITHUB_API_URL to the address of its interface`);
  return name;
}

async function git(folder: string, words: readonly string[], otherwise: string): Promise<string> {
  try {
    return (await run("git", ["-C", folder, ...words], { timeout: longest })).stdout.trim();
  } catch {
    throw new UserError(otherwise);
  }
}
