/** `slipway database grow`: the storage that config asks for, at once: an update leaves it to the next maintenance window. */
import type { DBInstance, PendingModifiedValues } from "@aws-sdk/client-rds";
import { setCommandOf } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { familiesOf, requirePostgres, type ServerPlace, serverPlaces } from "./servers.ts";

/** Flags of the command. */
export interface GrowFlags extends StackFlags {
  readonly database: string;
  readonly reason: string;
  /** Do what else waits for the window, too: RDS does all of it together. */
  readonly withPending?: boolean;
  /** Print what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** @returns 0 when every server of the database has the storage, or RDS is at it @throws UserError when RDS refuses, or more would be done than was asked for */
export async function growDatabase(flags: GrowFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  requirePostgres(stack.config, flags.database);
  const aws = openAws(stack);
  await growServers(aws, stack.config, flags, reason);
  console.log(nextLine(flags.dryRun === true ? undefined : slipwayCommand("up", flags)));
  return 0;
}

/** The part of it that RDS does. Repeated, it does what is left. */
export async function growServers(
  aws: Aws,
  config: StackConfig,
  { database, stack = "", withPending = false, dryRun = false }: Omit<GrowFlags, "reason">,
  reason: string,
  print: (line: string) => void = console.log,
): Promise<void> {
  const settings = config.databases[database];
  if (settings?.engine !== "postgres") throw new Error(`${database} is no PostgreSQL database`);
  const wanted = settings.storageGib;
  const servers = (await familiesOf(aws, config, serverPlaces(config, database))).flatMap(({ place, own }) =>
    own === undefined ? [] : [{ place, own }],
  );
  const short = servers.filter(({ own }) => (own.AllocatedStorage ?? 0) < wanted);
  if (short.length === 0) {
    const most = Math.max(...servers.map(({ own }) => own.AllocatedStorage ?? 0));
    throw new UserError(
      `Every server of ${database} has ${wanted} GiB or more (${most}), which is what slipway:databases.${database}.storageGib says. Raise that first; it never shrinks:\n  ${setCommandOf(stack, ["databases", database, "storageGib"], most * 2)}`,
    );
  }
  const more = short.flatMap(({ place, own }) => waiting(place, own));
  if (more.length > 0 && !withPending)
    throw new UserError(
      `Nothing was changed: RDS does at once all that waits, and there is more than storage:\n  ${more.join("\n  ")}\nIn the maintenance window: leave it. Now, with what it costs: the same with --with-pending`,
    );
  for (const line of more) print(`Done with it: ${line}`);
  if (dryRun) {
    for (const { place, own } of short)
      print(`Would grow in ${place.region}: ${own.DBInstanceIdentifier}, ${own.AllocatedStorage} → ${wanted} GiB. Nothing was changed.`);
    return;
  }
  const { arn } = await aws.identity();
  print(`Storage of ${database} in ${aws.cloud}, by ${arn}: ${reason}`);
  for (const { place, own } of short) {
    const rds = await aws.client("rds", place.region);
    const asked = rds.modifyDBInstance({
      DBInstanceIdentifier: own.DBInstanceIdentifier,
      AllocatedStorage: wanted,
      ApplyImmediately: true,
    });
    await aws.told(`${own.DBInstanceIdentifier} does not grow`, asked);
    print(
      `${own.DBInstanceIdentifier} in ${place.region}: ${own.AllocatedStorage} → ${wanted} GiB, without an outage. It cannot grow again for six hours.`,
    );
  }
}

/** What each change that can wait costs when it is done now. Source: RDS API, ModifyDBInstance; RDS guide, "Settings for DB instances". */
const costs: Readonly<Partial<Record<keyof PendingModifiedValues, string>>> = {
  DBInstanceClass: "a restart: with a standby a failover of one to two minutes, without one several minutes without it",
  EngineVersion: "an upgrade: minutes without it, and no way back but a restore",
  MultiAZ: "no outage, and slower writes while the standby is made",
  CACertificateIdentifier: "no outage with engines that need no restart for it, else a restart",
};

function waiting({ region }: ServerPlace, { DBInstanceIdentifier: name, PendingModifiedValues: values = {} }: DBInstance): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    key === "AllocatedStorage" || value === undefined
      ? []
      : [`${name} in ${region}: ${key} → ${String(value)}: ${costs[key as keyof PendingModifiedValues] ?? "a restart may be needed"}`],
  );
}
