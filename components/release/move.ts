/** A move of traffic, asked as a whole. Program, commands and the rollback function ask here, in this order. */
import { type Colour, colours, otherColour, type Weights } from "../colours.ts";
import { type BackCapacity, backCapacity, forwardCapacity, type Healthy, type Needs } from "./capacity.ts";
import { type Deployment, deploymentAnswer } from "./deployment.ts";
import { type Moment, weightsIn } from "./record.ts";
import type { Basis, ReleaseRecord } from "./recordContract.ts";
import { mayHaveShare, type Step } from "./share.ts";
import type { Standings } from "./standing.ts";

/** All that is known when somebody wants to move traffic. */
export interface Situation {
  readonly standings: Standings;
  readonly steps: readonly Step[];
  /** Of the colour that is to have more; undefined when it could not be read. */
  readonly deployment: Deployment | undefined;
  readonly healthy: Healthy | undefined;
  readonly needs: Needs;
  /** A person's reason to go past the steps. */
  readonly word?: string;
}

/** May traffic move? */
export type MoveAnswer =
  /** The load balancer was read and has these weights: a write would only blur since when. */
  | { readonly answer: "there"; readonly reason: string }
  | { readonly answer: "move"; readonly basis: Exclude<Basis, "found">; readonly reason: string; readonly capacity?: BackCapacity }
  | {
      readonly answer: "stay";
      /** Which question refused. */
      readonly by: "share" | "deployment" | "capacity";
      readonly reason: string;
      /** What would do: a share in percent, a revision, a number of healthy targets, or the colour that still serves. */
      readonly value: number | string;
      readonly from?: string;
    };

/**
 * May these weights be written? A move to the way back asks for capacity and does not wait for it; any other waits. Where both colours
 * get more, as in the first update, both are asked.
 */
export function mayMove(weights: Weights, situation: Situation, moment: Moment): MoveAnswer {
  const { standings } = situation;
  if (colours.every((colour) => standings[colour].share === weights[colour] && standings[colour].answer !== "unread"))
    return { answer: "there", reason: `blue has ${weights.blue} % and green ${weights.green} % already` };
  const answers = colours
    .filter((colour) => weights[colour] > standings[colour].share)
    .map((colour) => mayRise(colour, weights[colour], situation, moment));
  const none: MoveAnswer = { answer: "move", basis: "less", reason: "neither colour gets more" };
  return (
    answers.find(({ answer }) => answer === "stay") ??
    answers.find((one) => one.answer === "move" && one.basis !== "less") ??
    answers[0] ??
    none
  );
}

function mayRise(
  colour: Colour,
  wanted: number,
  { standings, steps, deployment, healthy, needs, word }: Situation,
  moment: Moment,
): MoveAnswer {
  const [riser, other] = [standings[colour], standings[otherColour(colour)]];
  const share = mayHaveShare(wanted, { riser, other, steps, word }, moment);
  if (share.answer === "no") {
    const { answer: _no, ...why } = share;
    return { answer: "stay", by: "share", ...why };
  }
  const { basis, reason } = share;
  if (riser.wayBack && (basis === "less" || basis === "wayBack")) {
    const capacity = backCapacity(colour, wanted, healthy, needs);
    if (capacity.answer === "stranded") return { answer: "stay", by: "capacity", reason: capacity.reason, value: capacity.value };
    return { answer: "move", basis, reason, capacity };
  }
  if (deployment === undefined)
    return { answer: "stay", by: "deployment", reason: `what ${colour} runs could not be read`, value: riser.digest };
  const deployed = deploymentAnswer(deployment);
  if (deployed.answer !== "asWanted") return { answer: "stay", by: "deployment", reason: deployed.reason, value: deployed.value };
  const capacity = forwardCapacity(colour, wanted, healthy, needs);
  if (capacity.answer === "tooFew") return { answer: "stay", by: "capacity", reason: capacity.reason, value: capacity.value };
  return { answer: "move", basis, reason: `${reason}; ${capacity.reason}` };
}

/** What a writer does whose result was refused because somebody else wrote meanwhile. */
export type ConflictAnswer =
  /** Its own write may stand over theirs: the load balancer is given what they wrote. */
  | { readonly answer: "takeBack"; readonly weights: Weights; readonly reason: string }
  | { readonly answer: "leave"; readonly reason: string };

/**
 * After a conflict: theirs is right, and the load balancer is given it where a candidate has more than that. What a candidate has is
 * never raised.
 * @param record as read again
 * @param live weights as read again
 */
export function afterConflict(record: ReleaseRecord, live: Weights): ConflictAnswer {
  const weights = record.intent?.weights ?? weightsIn(record);
  const candidate = otherColour(record.wayBack);
  if (weights.blue + weights.green !== 100 || weights[candidate] >= live[candidate])
    return { answer: "leave", reason: `the release record does not give ${candidate} less than it has` };
  const reason = `${candidate} has ${live[candidate]} %, and the release record was written meanwhile: it gives ${weights[candidate]} %`;
  return { answer: "takeBack", weights, reason };
}
