/** PostgreSQL servers of a stack as RDS has them: found by config and tags alone, so that a state that cannot be read keeps nobody from it. */
import type { DBInstance } from "@aws-sdk/client-rds";
import { namedTypes, physicalNames } from "../../infra/config/physicalNames.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";

/** One server that config declares. */
export interface ServerPlace {
  /** Name in `slipway:databases`. */
  readonly database: string;
  readonly region: string;
  /** Config says that it takes writes; the others replicate it. */
  readonly writes: boolean;
  /** Beginning of its identifier, which the digits of its key end. */
  readonly start: string;
}

/** A server under its own name, what is made to take the name, and what had it before. */
export interface Family {
  readonly place: ServerPlace;
  /** @default nobody has the name */
  readonly own?: DBInstance;
  /** `<name>-new` @default none is made */
  readonly fresh?: DBInstance;
  /** `<name>-damaged` @default none was set aside */
  readonly aside?: DBInstance;
}

/** What stands behind the name of a server that is made, or was set aside. */
export const suffixes = { fresh: "-new", aside: "-damaged" } as const;

/** Longest identifier of a server (RDS API, CreateDBInstance). */
const longest = 63;

/** A server's name with a suffix, cut where RDS takes no more. Pure. */
export function suffixed(identifier: string, suffix: (typeof suffixes)[keyof typeof suffixes]): string {
  return `${identifier.slice(0, longest - suffix.length).replace(/-+$/, "")}${suffix}`;
}

/** Every PostgreSQL server of a stack, the one that takes writes first, then those beside it, then those of the standby regions. Pure. */
export function serverPlaces(config: StackConfig, database?: string): ServerPlace[] {
  const rows = physicalNames(config).filter(({ type, of }) => type === namedTypes.postgres && of.startsWith("databases."));
  const seen = new Set<string>();
  return rows.flatMap(({ of, region, name }) => {
    const store = of.replace(/^databases\./, "");
    if (database !== undefined && store !== database) return [];
    const writes = region === config.aws.region && !seen.has(store);
    seen.add(store);
    return [{ database: store, region, writes, start: name.replace(/\*$/, "") }];
  });
}

/** What there is of each place. @throws UserError for a region that does not tell */
export async function familiesOf(aws: Aws, config: StackConfig, places: readonly ServerPlace[]): Promise<Family[]> {
  const regions = [...new Set(places.map(({ region }) => region))];
  const found = new Map(await Promise.all(regions.map(async (region) => [region, await ownServers(aws, config, region)] as const)));
  return places.map((place) => familyIn(place, found.get(place.region) ?? []));
}

/** Servers of the stack in a region, by its tags. RDS tells those of DocumentDB, too. */
async function ownServers(aws: Aws, { system, environment }: StackConfig, region: string): Promise<DBInstance[]> {
  const rds = await aws.client("rds", region);
  const pages = await aws.told(`The databases of ${region} cannot be read`, Array.fromAsync(rds.paginateDescribeDBInstances({})));
  const own = { System: system, Environment: environment };
  return pages
    .flatMap(({ DBInstances = [] }) => DBInstances)
    .filter((one) => one.Engine === "postgres" && Object.entries(own).every(([key, value]) => tagOf(one, key) === value));
}

/** Pure. */
function familyIn(place: ServerPlace, servers: readonly DBInstance[]): Family {
  const isOf = (suffix: string) =>
    servers.find(({ DBInstanceIdentifier: name = "" }) => {
      if (!name.endsWith(suffix) || !name.startsWith(place.start.slice(0, longest - suffix.length).replace(/-+$/, ""))) return false;
      const digits = name.slice(place.start.length, name.length - suffix.length);
      return suffix === "" ? /^[0-9a-f]{1,8}$/.test(digits) : /^[0-9a-f]{0,8}$/.test(digits);
    });
  const [own, fresh, aside] = [isOf(""), isOf(suffixes.fresh), isOf(suffixes.aside)];
  return { place, ...(own && { own }), ...(fresh && { fresh }), ...(aside && { aside }) };
}

/** Value of a server's tag; undefined where it has none. Pure. */
export function tagOf({ TagList = [] }: DBInstance, key: string): string | undefined {
  return TagList.find(({ Key }) => Key === key)?.Value;
}

/** Identifier that a server follows, of an ARN too; undefined for one that takes writes. Pure. */
export function sourceOf({ ReadReplicaSourceDBInstanceIdentifier: source }: DBInstance): string | undefined {
  return source === undefined || source === "" ? undefined : source.split(":").at(-1);
}

/** Whom one server follows, held against the server that takes the database's writes. */
export interface Following {
  readonly database: string;
  readonly region: string;
  /** As RDS calls it; the beginning of it where none is there. */
  readonly identifier: string;
  readonly state:
    | { readonly follows: "writer"; readonly source: string }
    /** It was promoted, or took the writer's place. */
    | { readonly follows: "nobody" }
    /** Another than the database's writer: what it holds is old, or damaged. */
    | { readonly follows: "other"; readonly source: string }
    | { readonly follows: "absent" }
    | { readonly follows: "unread"; readonly reason: string };
}

/**
 * Whom each replica of the stack follows, beside its writer and in the standby regions. For `status`, `verify restoration` and whoever promotes.
 * Never throws for a region that does not tell.
 */
export async function followings(aws: Aws, config: StackConfig): Promise<Following[]> {
  const places = serverPlaces(config);
  const read = await Promise.all(
    [...new Set(places.map(({ region }) => region))].map(async (region) => {
      const there = places.filter((place) => place.region === region);
      try {
        return { families: await familiesOf(aws, config, there), unread: [] };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { families: [], unread: there.map((place) => ({ place, reason: error.message })) };
      }
    }),
  );
  const unread = read.flatMap((one) => one.unread).filter(({ place }) => !place.writes);
  return [
    ...judgedFollowings(read.flatMap((one) => one.families)),
    ...unread.map(({ place: { database, region, start }, reason }) => ({
      database,
      region,
      identifier: start,
      state: { follows: "unread" as const, reason },
    })),
  ];
}

/**
 * The same of what was read. A writer whose region does not answer is known by its name: what follows a name of the stack's follows it.
 * Where a standby was promoted, that is the writer. Pure.
 */
export function judgedFollowings(families: readonly Family[]): Following[] {
  return families
    .filter(({ place, own }) => !place.writes || (own !== undefined && sourceOf(own) !== undefined))
    .map(({ place: { database, region, start }, own }): Following => {
      const of = { database, region, identifier: own?.DBInstanceIdentifier ?? start };
      if (own === undefined) return { ...of, state: { follows: "absent" } };
      const source = sourceOf(own);
      if (source === undefined) return { ...of, state: { follows: "nobody" } };
      const writers = families.filter(
        (family) => family.place.database === database && family.own !== undefined && sourceOf(family.own) === undefined,
      );
      const known = families.some((family) => family.place.database === database && family.place.writes);
      const isWriter =
        writers.some((family) => family.own?.DBInstanceIdentifier === source) || (!known && !source.endsWith(suffixes.aside));
      return { ...of, state: { follows: isWriter ? "writer" : "other", source } };
    });
}

/** @throws UserError for another engine, with what is done there */
export function requirePostgres({ databases }: StackConfig, database: string): void {
  const engine = databases[database]?.engine;
  if (engine === "postgres") return;
  const all = Object.entries(databases).flatMap(([name, settings]) => (settings.engine === "postgres" ? [name] : []));
  const found = engine === undefined ? "is none of the stack" : `is ${engine}: docs/runbooks/database-restore.md has its steps`;
  throw new UserError(`--database ${database} ${found}. PostgreSQL databases: ${all.join(", ") || "none"}.`, 2);
}
