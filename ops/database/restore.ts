/** `slipway database restore`: a PostgreSQL database back to a moment, under its own name, with the damaged server kept beside. */
import type { DBInstance } from "@aws-sdk/client-rds";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { adopt, adoptAfter } from "./adopt.ts";
import { astray } from "./follow.ts";
import {
  type Family,
  familiesOf,
  judgedFollowings,
  requirePostgres,
  serverPlaces,
  sourceOf,
  suffixed,
  suffixes,
  tagOf,
} from "./servers.ts";
import { marks, restoreRequest } from "./settings.ts";
import { deleteCommands, type Swap, swap } from "./swap.ts";

/** Flags of the command. */
export interface RestoreFlags extends StackFlags {
  readonly database: string;
  /** ISO 8601, or `latest`. */
  readonly to: string;
  readonly reason: string;
  /** Print what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** Restores, and takes the state along where nobody holds it. @returns 0 when both are done, 1 when the state is not */
export async function restoreDatabase(flags: RestoreFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  const { config } = stack;
  requirePostgres(config, flags.database);
  const aws = openAws(stack);
  const restored = await restoreServer(aws, config, flags, reason);
  if (restored === undefined) return 0;
  const next = async () => {
    const update = slipwayCommand("up", flags, "--refresh");
    const left = await astray(aws, config, flags.database);
    const follow = slipwayCommand("database follow", flags, `--database ${flags.database} --reason 'its source was restored'`);
    return left.length === 0 ? update : `${update} && ${follow}`;
  };
  const session = openSession(stack);
  try {
    return await adoptAfter("The database is restored", flags, () => adopt(session, aws, config), next);
  } finally {
    session.close();
  }
}

/**
 * The part of it that AWS does. Repeated, it does what is left.
 * @returns undefined when only the plan was asked for
 * @throws UserError for a moment that cannot be restored, and where RDS refuses
 */
export async function restoreServer(
  aws: Aws,
  config: StackConfig,
  { database, to, dryRun = false }: Pick<RestoreFlags, "database" | "to" | "dryRun">,
  reason: string,
  { print = console.log, wait }: Partial<Pick<Swap, "print" | "wait">> = {},
): Promise<DBInstance | undefined> {
  const families = await familiesOf(aws, config, serverPlaces(config, database));
  const family = writerIn(database, families);
  const moment = momentOf(to, family);
  const mark = { key: marks.restored, value: moment.toISOString() };
  const { region } = family.place;
  const name = String((family.own ?? family.aside ?? family.fresh)?.DBInstanceIdentifier)
    .replace(suffixes.aside, "")
    .replace(suffixes.fresh, "");
  const followers = judgedFollowings(families).filter(({ state }) => state.follows === "writer" || state.follows === "other");
  if (dryRun) {
    for (const line of planOf(name, moment, region)) print(line);
    for (const { identifier, region: there } of followers)
      print(`  left: ${identifier} in ${there} goes on with the damaged data, until: slipway database follow`);
    return undefined;
  }
  const { arn } = await aws.identity();
  print(`Restore of ${database} in ${region} of ${aws.cloud} to ${mark.value}, by ${arn}: ${reason}`);
  const rds = await aws.client("rds", region);
  const make = (original: DBInstance, as: string) => rds.restoreDBInstanceToPointInTime(restoreRequest(original, as, moment, mark));
  const { own, aside } = await swap({ aws, config, place: family.place, mark, make, print, wait });
  print(
    `${own.DBInstanceIdentifier} in ${region} is as it was at ${mark.value}. What was written since is in ${aside?.DBInstanceIdentifier ?? "no server any more"}.`,
  );
  if (own.IAMDatabaseAuthenticationEnabled === true)
    print(
      "Logins by IAM name the server's own id: they are refused until the update. It changes rights only, and what RDS did not take over.",
    );
  for (const { identifier, region: there } of followers)
    print(`${identifier} in ${there} still replicates the damaged server. After the update: ${followWords(database, there)}`);
  if (aside !== undefined) print(`When nobody misses anything in it, after a week: ${deleteCommands(aside, region)}`);
  return own;
}

function followWords(database: string, region: string): string {
  return `slipway database follow --database ${database} --region ${region}, with --stack and --reason`;
}

function planOf(name: string, moment: Date, region: string): string[] {
  const [fresh, aside] = [suffixed(name, suffixes.fresh), suffixed(name, suffixes.aside)];
  return [
    `Nothing is changed. In ${region}:`,
    `  1. ${fresh} is restored to ${moment.toISOString()}, with class, network, rights, logs and protection of ${name}; 5 to 30 minutes, more with its size`,
    `  2. it gets windows, backups and insights of ${name}`,
    `  3. ${name} is renamed ${aside}, and kept: connections break here`,
    `  4. ${fresh} is renamed ${name}: the host's name leads to it within minutes`,
    "  5. the state takes its id; then slipway up --refresh puts rights and the rest in line",
  ];
}

/** The server that takes the database's writes, or one whose restore was interrupted. */
function writerIn(database: string, families: readonly Family[]): Family {
  const possible = families.filter(({ own, fresh, aside }) =>
    own === undefined ? fresh !== undefined || aside !== undefined : sourceOf(own) === undefined,
  );
  const interrupted = possible.filter(({ fresh }) => fresh !== undefined && tagOf(fresh, marks.restored) !== undefined);
  const [writer, ...others] = interrupted.length === 1 ? interrupted : possible;
  if (writer !== undefined && others.length === 0) return writer;
  const names = possible.map(({ place, own }) => `${own?.DBInstanceIdentifier ?? place.start} in ${place.region}`);
  throw new UserError(
    writer === undefined
      ? `No server takes writes of ${database}: none was found by its name and tags. What there is: docs/runbooks/restore.md`
      : `Several servers take writes of ${database}: ${names.join(", ")}. Say first which one counts: docs/runbooks/failback.md`,
  );
}

function momentOf(to: string, { own, aside, fresh }: Family): Date {
  const begun = [fresh, own].flatMap((server) => (server === undefined ? [] : (tagOf(server, marks.restored) ?? [])))[0];
  const unfinished = begun !== undefined && (fresh !== undefined || aside !== undefined);
  const newest = (own ?? aside)?.LatestRestorableTime;
  if (to === "latest") {
    const found = unfinished ? new Date(begun) : newest;
    if (found === undefined)
      throw new UserError("RDS does not tell the newest moment that can be restored: give it, --to 2027-01-02T11:59:59Z");
    return found;
  }
  const moment = new Date(to);
  const allowed = `allowed: latest, or a moment as 2027-01-02T11:59:59Z${newest === undefined ? "" : `, ${newest.toISOString()} at most`}`;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(to) || Number.isNaN(moment.getTime()))
    throw new UserError(`--to is ${to}; ${allowed}`, 2);
  if (newest !== undefined && moment > newest && !unfinished)
    throw new UserError(`--to is ${to}, which RDS cannot restore yet; ${allowed}`, 2);
  return moment;
}
