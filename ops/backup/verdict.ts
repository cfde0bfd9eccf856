/** Whether a store's newest backup is as young as its plans ask. Pure. */
import type { RecoveryPoint } from "./vaults.ts";

/** What is printed of one store; UNKNOWN where nobody can tell. */
export interface BackupVerdict {
  readonly verdict: "FRESH" | "OLD" | "MISSING" | "BROKEN" | "UNKNOWN";
  readonly detail: string;
}

/** @param points of the store, the newest first  @param limit minutes after which it is late */
export function judge(points: readonly RecoveryPoint[], limit: number, now: Date): BackupVerdict {
  const whole = points.filter(({ status }) => status === "COMPLETED" || status === "AVAILABLE");
  const [newest] = whole;
  const [latest] = points;
  if (newest === undefined)
    return latest === undefined
      ? { verdict: "MISSING", detail: "no backup" }
      : { verdict: "BROKEN", detail: `${points.length} backups, none whole; the newest is ${latest.status}` };
  const minutes = Math.floor((now.getTime() - newest.createdAt.getTime()) / 60_000);
  const age =
    minutes < 120 ? `${minutes} minutes` : minutes < 2880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
  if (minutes > limit) return { verdict: "OLD", detail: `${age} old; late after ${Math.floor(limit / 60)} hours` };
  if (latest !== undefined && latest !== newest && latest.status !== "CREATING")
    return { verdict: "BROKEN", detail: `the newest is ${latest.status}; the one before is ${age} old` };
  return { verdict: "FRESH", detail: `${age} old, ${whole.length} kept` };
}
