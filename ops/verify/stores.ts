/** What a restoration has to leave: databases that answer, and backups to go back to. */
import type { StoreBackup } from "../backup/backup.ts";
import { type Check, checked } from "./check.ts";
import type { DatabasePlace, VerifiedCloud } from "./cloud.ts";

/** State of every database and of its servers. */
export async function databaseChecks(places: readonly DatabasePlace[], cloud: VerifiedCloud): Promise<Check[]> {
  const checks: Check[] = [];
  for (const place of places) {
    const wanted = place.kind === "dynamodb table" ? "ACTIVE" : "available";
    checks.push(
      await checked(`${place.kind}\n${place.identifier}`, wanted, async () => {
        const found = await cloud.databaseState(place);
        if (found === wanted) return { found, verdict: "good" };
        return { found, verdict: "failed", advice: "docs/runbooks/database-restore.md" };
      }),
    );
  }
  return checks;
}

/** The newest backup of every store, as `slipway backup verify` judges it. */
export function backupChecks(backups: readonly StoreBackup[], stack: string): Check[] {
  return backups.map(({ store, region, verdict, detail }) => ({
    what: `backup of ${store}\n${region}`,
    expected: "whole, and young enough",
    found: `${verdict}: ${detail}`,
    ...(verdict === "FRESH"
      ? { verdict: "good" as const }
      : { verdict: "failed" as const, advice: `slipway backup start --stack ${stack} --store ${store} --reason "after a restore"` }),
  }));
}
