/** What may not be said of a region: a withdrawal that leaves nobody, and a second region that takes writes of the same database. */
import { type RegionRole, regionRoles, switchName } from "../../components/environment/contract/failover.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { type Family, familiesOf, serverPlaces, sourceOf } from "../database/servers.ts";
import { UserError } from "../userError.ts";
import type { FailoverCloud } from "./cloud.ts";
import { readWriteMode } from "./writeMode.ts";

/** A region that takes writes of a database, or that nobody can be sure of. */
export interface OtherWriter {
  readonly region: string;
  /** Why it counts, as a sentence goes on: `eu-west-1 takes writes of main`. */
  readonly why: string;
}

/** Whether an operator has taken a region out of the answers. The last region has no such switch. */
export async function isWithdrawn(config: StackConfig, cloud: Pick<FailoverCloud, "readSwitch">, region: string): Promise<boolean> {
  if (region === regionRoles(config).at(-1)?.region) return false;
  return (await cloud.readSwitch(switchName(config, "withdraw", region))).on;
}

/** Why a region may not be withdrawn; undefined when another that answers is left. */
export async function reasonAgainstWithdrawal(
  config: StackConfig,
  cloud: Pick<FailoverCloud, "readSwitch" | "health">,
  region: string,
): Promise<string | undefined> {
  const others = regionRoles(config).filter((role) => role.region !== region);
  const found = await Promise.all(
    others.map(async (role: RegionRole) => {
      if (await isWithdrawn(config, cloud, role.region)) return { ok: false, words: `${role.region} is withdrawn` };
      const health = await cloud.health(role.host);
      return { ok: health === "healthy", words: `${role.region} is ${health === "unknown" ? "not known to be healthy" : health}` };
    }),
  );
  return found.some(({ ok }) => ok) ? undefined : `no healthy region would be left: ${found.map(({ words }) => words).join(", ")}`;
}

/**
 * Regions beside one that take writes of a database that this one would take, too. Withdrawn ones have no users, and where services refuse
 * writes nobody writes. A region whose servers cannot be read counts as config has it.
 * @param otherwise the region is to take writes, whatever its servers are now. @default only where its own server is no replica
 */
export async function otherWriters(
  aws: Aws,
  config: StackConfig,
  cloud: Pick<FailoverCloud, "readSwitch">,
  region: string,
  otherwise = false,
): Promise<OtherWriter[]> {
  const places = serverPlaces(config);
  const read = new Map(
    await Promise.all(
      [...new Set(places.map((place) => place.region))].map(async (one) => [one, await serversIn(aws, config, one)] as const),
    ),
  );
  const writes = (of: string, database: string) => writesIn(read.get(of), places, of, database);
  const found: OtherWriter[] = [];
  for (const database of new Set(places.map((place) => place.database))) {
    if (!otherwise && writes(region, database) === undefined) continue;
    for (const other of read.keys()) {
      const why = other === region ? undefined : writes(other, database);
      if (why === undefined || (await isWithdrawn(config, cloud, other))) continue;
      const mode = await modeOf(aws, config, other);
      if (mode !== undefined) found.push({ region: other, why: `${why}${mode}` });
    }
  }
  return found;
}

/** @returns why the region's services may write; undefined when they refuse to */
async function modeOf(aws: Aws, config: StackConfig, region: string): Promise<string | undefined> {
  try {
    const { writes, why } = await readWriteMode(aws, config, region);
    return writes === "refused" ? undefined : ` (${why})`;
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 1) return ` (${error.message})`;
    throw error;
  }
}

type Servers = { readonly families: readonly Family[] } | { readonly unread: string };

async function serversIn(aws: Aws, config: StackConfig, region: string): Promise<Servers> {
  try {
    const places = serverPlaces(config).filter((place) => place.region === region);
    return { families: await familiesOf(aws, config, places) };
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 1) return { unread: error.message };
    throw error;
  }
}

/** Why a region takes writes of a database, as a sentence goes on; undefined when it does not. */
function writesIn(
  servers: Servers | undefined,
  places: ReturnType<typeof serverPlaces>,
  region: string,
  database: string,
): string | undefined {
  if (servers === undefined) return undefined;
  if ("unread" in servers)
    return places.some((place) => place.region === region && place.database === database && place.writes)
      ? `${region} takes writes of ${database} by its config, and cannot be asked: ${servers.unread}`
      : undefined;
  const writer = servers.families.find(({ place, own }) => place.database === database && own !== undefined && sourceOf(own) === undefined);
  return writer === undefined ? undefined : `${writer.own?.DBInstanceIdentifier} in ${region} takes writes of ${database}`;
}
