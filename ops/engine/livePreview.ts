/** A preview compares with what is live: the traffic that somebody moved, and what an update left half done. */
import { type Clouds, readLiveTraffic, type TrafficDrift, trafficDrift } from "../recovery/trafficDrift.ts";
import type { Session } from "./session.ts";
import type { State } from "./state.ts";
import { copiesState, copyState, type StateCopy } from "./stateCopy.ts";

const drifts: Readonly<Record<Exclude<TrafficDrift, "none">, string>> = {
  weights: "The live traffic weights are not those in the state",
  rules: "The live traffic rules are not those in the state",
  unread: "Nobody could tell whether live traffic is what the state says",
};

/**
 * Runs a preview on the state, or where that is not what is live, on a copy into which the traffic rules and what an update
 * left half done were read. A full refresh would need to read everything, secrets too, which a pipeline's role may not.
 * @param say takes a line for people
 * @param preview runs it, with more flags and in another environment where that is needed
 */
export async function onWhatIsLive<Result>(
  session: Session,
  state: State,
  clouds: Clouds,
  say: (line: string) => void,
  preview: (extra: readonly string[], env?: StateCopy["environment"]) => Promise<Result>,
): Promise<Result> {
  const unfinished = state.pendingOperations.length > 0;
  // Rules and what was left half done may hold secrets, which a pull request's job may not read: its role would be refused.
  if (session.backend.kind === "copy") {
    if (unfinished)
      say("The last update did not finish; this preview compares with the state as it is. The plan after the merge reads what is live.");
    return preview([]);
  }
  const drift = unfinished ? "none" : await trafficDrift(state, clouds);
  if (!unfinished && drift === "none") return preview([]);
  say(`${drift === "none" ? "The last update did not finish" : drifts[drift]}; the preview reads what is live.`);
  if (!copiesState(session)) return preview(["--refresh"]);
  const known = new Set(state.resources.map(({ urn }) => urn));
  const halfDone = state.pendingOperations.map(({ resource }) => resource.urn).filter((urn) => known.has(urn));
  const copy = await copyState(session);
  try {
    await readLiveTraffic(session, state, halfDone, copy.environment);
    return await preview([], copy.environment);
  } finally {
    copy.remove();
  }
}
