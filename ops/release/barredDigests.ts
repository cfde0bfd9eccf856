/** Digests that release records bar: they failed or were rolled back, a colour runs them, and nobody has given a word for them. */
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { isBarred } from "../../components/release/record.ts";
import type { DigestEntry, ReleaseRecord } from "../../components/release/recordContract.ts";
import { colours } from "../../infra/config/release.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { readReleaseRecord, recordPlaceIn } from "./recordTable.ts";

/** What one record bars. */
export interface BarredService {
  readonly service: string;
  readonly region: string;
  /** Why nobody can tell. @default the record could be read */
  readonly unread?: string;
  /** Each digest once; none where nothing is barred. */
  readonly entries: readonly DigestEntry[];
}

/** What a record bars of the digests that a colour runs, each digest once. */
export function barredIn({ digests, runs }: ReleaseRecord): DigestEntry[] {
  const running = new Set(colours.map((colour) => runs[colour]));
  const barred = digests.filter((entry) => isBarred(entry) && running.has(entry.digest));
  return [...new Map(barred.map((entry) => [entry.digest, entry])).values()];
}

/** What the records of all services bar, wherever they run. */
export async function barredServices(config: StackConfig, state: State, aws: Aws): Promise<BarredService[]> {
  const places = regionRoles(config).flatMap(({ region }) =>
    Object.keys(config.services).flatMap((service) => recordPlaceIn(config, state, region, service) ?? []),
  );
  const read = places.map(async (place): Promise<BarredService> => {
    const { service, region } = place;
    const found = await readReleaseRecord(aws, place);
    if (found.answer === "unread") return { service, region, unread: found.reason, entries: [] };
    return { service, region, entries: found.answer === "record" ? barredIn(found.record) : [] };
  });
  return Promise.all(read);
}

/** As lines for people tell it. */
export function barredLines({ service, region, unread, entries }: BarredService): string[] {
  const record = `The release record of ${service} in ${region}`;
  if (unread !== undefined) return [`${record} could not be read: ${unread}`];
  return entries.map(({ digest, colour, state, by, since }) => {
    const what = state === "failed" ? "failed" : "was rolled back";
    return `${record} bars ${digest} in ${colour}, which ${what} (${by}, ${since})`;
  });
}
