/** Secrets without a value, and tasks that hold the value of before. */
import { secretInventory } from "../secrets/inventory.ts";
import { judge, type Verdict } from "../secrets/secrets.ts";
import { type StaleReader, staleReaders } from "../secrets/stale.ts";
import { presenceOf } from "../secrets/values.ts";
import type { AskedWithState } from "./asked.ts";

/** One secret, without its value. */
export interface SecretStatus {
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
  /** Services that read it. */
  readonly readers: readonly string[];
  /** Colours in which a task runs that was asked for before the value was set. */
  readonly stale: readonly StaleReader[];
}

/** What the stack's secrets are. */
export interface Secrets {
  readonly secrets: readonly SecretStatus[];
  /** A sentence for each thing that could not be read. */
  readonly unread: readonly string[];
}

/** Asks the stores when values were set, and who runs tasks when those were started. */
export async function secretsOf({ stack: { config }, state, aws, cluster }: AskedWithState): Promise<Secrets> {
  const entries = secretInventory(config);
  const presence = await presenceOf(aws, entries);
  const { stale, unread } = await staleReaders({ config, state, aws, cluster }, entries, presence);
  const secrets = entries.map(({ readers, ...entry }): SecretStatus => {
    const { name } = entry;
    return {
      ...{ name, ...judge({ ...entry, readers }, presence.get(name), aws.now()) },
      readers: [...new Set(readers.map((reader) => String(reader.split(" ")[0])))],
      stale: stale.filter(({ secret }) => secret === name),
    };
  });
  return { secrets, unread };
}
