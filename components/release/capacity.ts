/** How many healthy targets a share needs, and whether a colour has them. */
import { type Colour, otherColour, type Weights } from "../colours.ts";

/** What a share needs of a service. */
export interface Needs {
  /** Tasks of the colour that has served until now. */
  readonly liveRunning: number;
  /** Percent of what the share needs by the figures; 100 is none to spare. */
  readonly headroom: number;
  /** Healthy targets below which a colour gets no traffic at all. */
  readonly minimum: number;
}

/** Healthy targets by colour; undefined where they could not be read. */
export type Healthy = Readonly<Partial<Record<Colour, number>>>;

/**
 * What all traffic needs, by the colour that has most of it: as many targets as it has, for as much as it serves, and none to spare. At its
 * minimum a colour says nothing of what it needs, and counts as enough for all.
 * @param weights as the load balancer has them, percent
 * @param bounds fewest and most tasks that the service scales to; without a most, no more than serve now
 */
export function needsOf(
  weights: Weights,
  healthy: Healthy,
  { minimum, maximum }: { readonly minimum: number; readonly maximum?: number | undefined },
): Needs {
  const most: Colour = weights.green > weights.blue ? "green" : "blue";
  const known = healthy[most] ?? healthy[otherColour(most)];
  const serving = known === undefined ? 0 : known;
  // Percent of weights such as 1 and 2 are no whole numbers, and what they are short of is no target.
  const all = Math.min(maximum ?? serving, Math.ceil((serving * 100) / Math.max(weights[most], 1) - 1e-9));
  return { liveRunning: serving <= minimum ? serving : Math.max(serving, all), headroom: 100, minimum: 1 };
}

/**
 * Healthy targets that a share needs.
 * @param share percent
 * @param liveRunning tasks that run the colour which serves now
 * @param headroom percent; 120 asks for a fifth more
 * @param minimum least number for any share
 */
export function neededTargets(share: number, liveRunning: number, headroom: number, minimum: number): number {
  return share === 0 ? 0 : Math.max(minimum, 1, Math.ceil((share * liveRunning * headroom) / 10_000));
}

/** Has a colour the targets for a share, so that it moves forward? `value` is the number of healthy targets that would do. */
export type ForwardCapacity =
  | { readonly answer: "enough"; readonly healthy: number; readonly value: number; readonly reason: string }
  | { readonly answer: "tooFew"; readonly healthy: number; readonly value: number; readonly reason: string };

/** Forward, what could not be read counts as none. */
export function forwardCapacity(colour: Colour, share: number, healthy: Healthy | undefined, needs: Needs): ForwardCapacity {
  const value = neededTargets(share, needs.liveRunning, needs.headroom, needs.minimum);
  const known = healthy?.[colour];
  const there = known === undefined ? 0 : known;
  const words = `${share} % needs ${value} healthy targets in ${colour}, and ${known === undefined ? "nobody could read how many there are" : `${there} are there`}`;
  return { answer: there >= value ? "enough" : "tooFew", healthy: there, value, reason: words };
}

/** May traffic go back to a colour? A way back asks for targets and does not wait for them. */
export type BackCapacity =
  | { readonly answer: "go"; readonly reason: string; readonly value: number }
  /** Fewer than the share needs: it moves, and says so. `value` targets would do. */
  | { readonly answer: "goShort"; readonly healthy: number; readonly reason: string; readonly value: number }
  /** Nobody would answer there, and `value` still does. */
  | { readonly answer: "stranded"; readonly reason: string; readonly value: Colour };

/** Back: only a colour without a single healthy target is refused, and only while the other has one. */
export function backCapacity(colour: Colour, share: number, healthy: Healthy | undefined, needs: Needs): BackCapacity {
  const value = neededTargets(share, needs.liveRunning, needs.headroom, needs.minimum);
  const there = healthy?.[colour];
  const other = otherColour(colour);
  const others = healthy?.[other];
  if (there === 0 && others !== undefined && others > 0)
    return { answer: "stranded", reason: `${colour} has no healthy target, and ${other} has ${others}`, value: other };
  const reason = `${there === undefined ? "nobody could read how many" : there} of ${value} healthy targets in ${colour}`;
  return there !== undefined && there < value ? { answer: "goShort", healthy: there, reason, value } : { answer: "go", reason, value };
}
