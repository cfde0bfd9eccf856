/** `slipway database follow`: servers of a region made anew as replicas of the server that takes writes, with the old ones kept beside. */
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readWriteMode } from "../failover/writeMode.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { adopt, adoptAfter } from "./adopt.ts";
import { type Family, familiesOf, judgedFollowings, requirePostgres, serverPlaces, sourceOf } from "./servers.ts";
import { marks, replicaRequest } from "./settings.ts";
import { deleteCommands, type Swap, swap } from "./swap.ts";

/** Flags of the command. */
export interface FollowFlags extends StackFlags {
  /** @default every PostgreSQL database */
  readonly database?: string;
  /** Region whose servers are made anew. @default each region with a server that follows another than the writer */
  readonly region?: string;
  readonly reason: string;
  /** Print what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** @returns 0 when every server of the region follows @throws UserError where one may not, before anything is changed */
export async function followWriter(flags: FollowFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  const { config } = stack;
  if (flags.database !== undefined) requirePostgres(config, flags.database);
  const aws = openAws(stack);
  const regions = flags.region === undefined ? await astray(aws, config, flags.database) : [flags.region];
  if (regions.length === 0) console.log("Every PostgreSQL server follows the one that takes writes.");
  for (const region of regions) await followIn(aws, config, { ...flags, region }, reason);
  if (flags.dryRun === true) return 0;
  const session = openSession(stack);
  try {
    return await adoptAfter(
      "The servers follow",
      flags,
      () => adopt(session, aws, config),
      async () => slipwayCommand("up", flags, "--refresh"),
    );
  } finally {
    session.close();
  }
}

/** Regions with a server that follows another than the one that takes writes, or nobody any more. */
export async function astray(aws: Aws, config: StackConfig, database: string | undefined): Promise<string[]> {
  const judged = judgedFollowings(await familiesOf(aws, config, serverPlaces(config, database)));
  return [...new Set(judged.flatMap(({ region, state }) => (state.follows === "other" ? [region] : [])))];
}

/** The part of it that AWS does. Repeated, it does what is left. */
export async function followIn(
  aws: Aws,
  config: StackConfig,
  { database, region, dryRun = false }: Pick<FollowFlags, "database" | "dryRun"> & { readonly region: string },
  reason: string,
  { print = console.log, wait }: Partial<Pick<Swap, "print" | "wait">> = {},
): Promise<void> {
  const places = serverPlaces(config, database);
  if (!places.some((place) => place.region === region))
    throw new UserError(
      `--region ${region} has no PostgreSQL server of the stack. There are: ${[...new Set(places.map((one) => one.region))].join(", ") || "none"}.`,
      2,
    );
  const families = await familiesOf(aws, config, places);
  const meant = families
    .filter(({ place }) => place.region === region)
    .flatMap((family) => {
      const writer = writerFor(family, families);
      return writer === undefined ? [] : [{ family, writer }];
    });
  await requireNoWrites(
    aws,
    config,
    region,
    meant.map(({ family }) => family),
  );
  if (meant.length === 0) print(`Every PostgreSQL server of ${region} follows the one that takes writes.`);
  if (dryRun) {
    for (const { family, writer } of meant)
      print(
        `${family.own?.DBInstanceIdentifier ?? family.place.start} in ${region} would be made anew as a replica of ${writer.DBInstanceIdentifier}, and the old one kept`,
      );
    return;
  }
  const { arn } = await aws.identity();
  if (meant.length > 0) print(`Replicas in ${region} of ${aws.cloud}, by ${arn}: ${reason}`);
  const rds = await aws.client("rds", region);
  for (const { family, writer } of meant) {
    const mark = { key: marks.follows, value: String(writer.DbiResourceId) };
    const make = (original: Parameters<typeof replicaRequest>[0], name: string) =>
      rds.createDBInstanceReadReplica(replicaRequest(original, name, writer, mark));
    const { own, aside } = await swap({ aws, config, place: family.place, mark, make, print, wait });
    print(`${own.DBInstanceIdentifier} in ${region} follows ${writer.DBInstanceIdentifier}.`);
    if (aside !== undefined) print(`When nobody misses anything in it, after a week: ${deleteCommands(aside, region)}`);
  }
}

/** Whom a server has to follow and does not; undefined where it does. */
function writerFor(family: Family, families: readonly Family[]) {
  const { database, region } = family.place;
  const others = families.filter((other) => other !== family && other.place.database === database);
  const [writer, ...more] = others.flatMap(({ own }) => (own !== undefined && sourceOf(own) === undefined ? [own] : []));
  const [judged] = judgedFollowings([family, ...others]).filter(
    (one) => one.region === region && one.identifier === family.own?.DBInstanceIdentifier,
  );
  const unfinished = family.fresh !== undefined || (family.own === undefined && family.aside !== undefined);
  if (judged?.state.follows === "writer" && !unfinished) return undefined;
  if (writer !== undefined && more.length === 0) return writer;
  const names = [writer, ...more].flatMap((one) => one?.DBInstanceIdentifier ?? []);
  throw new UserError(
    names.length === 0
      ? `Nobody but ${region} takes writes of ${database}: there is nothing to follow.`
      : `Several servers take writes of ${database}: ${names.join(", ")}. One of them has to be set aside first: docs/runbooks/failback.md`,
  );
}

/** What users write into a server is not taken from under them. */
async function requireNoWrites(aws: Aws, config: StackConfig, region: string, families: readonly Family[]): Promise<void> {
  const writers = families.filter(({ own }) => own !== undefined && sourceOf(own) === undefined);
  if (writers.length === 0) return;
  const mode = await readWriteMode(aws, config, region);
  if (mode.writes === "refused") return;
  throw new UserError(
    `${writers.map(({ own }) => own?.DBInstanceIdentifier).join(", ")} in ${region} may take writes of users (${mode.why}). Nothing was changed. Have the region refuse them first: slipway failover read-only --region ${region} --writes refused`,
  );
}
