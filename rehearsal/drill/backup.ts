/** `slipway drill backup`: a store is deleted with all that was its own, and comes back out of the vault. */
import { spell } from "../../components/environment/rules/backup.ts";
import { UserError } from "../../ops/userError.ts";
import { backUp, resourceAt, restore } from "../../sandbox/cloud/aws/backupJobs.ts";
import { loseRecords, writesOf } from "../../sandbox/cloud/aws/records.ts";
import type { DrillOptions } from "./options.ts";
import { type DrillReport, verdictOf } from "./report.ts";
import { assumed, compared, onStage, type Stage, sourcesOf, timing, usersWrite } from "./restoreDrill.ts";

/** Seconds of the script. */
const backedUp = 60;
const lost = 360;

/** A backup, later writes, the loss of the store, a restore, a comparison. */
export function backupDrill(options: DrillOptions): Promise<DrillReport> {
  return onStage(options, ["databases", "buckets", "fileSystems"], false, (stage) =>
    drill(stage, options.stack ?? "", options.restoreMinutes !== undefined),
  );
}

function drill(stage: Stage, stack: string, given: boolean): DrillReport {
  const { live, store, name, region, backups, at, events, config, restoreTakes } = stage;
  const { deleteAfterDays } = Object.values(config.backup.plans).flatMap(({ rules }) => Object.values(rules))[0] ?? { deleteAfterDays: 7 };
  const say = (second: number, what: string, users: string) => events.push({ second, what, users });

  say(0, `a marker is written to ${name}, and an order every ten seconds`, "everything works");
  usersWrite(stage, 0, lost);
  const place = { account: store.arn.split(":")[4] || config.aws.accountId, region };
  const end = backUp(live, {
    ...{ place, vaultName: backups.vaultName, resourceArn: store.arn, resourceType: store.type, deleteAfterDays },
    tags: { Reason: "drill" },
    at: at(backedUp),
  });
  if (end.state === "FAILED") throw new UserError(`The backup of the drill failed: ${end.message}`);
  say(backedUp, `a backup into ${backups.vaultName}`, "everything works");

  const log = writesOf(live, store.arn);
  const object = resourceAt(live, store.arn);
  if (object === undefined) throw new UserError(`${name} is not in the simulated cloud. Run: slipway up --stack ${stack}`);
  live.delete(object);
  loseRecords(live, store.arn);
  say(lost, `${name} is deleted, with its snapshots and point-in-time recovery`, `whatever needs ${name} fails; the rest works`);

  const notified = lost + assumed.detect;
  const decided = notified + assumed.decide;
  const restored = decided + restoreTakes;
  const back = restored + assumed.connect;
  say(notified, "the person on call is notified", "no change");
  say(decided, "a restore of the newest backup is decided and begun; writers stay stopped", "no change; a notice on the status page");
  restore(live, end.recoveryPointArn, at(restored));
  say(restored, "the restore is done under the old name", "no change: the tasks still hold dead connections");
  say(back, "state set right, tasks started again", `everything works; orders of the ${lost - backedUp} seconds before the loss are gone`);

  const rhythm = sourcesOf(stage).find(({ what }) => what.startsWith("plan "));
  const figures = [
    ...compared(stage, log, backedUp, lost),
    ...timing(stage, lost, back, given),
    {
      name: "writes that the plans alone can lose",
      value:
        rhythm === undefined
          ? "all"
          : `${spell(rhythm.lossMinutes)} (${rhythm.what}); the class is kept by point-in-time recovery or copies`,
    },
  ];
  return { drill: "backup", stack, startedAt: at(0).toISOString(), events, figures, verdict: verdictOf(figures) };
}
