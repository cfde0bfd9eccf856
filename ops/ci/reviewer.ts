/** What judges a pull request and applies it: paths that a pull request may change only before its reviewers' eyes. */
import { codeSpan } from "../review/phrase.ts";

/**
 * Files and folders of which the pipeline's own code is made; `.github/CODEOWNERS` names the same. What it loads of `infra/` and
 * `components/` is the pull request's own on purpose: its config may need them.
 */
export const reviewerPaths = [".github/", "ops/", "rehearsal/", "sandbox/", "package.json", "package-lock.json"] as const;

/** Of changed paths those that change the reviewer. */
export function reviewerFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => reviewerPaths.some((own) => (own.endsWith("/") ? path.startsWith(own) : path === own)));
}

/** Files that the sentence names; the rest is counted. */
const mostNamed = 5;

/** What a comment begins with when a pull request changes the reviewer; none otherwise. @param paths all that it changes */
export function reviewerWarnings(paths: readonly string[]): string[] {
  const files = reviewerFiles(paths);
  if (files.length === 0) return [];
  const named = files.slice(0, mostNamed).map((file) => codeSpan(file));
  const all = files.length > mostNamed ? `${named.join(", ")} and ${files.length - mostNamed} more` : named.join(", ");
  return [
    `⚠ **This pull request changes the reviewer: read its diff first.** ${all}. What follows is said by the target branch's reviewer; after the merge the changed one plans and applies.`,
  ];
}
