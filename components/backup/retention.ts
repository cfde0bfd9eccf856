/** How long backups are kept: what AWS Backup accepts. */
import { type BrokenRule, broken } from "../contract/rule.ts";

/** Types of AWS Backup, by its own words, that Slipway makes. It does not know ElastiCache. */
export type BackedUpType = "DocumentDB" | "DynamoDB" | "EFS" | "RDS" | "S3";

/** Types whose backups can move to cold storage; for the others AWS Backup ignores the setting without a word. */
export const coldStorageTypes: readonly BackedUpType[] = ["DynamoDB", "EFS"];

/** Days that cold storage is paid for at least. */
export const coldStorageDays = 90;

/** Longest retention, days. */
export const longestRetention = 36_500;

/** How long one kind of backup is kept. */
interface Retention {
  /** Days from its making until it is deleted. */
  readonly deleteAfterDays: number;
  /** Days until it moves to cold storage. @default never */
  readonly coldAfterDays?: number | undefined;
}

/** Retention bounds of a vault, days. A backup or copy outside them is not shortened: its job fails. */
export interface RetentionBounds {
  readonly minimumDays: number;
  /** @default no upper bound */
  readonly maximumDays?: number | undefined;
}

/** A vault's lock, as far as retention goes. */
type Lock = { readonly mode: "none" } | ({ readonly mode: "governance" | "compliance" } & RetentionBounds);

/** What a vault's lock takes. @returns undefined for a vault without one */
export function boundsOf(lock: Lock): RetentionBounds | undefined {
  return lock.mode === "none" ? undefined : lock;
}

/** Least number of days that a backup is kept which moves to cold storage on a day. */
export function leastWithCold(coldAfterDays: number): number {
  return coldAfterDays + coldStorageDays;
}

/** Whether a vault with these bounds takes a backup that is kept so long. */
export function withinBounds({ deleteAfterDays }: Retention, { minimumDays, maximumDays = longestRetention }: RetentionBounds): boolean {
  return deleteAfterDays >= minimumDays && deleteAfterDays <= maximumDays;
}

/** What cold storage asks of a retention. */
export function coldRules({ deleteAfterDays, coldAfterDays }: Retention): BrokenRule[] {
  if (coldAfterDays === undefined || deleteAfterDays >= leastWithCold(coldAfterDays)) return [];
  return broken({
    path: ["deleteAfterDays"],
    found: `is ${deleteAfterDays} with cold storage after ${coldAfterDays}`,
    reason: `cold storage is for ${coldStorageDays} days at least`,
    allowed: `at least ${leastWithCold(coldAfterDays)}`,
    fix: { path: ["deleteAfterDays"], value: leastWithCold(coldAfterDays) },
  });
}

/** What a vault takes. @param bounds of its lock @param types of the stores */
export function vaultRules(retention: Retention, bounds: RetentionBounds | undefined, types: readonly BackedUpType[]): BrokenRule[] {
  const { deleteAfterDays, coldAfterDays } = retention;
  const warm = [...new Set(types.filter((type) => !coldStorageTypes.includes(type)))].sort();
  if (coldAfterDays !== undefined && warm.length > 0)
    return broken({
      path: ["coldAfterDays"],
      found: `is ${coldAfterDays}, which AWS Backup ignores for ${warm.join(", ")}`,
      allowed: `cold storage for ${coldStorageTypes.join(" and ")} only; give those a plan of their own`,
      fix: { path: ["coldAfterDays"] },
    });
  if (bounds === undefined || withinBounds(retention, bounds)) return [];
  const { minimumDays, maximumDays = longestRetention } = bounds;
  return broken({
    path: ["deleteAfterDays"],
    found: `is ${deleteAfterDays}, outside the vault's lock`,
    reason: "AWS Backup does not shorten or lengthen it: the job fails",
    allowed: `from ${minimumDays} to ${maximumDays} days`,
    fix: { path: ["deleteAfterDays"], value: deleteAfterDays < minimumDays ? minimumDays : maximumDays },
  });
}
