/** What a restoration has to leave: databases that answer, and backups to go back to. */
import { backUpAgain, type StoreBackup } from "../backup/backup.ts";
import type { Following } from "../database/servers.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
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

/** Whom each replica follows: one of a server that was restored or set aside holds what is old, and is not promoted. */
export function followingChecks(followings: readonly Following[], flags: StackFlags): Check[] {
  return followings.map(({ database, region, identifier, state }): Check => {
    const what = `source of ${identifier}\n${region}`;
    const advice = slipwayCommand(
      "database follow",
      flags,
      `--region ${region} --database ${database} --reason 'it does not follow the writer'`,
    );
    const row = { what, expected: `the server that takes writes of ${database}` };
    switch (state.follows) {
      case "writer":
        return { ...row, found: state.source, verdict: "good" };
      case "other":
        return { ...row, found: `${state.source}, which is another`, verdict: "failed", advice };
      case "nobody":
        return { ...row, found: "nobody: it takes writes itself", verdict: "degraded", advice: "docs/runbooks/failback.md" };
      case "absent":
        return { ...row, found: "there is no such server", verdict: "failed", advice: slipwayCommand("up", flags, "--refresh") };
    }
    return { ...row, found: state.reason, verdict: "failed", advice: "It could not be read: fix that, then run this again." };
  });
}

/** The newest backup of every store and each copy of one, as `slipway backup verify` judges them. */
export function backupChecks(backups: readonly StoreBackup[], flags: StackFlags): Check[] {
  return backups.map((backup) => {
    const { kind, store, region, of, verdict, detail } = backup;
    return {
      what: kind === "backup" ? `backup of ${store}\n${region}` : `copy of a backup of ${store}, ${of}\n${region}`,
      expected: "whole, and young enough",
      found: `${verdict}: ${detail}`,
      ...(verdict === "FRESH" ? { verdict: "good" as const } : { verdict: "failed" as const, advice: backUpAgain(backup, flags) }),
    };
  });
}
