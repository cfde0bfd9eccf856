/** What holds releases back: latches that rollbacks left, and digests that release records bar. */
import { latchName } from "../../infra/config/latch.ts";
import type { State } from "../engine/state.ts";
import { type BarredService, barredServices } from "../release/barredDigests.ts";
import { readLatch } from "../rollback/latches.ts";
import { type LatchState, latchRegions, stateOf } from "../rollback/rollback.ts";
import type { Asked, AskedWithState } from "./asked.ts";
import { type Reading, reading } from "./reading.ts";

/** One service's latch, in a region that it is rolled back in. */
export interface LatchStatus {
  readonly service: string;
  readonly region: string;
  readonly latch: Reading<LatchState>;
}

/** The latch of every service: an alarm or a person may roll it back. Each is read by itself. */
export function latchesOf({ stack: { config }, aws }: Asked): Promise<LatchStatus[]> {
  const all = latchRegions(config).flatMap((region) => Object.keys(config.services).map((service) => ({ service, region })));
  return Promise.all(
    all.map(async (place) => {
      const name = latchName(config, place.service);
      return { ...place, latch: await reading(async () => stateOf(await readLatch(aws, { region: place.region, name }))) };
    }),
  );
}

/** What release records bar, wherever the services run. */
export function barredOf({ stack: { config }, state, aws }: AskedWithState & { readonly state: State }): Promise<BarredService[]> {
  return barredServices(config, state, aws);
}
