/** Where the plans of a deployed stack send copies of backups, by its state: what AWS was told, not what config says since. Pure. */
import { lateCopyAfterMinutes } from "../../components/environment/contract/recoveryCoverage.ts";
import type { State } from "../engine/state.ts";

/** A vault, in a region and an account of its own. */
export interface CopyVault {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** One store's way into one further vault. */
export interface CopyWay {
  readonly resourceArn: string;
  readonly vault: CopyVault;
  /** Minutes after which its newest copy is late, by the rule that copies the most often. */
  readonly lateAfterMinutes: number;
  /** Days that a copy of it is kept at most. */
  readonly deleteAfterDays: number;
}

interface PlanRule {
  readonly schedule?: string;
  readonly completionWindow?: number;
  readonly copyActions?: readonly { readonly destinationVaultArn: string; readonly lifecycle?: { readonly deleteAfter?: number } }[];
}

/** AWS Backup's own completion window, minutes: seven days (API reference, BackupRule). */
const defaultCompletion = 10_080;

/** Days that AWS keeps at most what has no end. */
const forEver = 36_500;

/** Every way, one for each store and vault. */
export function copyWays({ resources }: State): CopyWay[] {
  const there = resources.filter(({ delete: leaving }) => leaving !== true);
  const ways = new Map<string, CopyWay>();
  for (const { id: plan, outputs } of there.filter(({ type }) => type === "aws:backup/plan:Plan"))
    for (const { schedule = "", completionWindow: completionWindowMinutes = defaultCompletion, copyActions = [] } of (outputs?.rules ??
      []) as readonly PlanRule[])
      for (const { destinationVaultArn, lifecycle } of copyActions)
        for (const resourceArn of there.filter(({ type }) => type === "aws:backup/selection:Selection").flatMap(storesOf(plan))) {
          const key = `${resourceArn} ${destinationVaultArn}`;
          const { lateAfterMinutes = Number.POSITIVE_INFINITY, deleteAfterDays = 0 } = ways.get(key) ?? {};
          ways.set(key, {
            ...{ resourceArn, vault: vaultOf(destinationVaultArn) },
            lateAfterMinutes: Math.min(lateAfterMinutes, lateCopyAfterMinutes({ schedule, completionWindowMinutes })),
            deleteAfterDays: Math.max(deleteAfterDays, lifecycle?.deleteAfter ?? forEver),
          });
        }
  return [...ways.values()];
}

const storesOf =
  (plan: string | undefined) =>
  ({ outputs = {} }: State["resources"][number]): readonly string[] =>
    outputs.planId === plan ? ((outputs.resources ?? []) as readonly string[]) : [];

/** `arn:aws:backup:us-west-2:123456789012:backup-vault:name` */
function vaultOf(arn: string): CopyVault {
  const [, , , region = "", account = "", , name = ""] = arn.split(":");
  return { arn, account, region, name };
}
