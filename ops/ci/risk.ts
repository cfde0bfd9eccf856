/** `ci risk`: a check of its own that fails until somebody else has acknowledged what is grave in a pull request. */
import { acknowledgementLine } from "../review/acknowledgement.ts";
import { gravestFirst } from "../review/overview.ts";
import { readReviews } from "../review/review.ts";
import { isGrave } from "../review/risk.ts";
import { storyLines } from "../review/stackReport.ts";
import type { StackReview } from "../review/stackReview.ts";
import { acknowledgedBy, acknowledgements } from "./acknowledgements.ts";
import { GitHub } from "./github.ts";
import { pullRequest, summarise } from "./variables.ts";

/**
 * Judges the reviews of a pull request.
 * @param folder with a folder of artefacts for each stack
 * @param names stacks that were to be previewed
 * @returns exit code: 1 for a stack that is grave and not acknowledged, whose preview failed, or of which nothing is known
 * @throws UserError when GitHub does not tell
 */
export async function checkRisk(folder: string, names: readonly string[]): Promise<number> {
  const { number, author } = pullRequest();
  const reviews = gravestFirst(readReviews(folder));
  const missing = names.filter((name) => !reviews.some(({ stack }) => stack === name));
  const failed = reviews.filter(({ status }) => status === "failed").map(({ stack }) => stack);
  const unknown = [...missing, ...failed].map(
    (stack) => `${stack}: its preview says nothing, so nothing is known of its risk. See its job.`,
  );
  const grave = reviews.filter(({ status, risk }) => status === "changes" && isGrave(risk));
  const words = grave.length === 0 ? { given: [], passedOver: [] } : await acknowledgements(new GitHub(), [{ number, author }]);
  const judged = grave.map((review) => ({ review, by: acknowledgedBy(words, [review.hash]) }));
  const open = judged.filter(({ by }) => by === undefined).map(({ review }) => review);
  const lines = [
    ...unknown,
    ...judged.flatMap(({ review, by }) => (by === undefined ? [] : [`${headOf(review)} Acknowledged by ${by}.`])),
    ...open.flatMap((review) => [headOf(review), ...storyLines(review).flatMap(({ risk, text }) => (isGrave(risk) ? [`  ${text}`] : []))]),
    ...(open.length === 0 ? [] : asking(open, number)),
    ...words.passedOver,
    ...(unknown.length + grave.length === 0 ? ["No stack's change needs an acknowledgement."] : []),
  ];
  console.log(lines.join("\n"));
  summarise(lines.join("\n\n"));
  return unknown.length + open.length === 0 ? 0 : 1;
}

function headOf({ stack, risk, hash }: StackReview): string {
  return `${stack}: ${risk}, change set ${hash.slice(0, 12)}.`;
}

function asking(open: readonly StackReview[], number: number): string[] {
  return [
    `Somebody with write access who wrote no commit of #${number} writes a comment there with ${open.length === 1 ? "the line" : "these lines"}`,
    ...open.map(({ hash }) => `    ${acknowledgementLine(hash)}`),
    'and runs this check again ("Re-run failed jobs"). A push that changes what would happen asks anew.',
  ];
}
