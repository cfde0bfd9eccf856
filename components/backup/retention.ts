/** How long backups are kept: what AWS Backup accepts, apart from the components so that config can be read without a provider. */
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";

/** Types of AWS Backup, by its own words, that Slipway makes. It does not know ElastiCache. */
export type BackedUpType = "DocumentDB" | "DynamoDB" | "EFS" | "RDS" | "S3";

/** Types whose backups can move to cold storage; for the others AWS Backup ignores the setting without a word. */
export const coldStorageTypes: readonly BackedUpType[] = ["DynamoDB", "EFS"];

/** Days that cold storage is paid for at least. */
const coldStorageDays = 90;

/** Longest retention, days. */
export const longestRetention = 36_500;

/** How long one kind of backup is kept. */
export interface Retention {
  /** Days from its making until it is deleted, 1–36,500. */
  readonly deleteAfterDays: number;
  /** Days until it moves to cold storage, 90 before its deletion at the latest. @default never */
  readonly coldAfterDays?: number | undefined;
}

/** Retention bounds of a vault, days. A backup or copy outside them is not shortened: its job fails. */
export interface RetentionBounds {
  readonly minimumDays: number;
  /** @default no upper bound */
  readonly maximumDays?: number | undefined;
}

/** Least number of days that a backup is kept which moves to cold storage on a day. */
export function leastWithCold(coldAfterDays: number): number {
  return coldAfterDays + coldStorageDays;
}

/** Whether a vault with these bounds takes a backup that is kept so long. */
export function withinBounds({ deleteAfterDays }: Retention, { minimumDays, maximumDays = longestRetention }: RetentionBounds): boolean {
  return deleteAfterDays >= minimumDays && deleteAfterDays <= maximumDays;
}

/** Everything wrong with a retention. @param bounds of the vault that it goes to; by default none */
export function retentionProblems(path: string, retention: Retention, bounds?: RetentionBounds): ArgumentProblem[] {
  const { deleteAfterDays, coldAfterDays } = retention;
  const problems = outsideRange(`${path}.deleteAfterDays`, deleteAfterDays, 1, longestRetention, "days");
  if (coldAfterDays !== undefined && deleteAfterDays < leastWithCold(coldAfterDays))
    problems.push({
      propertyPath: `${path}.deleteAfterDays`,
      reason: `is ${deleteAfterDays} with cold storage after ${coldAfterDays}; give at least ${leastWithCold(coldAfterDays)}, as cold storage is for ${coldStorageDays} days`,
    });
  if (bounds !== undefined && !withinBounds(retention, bounds))
    problems.push({
      propertyPath: `${path}.deleteAfterDays`,
      reason: `is ${deleteAfterDays}; the vault's lock takes ${bounds.minimumDays} to ${bounds.maximumDays ?? longestRetention} days, and a job outside fails`,
    });
  return problems;
}
