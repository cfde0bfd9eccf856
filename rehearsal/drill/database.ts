/** `slipway drill database`: first the writer dies and the standby takes over, then the volume itself is lost. */
import { pointInTimeLag } from "../../components/environment/contract/recoveryCoverage.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { UserError } from "../../ops/userError.ts";
import { resourceAt, restoreToMoment } from "../../sandbox/cloud/aws/backupJobs.ts";
import { loseVolume, writesOf } from "../../sandbox/cloud/aws/records.ts";
import { verbFigures } from "./databaseVerbs.ts";
import type { DrillOptions } from "./options.ts";
import { type DrillFigure, type DrillReport, verdictOf } from "./report.ts";
import { assumed, compared, onStage, type Stage, timing, usersWrite } from "./restoreDrill.ts";

/** Seconds of the script. */
const writerDies = 60;
const lost = 900;

/** Seconds that AWS names for a standby to take over: RDS 60 to 120, DocumentDB under 30 in good cases and up to 120. */
const takeover = 120;

/** The loss of the writer, the loss of the volume, a restore to the newest moment that there is, a comparison. */
export function databaseDrill(options: DrillOptions): Promise<DrillReport> {
  return onStage(options, ["databases"], true, (stage) => drill(stage, options.stack ?? "", options.restoreMinutes !== undefined));
}

async function drill(stage: Stage, stack: string, given: boolean): Promise<DrillReport> {
  const { live, store, name, at, events, config, restoreTakes, objectives } = stage;
  const say = (second: number, what: string, users: string) => events.push({ second, what, users });
  const object = resourceAt(live, store.arn);
  if (object === undefined) throw new UserError(`${name} is not in the simulated cloud. Run: slipway up --stack ${stack}`);
  const database = name.replace(/^databases-/, "");
  const settings = config.databases[database];

  say(0, `orders are written to ${name} every ten seconds`, "everything works");
  const standby = settings !== undefined && hasStandby(settings);
  usersWrite(stage, 0, writerDies);
  if (standby) {
    say(writerDies, "the writer dies", "writes fail, reads too unless they go to a replica");
    say(
      writerDies + takeover,
      "the standby has taken over under the same name (AWS's own figure, not measured)",
      "everything works; nothing is lost",
    );
    usersWrite(stage, writerDies + takeover, lost);
  } else {
    say(
      writerDies,
      settings?.engine === "dynamodb" ? "no writer to lose: DynamoDB has three zones" : "no standby: the writer is left alone",
      "everything works",
    );
    usersWrite(stage, writerDies, lost);
  }

  const log = writesOf(live, store.arn);
  loseVolume(live, store.arn, at(lost));
  say(lost, "the volume cannot be read any more; the service's own backups can", `whatever needs ${name} fails; the rest works`);
  // The newest moment that can be restored stands still when writes do.
  const newest = lost - pointInTimeLag * 60;
  const notified = lost + assumed.detect;
  const decided = notified + assumed.decide;
  const restored = decided + restoreTakes;
  const back = restored + assumed.connect;
  say(notified, "the person on call is notified", "no change");
  say(
    decided,
    `a restore to second ${newest} is begun, the newest there is; the old database is renamed`,
    "no change; a notice on the status page",
  );
  restoreToMoment(live, store.arn, at(newest));
  say(restored, "the restored database answers under the old name", "no change: the tasks still hold dead connections");
  say(back, "state set right, tasks started again", `everything works; orders of the ${lost - newest} seconds before the loss are gone`);

  const rpo: DrillFigure = {
    name: "writes that are lost, by time",
    value: `${lost - newest} s`,
    bound: `RPO: less than ${objectives.rpoMinutes * 60} s`,
    holds: lost - newest < objectives.rpoMinutes * 60,
  };
  const outage: DrillFigure[] = standby
    ? [
        {
          name: "outage when the writer dies",
          value: `${takeover} s`,
          bound: `RTO: less than ${objectives.rtoMinutes * 60} s`,
          holds: takeover < objectives.rtoMinutes * 60,
        },
      ]
    : [];
  const came = compared(stage, log, newest, lost);
  const figures = [...outage, ...came, rpo, ...timing(stage, lost, back, given), ...(await verbFigures(stage, database))];
  return { drill: "database", stack, startedAt: at(0).toISOString(), events, figures, verdict: verdictOf(figures) };
}

function hasStandby(database: StackConfig["databases"][string]): boolean {
  if (database.engine === "postgres") return database.multiAz;
  return database.engine === "documentdb" && database.instances > 1;
}
