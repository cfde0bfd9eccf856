/** `slipway database promote`: the replicas of a region take writes, and the region's services are told. */
import { setTimeout as pause } from "node:timers/promises";
import { regionRoles } from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import type { FailoverCloud } from "../failover/cloud.ts";
import { failingOver, failoverCloud, writeStatement } from "../failover/failover.ts";
import { openWrites } from "../failover/readOnly.ts";
import { isWithdrawn, otherWriters } from "../failover/safety.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import type { StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type Family, familiesOf, judgedFollowings, serverPlaces, sourceOf } from "./servers.ts";

/** Flags of the command. */
export interface PromoteFlags extends StackFlags {
  readonly region: string;
  readonly reason: string;
  /** Promote though another region takes the same writes, or the source is another than the writer. */
  readonly force?: boolean;
  /** Withdraw first each region before this one that does not answer, so that it does not come back with its old data. @default no */
  readonly withdraw?: boolean;
  /** Print what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** Seconds between two looks, and how often it is looked again: RDS names minutes, and more with what is to be replayed. */
const look = { seconds: 15, times: 240 };

/** @returns 0 when the region takes writes @throws UserError when a safety rule is against it, before anything is changed */
export async function promoteRegion(flags: PromoteFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = failingOver(flags);
  const { config } = stack;
  const [aws, cloud] = [openAws(stack), failoverCloud(stack)];
  const { region } = flags;
  if (flags.withdraw === true && flags.dryRun !== true) await withdrawSilent(config, cloud, flags);
  if (!(await promoteServers(aws, config, cloud, flags, reason))) return 0;
  const code = await openWrites(stack, region, "taken", reason, flags);
  if (code !== 0) return code;
  const third = serverPlaces(config)
    .map((place) => place.region)
    .find((other) => other !== region && other !== config.aws.region);
  const words = (command: string, of: string) => slipwayCommand(command, flags, `--region ${of} --reason 'the writer is in ${region}'`);
  if (await isWithdrawn(config, cloud, region)) console.log(nextLine(words("failover restore", region)));
  else console.log(nextLine(third === undefined ? slipwayCommand("status", flags) : words("database follow", third)));
  return 0;
}

/** A region that answers is left alone: whether it stops taking writes is for a person to say. */
async function withdrawSilent(config: StackConfig, cloud: FailoverCloud, flags: PromoteFlags): Promise<void> {
  for (const { region, host } of regionRoles(config).slice(0, -1)) {
    if (region === flags.region || (await isWithdrawn(config, cloud, region)) || (await cloud.health(host)) !== "down") continue;
    await writeStatement("withdraw", true, { ...flags, region, force: false });
  }
}

/**
 * The part of it that RDS does. Repeated, it does what is left.
 * @returns false when only the plan was asked for
 */
export async function promoteServers(
  aws: Aws,
  config: StackConfig,
  cloud: Pick<FailoverCloud, "readSwitch">,
  { region, force = false, dryRun = false }: Omit<PromoteFlags, "reason">,
  reason: string,
  print: (line: string) => void = console.log,
  wait: (seconds: number) => Promise<unknown> = (seconds) => pause(seconds * 1000),
): Promise<boolean> {
  const places = serverPlaces(config).filter((place) => place.region === region);
  if (places.length === 0) {
    const regions = [...new Set(serverPlaces(config).map((place) => place.region))];
    throw new UserError(`--region ${region} has no PostgreSQL server of the stack. There are: ${regions.join(", ") || "none"}.`, 2);
  }
  // Replicas beside the writer stay replicas: the first of a database in the region has its name.
  const first = places.filter((place, index) => places.findIndex(({ database }) => database === place.database) === index);
  const read = () => familiesOf(aws, config, first);
  const families = await read();
  const against = [
    ...(await sourcesAgainst(aws, config, families)),
    ...(await otherWriters(aws, config, cloud, region, true)).map(({ why }) => why),
  ];
  const absent = families.filter(({ own }) => own === undefined).map(({ place }) => `no server in ${region} is called ${place.start}…`);
  if (absent.length > 0) throw new UserError(`Nothing was promoted: ${absent.join("; ")}.`);
  if (against.length > 0 && !force)
    throw new UserError(
      `Nothing was promoted: ${against.join("; ")}.\nA region that takes writes is withdrawn first, so that it does not come back with its old data: slipway failover withdraw --region <it>. Who knows better: the same with --force.`,
    );
  const left = families.filter(({ own }) => own !== undefined && sourceOf(own) !== undefined);
  if (dryRun) {
    for (const { own } of left)
      print(`Would be promoted in ${region}: ${own?.DBInstanceIdentifier}, which follows ${own && sourceOf(own)}`);
    print(`Then its services take writes, and their tasks are started anew. Nothing was changed.`);
    return false;
  }
  const { arn } = await aws.identity();
  print(`Promotion of ${region} of ${aws.cloud}, by ${arn}: ${reason}`);
  if (against.length > 0) print(`Forced, though ${against.join("; ")}.`);
  const rds = await aws.client("rds", region);
  for (const { place, own } of left) {
    const settings = config.databases[place.database];
    const BackupRetentionPeriod = settings?.engine === "postgres" ? settings.backupRetentionDays : 7;
    const asked = rds.promoteReadReplica({ DBInstanceIdentifier: own?.DBInstanceIdentifier, BackupRetentionPeriod });
    await aws.told(`${own?.DBInstanceIdentifier} is not promoted`, asked);
  }
  for (let times = look.times; ; times -= 1) {
    const waiting = (await read()).filter(
      ({ own }) => own === undefined || sourceOf(own) !== undefined || own.DBInstanceStatus !== "available",
    );
    if (waiting.length === 0) break;
    const names = waiting.map(({ own, place }) => `${own?.DBInstanceIdentifier ?? place.start} is ${own?.DBInstanceStatus ?? "not there"}`);
    if (times === 0)
      throw new UserError(`Not promoted after ${(look.times * look.seconds) / 60} minutes: ${names.join(", ")}. The same command goes on.`);
    await wait(look.seconds);
  }
  for (const { own } of families) print(`${own?.DBInstanceIdentifier} in ${region} takes writes.`);
  return true;
}

/** A replica of another than the writer holds what is old, or damaged. A region that does not answer is known by its servers' names. */
async function sourcesAgainst(aws: Aws, config: StackConfig, families: readonly Family[]): Promise<string[]> {
  const all: Family[] = [...families];
  const here = families[0]?.place.region;
  for (const region of new Set(
    serverPlaces(config)
      .map((place) => place.region)
      .filter((other) => other !== here),
  )) {
    try {
      all.push(
        ...(await familiesOf(
          aws,
          config,
          serverPlaces(config).filter((place) => place.region === region),
        )),
      );
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode !== 1) throw error;
    }
  }
  return judgedFollowings(all).flatMap(({ region, identifier, state }) =>
    region === here && state.follows === "other"
      ? [
          `${identifier} follows ${state.source}, which is not the server that takes writes: its data is old or damaged. First: slipway database follow --region ${region}`,
        ]
      : [],
  );
}
