/** Which colours run tasks that were started before a secret's value: a task reads secrets when it starts, and never again. */
import type { Colour } from "../../infra/config/release.ts";
import type { Aws } from "../aws/aws.ts";
import type { Updated } from "../release/releasedService.ts";
import { runnersOf } from "../restart/runners.ts";
import { UserError } from "../userError.ts";
import type { SecretEntry } from "./inventory.ts";
import type { Presence } from "./values.ts";

/** One colour that holds an old value. */
export interface StaleReader {
  /** As config names it. */
  readonly secret: string;
  readonly service: string;
  readonly colour: Colour;
  readonly region: string;
  /** `api-blue`, in another region than the stack's own `api-blue in eu-west-1`. */
  readonly where: string;
  /** When the oldest of its tasks was asked for. */
  readonly started: Date;
  /** When the value was set. */
  readonly changed: Date;
}

/** What was found, and what could not be read, a sentence each. */
export interface StaleReaders {
  readonly stale: readonly StaleReader[];
  readonly unread: readonly string[];
}

/** @param presence of each entry, by name. Never throws for a colour or a secret that cannot be read */
export async function staleReaders(
  update: Updated,
  entries: readonly SecretEntry[],
  presence: ReadonlyMap<string, Presence>,
): Promise<StaleReaders> {
  const set = entries.flatMap((entry) => {
    const found = presence.get(entry.name);
    return found?.kind === "set" && found.changed !== undefined ? [{ entry, changed: found.changed }] : [];
  });
  const unread: string[] = [];
  const read = async <Result>(question: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push(error.message);
      return undefined;
    }
  };
  const looked = runnersOf(update).map(async (runner): Promise<StaleReader[]> => {
    const { service, colour, region, where } = runner;
    const mine = set.filter(({ entry }) => isReadBy(entry, service, region));
    if (mine.length === 0) return [];
    const started = await read(runner.oldest);
    if (started === undefined) return [];
    const suspects = mine.filter(({ changed }) => changed > started);
    const found = suspects.map(async ({ entry, changed: written }) => {
      const changed = entry.store === "secretsManager" ? await read(() => valueSet(update.aws, entry)) : written;
      return changed !== undefined && changed > started ? [{ secret: entry.name, service, colour, region, where, started, changed }] : [];
    });
    return (await Promise.all(found)).flat();
  });
  return { stale: (await Promise.all(looked)).flat(), unread };
}

/** A parameter is read in its own region; an entry of Secrets Manager is copied to each. */
function isReadBy({ store, region: home, readers }: SecretEntry, service: string, region: string): boolean {
  return readers.some((reader) => reader.split(" ")[0] === service) && (store === "secretsManager" || region === home);
}

/** `LastChangedDate` is of the entry: its tags and its policy change it, too. Its current version is of the value. */
async function valueSet(aws: Aws, { name, region }: SecretEntry): Promise<Date | undefined> {
  const secrets = await aws.client("secretsManager", region);
  const asked = secrets.listSecretVersionIds({ SecretId: name });
  const { Versions = [] } = await aws.told(`When ${name} was set cannot be read`, asked);
  return Versions.find(({ VersionStages = [] }) => VersionStages.includes("AWSCURRENT"))?.CreatedDate;
}
