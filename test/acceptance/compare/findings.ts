/** Differences between the providers, less those that are known and explained. */

/** Which comparison found it. */
export type Comparison = "good inputs" | "bad inputs" | "changes" | "outputs";

/** One thing that the two providers do not agree on. */
export interface Difference {
  /** Type token of the resource. */
  readonly type: string;
  /** Property path without indices, and what was done to it. */
  readonly where: string;
  readonly real: string;
  readonly simulated: string;
}

/** A difference that is left, with the reason why. */
export interface Exception {
  readonly comparison: Comparison;
  readonly type: string;
  readonly where: string;
  readonly reason: string;
}

/** What one comparison looked at, and what it found. */
export interface Findings {
  /** How many answers were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** More about the answers that agreed. */
  readonly note?: string;
}

/**
 * Sums up a comparison.
 * @throws Error listing every difference that is not explained, and every explanation that explains nothing any more
 */
export function judged(comparison: Comparison, { compared, differences, note }: Findings, exceptions: readonly Exception[]): string {
  const explains = (exception: Exception, { type, where }: Difference) => exception.type === type && exception.where === where;
  const known = exceptions.filter((exception) => exception.comparison === comparison);
  const open = differences.filter((difference) => !known.some((exception) => explains(exception, difference)));
  const idle = known.filter((exception) => !differences.some((difference) => explains(exception, difference)));
  const lines = [
    ...open.map(({ type, where, real, simulated }) => `${type} ${where}\n  real:      ${real}\n  simulated: ${simulated}`),
    ...idle.map(({ type, where }) => `${type} ${where}: listed as a known difference, but the providers agree`),
  ];
  if (lines.length > 0) throw new Error([`${compared} compared, ${open.length} differ`, ...new Set(lines)].join("\n"));
  const left = known.length === 0 ? "" : `, ${known.length} known differences`;
  return `${compared} compared, 0 differ${left}${note === undefined ? "" : `; ${note}`}`;
}

/** Runs `work` on every item, a few at a time, and gives the results in order. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = 8): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
