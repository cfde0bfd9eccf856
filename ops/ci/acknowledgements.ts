/** Who has acknowledged a pull request's grave change sets, and whose word does not count. */
import { acknowledgedIn } from "../review/acknowledgement.ts";
import type { Comment, GitHub, Pull } from "./github.ts";

/** What the comments of pull requests that are merged together come to. */
export interface Acknowledgements {
  /** Start of a change set's hash, twelve digits or more, and who acknowledged it. */
  readonly given: readonly { readonly hash: string; readonly by: string }[];
  /** A sentence for each word that does not count. */
  readonly passedOver: readonly string[];
}

/**
 * Reads every comment. A word counts when a person wrote it who may write to the repository now, wrote no commit of the pull requests
 * and opened none, and when nobody has edited it since: whoever may write may edit the comments of others.
 * @throws UserError when GitHub does not tell
 */
export async function acknowledgements(github: GitHub, pulls: readonly Pull[]): Promise<Acknowledgements> {
  const words = (await Promise.all(pulls.map(({ number }) => github.comments(number))))
    .flat()
    .map((comment) => ({ comment, hashes: acknowledgedIn(comment.body ?? "") }))
    .filter(({ hashes }) => hashes.length > 0);
  if (words.length === 0) return { given: [], passedOver: [] };
  const wrote = await Promise.all(pulls.map(async ({ number, author }) => [author, ...(await github.commitAuthors(number))]));
  const authors = new Set(wrote.flat().map((login) => login.toLowerCase()));
  const writers = new Map<string, boolean>();
  const judged = [];
  for (const { comment, hashes } of words) {
    const by = comment.user?.login ?? "ghost";
    const own = whyNot(comment, authors);
    if (own === undefined && !writers.has(by)) writers.set(by, await github.mayWrite(by));
    const why = own ?? (writers.get(by) === true ? undefined : "may not write to this repository");
    judged.push({ by, hashes, why });
  }
  return {
    given: judged.flatMap(({ by, hashes, why }) => (why === undefined ? hashes.map((hash) => ({ hash, by })) : [])),
    passedOver: judged.flatMap(({ by, hashes, why }) =>
      why === undefined ? [] : [`"ack ${hashes.join(" ")}" of ${by} does not count: ${by} ${why}.`],
    ),
  };
}

/** What of a comment alone is against it. */
function whyNot({ user, created_at: created, updated_at: updated, performed_via_github_app: app }: Comment, authors: ReadonlySet<string>) {
  if (user === null || user.login === "ghost") return "is an account that is gone";
  if (user.type !== "User" || app != null) return "is a program, or wrote by one";
  if (authors.has(user.login.toLowerCase())) return "opened the pull request or wrote a commit of it";
  return created === updated ? undefined : "or somebody else has edited it since; write it anew";
}

/** Who acknowledged one of some hashes. @param hashes in full, or their first sixteen digits */
export function acknowledgedBy({ given }: Acknowledgements, hashes: readonly string[]): string | undefined {
  return given.find(({ hash }) => hashes.some((one) => one.startsWith(hash) || (one.length >= 16 && hash.startsWith(one))))?.by;
}
