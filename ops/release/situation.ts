/** All that is known of a service when an update is about to move its traffic, read live, from the record and from the state. */
import { type Healthy, type Needs, needsOf } from "../../components/release/capacity.ts";
import type { Moment } from "../../components/release/record.ts";
import { lastBakeMinutes, stepsOf } from "../../components/release/share.ts";
import { type Standings, standingOf } from "../../components/release/standing.ts";
import type { Colour, Weights } from "../../infra/config/release.ts";
import type { State } from "../engine/state.ts";
import { UserError } from "../userError.ts";
import { type ReadRecord, readReleaseRecord, recordPlaceIn } from "./recordTable.ts";
import type { LiveDeployments, ReleasedService, Updated } from "./releasedService.ts";

/** A service as it stands. */
export interface ServiceSituation {
  readonly weights: Weights;
  readonly record: ReadRecord;
  readonly standings: Standings;
  readonly deployments: LiveDeployments;
  readonly healthy: Healthy;
  readonly needs: Needs;
  readonly moment: Moment;
}

/** Reads a service. What cannot be read is missing: it holds what goes forward, and no way back. */
export async function situationOf(place: ReleasedService, weights: Weights, { config, state, aws }: Updated): Promise<ServiceSituation> {
  const at = recordPlaceIn(config, state, place.region, place.service);
  const [record, deployments, healthy] = await Promise.all([
    at === undefined ? ({ answer: "absent" } as const) : readReleaseRecord(aws, at),
    place.deployments().catch((error: unknown): LiveDeployments => {
      if (error instanceof UserError) return {};
      throw error;
    }),
    place.healthy(),
  ]);
  const moment = { now: aws.now(), retainOldMinutes: config.rollout.retainOldMinutes };
  const known = record.answer === "record" ? record.record : record.answer === "unread" ? "unreadable" : undefined;
  const live = { blue: liveColour("blue", weights, deployments), green: liveColour("green", weights, deployments) };
  // Without a record the last complete update says where a rollback leads: labels that are set anew make no way back of a way forward.
  const home = typeof known === "object" ? place.live : (rollbackTo(state, place.service) ?? place.live);
  const bake = lastBakeMinutes(stepsOf(config.rollout));
  const standing = (colour: Colour) => standingOf(colour, { record: known, outputs: undefined, live }, home, bake, moment);
  const maximum = config.services[place.service]?.scaling.maximum;
  const needs = needsOf(weights, healthy, { minimum: place.minimumTasks, maximum });
  return { weights, record, standings: { blue: standing("blue"), green: standing("green") }, deployments, healthy, needs, moment };
}

/** Empty where what runs is not what the state has: nobody looks up whose image that is. */
function liveColour(colour: Colour, weights: Weights, deployments: LiveDeployments) {
  const { digest = "", wanted, running } = deployments[colour] ?? {};
  return { digest: wanted !== undefined && wanted.revision === running?.revision ? digest : "", share: weights[colour] };
}

/** Colour that a rollback leads to, as the last complete update left it; undefined where none has. */
export function rollbackTo({ resources }: State, service: string): Colour | undefined {
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  return (outputs?.release as Readonly<Record<string, { readonly rollbackTo?: Colour }>> | undefined)?.[service]?.rollbackTo;
}
