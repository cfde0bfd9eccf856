/** Which share of the traffic a digest may have: `rollout.steps` is a law about digests, not about colours. */
import type { Moment } from "./record.ts";
import { isBarred } from "./record.ts";
import type { Basis } from "./recordContract.ts";
import type { Standing } from "./standing.ts";

/** One step of a rollout. */
export interface Step {
  /** Percent. */
  readonly weight: number;
  readonly bakeMinutes: number;
}

/** May it have the share? `value` is the share that would do, percent. */
export type ShareAnswer =
  | { readonly answer: "yes"; readonly basis: Exclude<Basis, "found">; readonly reason: string; readonly value: number }
  | {
      readonly answer: "no";
      readonly reason: string;
      readonly value: number;
      /** When the share that was asked for would do, ISO 8601; missing where time alone does not help. */
      readonly from?: string;
    };

/** Steps of a rollout: `direct` is one to 100, which does not bake. */
export function stepsOf({ strategy, steps }: { readonly strategy: string; readonly steps: readonly Step[] }): readonly Step[] {
  return strategy === "direct" ? [{ weight: 100, bakeMinutes: 0 }] : steps;
}

/** How long the last step bakes, minutes. @param steps at least one */
export function lastBakeMinutes(steps: readonly Step[]): number {
  const last = steps.at(-1);
  if (last === undefined) throw new Error("a rollout has at least one step");
  return last.bakeMinutes;
}

/**
 * May the colour have this share? Less traffic is never refused, nor is less for a candidate: that it goes to the way back is how a
 * release is undone.
 * @param share percent
 * @param riser colour that is to have it
 * @param other the other colour
 * @param word a person's reason to go past the steps, or past a mark
 */
export function mayHaveShare(
  share: number,
  {
    riser,
    other,
    steps,
    word,
  }: { readonly riser: Standing; readonly other: Standing; readonly steps: readonly Step[]; readonly word?: string | undefined },
  { now }: Pick<Moment, "now">,
): ShareAnswer {
  const { colour, state } = riser;
  const yes = (basis: Exclude<Basis, "found">, reason: string): ShareAnswer => ({ answer: "yes", basis, reason, value: share });
  const no = (reason: string, value: number, from?: string): ShareAnswer => ({
    answer: "no",
    reason,
    value,
    ...(from === undefined ? {} : { from }),
  });
  if (share <= riser.share) return yes("less", `${colour} has ${riser.share} % already`);
  if (riser.wayBack && (riser.live || (other.state !== "finished" && !isBarred(riser))))
    return yes("less", `${other.colour} gets less, and ${colour} is the way back`);
  if (riser.answer === "unread") return no(`${riser.reason}, so nobody can tell how far it is`, riser.share);
  if (state === "finished") return yes("wayBack", `the digest in ${colour} has finished, and its way back is open`);
  if (word !== undefined) return yes("word", `by a person's word: ${word}`);
  if (isBarred(riser)) {
    const what = state === "failed" ? "failed" : "was rolled back";
    return no(`the digest in ${colour} ${what}: it gets no traffic before somebody acknowledges that`, 0);
  }
  return nextStep(share, riser, steps, now, yes, no);
}

function nextStep(
  share: number,
  { colour, share: has, since }: Standing,
  steps: readonly Step[],
  now: Date,
  yes: (basis: "step", reason: string) => ShareAnswer,
  no: (reason: string, value: number, from?: string) => ShareAnswer,
): ShareAnswer {
  const next = steps.find(({ weight }) => weight > has);
  if (next === undefined) throw new Error(`a rollout ends at 100 %, and ${colour} has ${has} %`);
  const step = steps.findLast(({ weight }) => weight <= has);
  const bake = step === undefined ? 0 : step.bakeMinutes;
  const baked = Date.parse(since) + bake * 60_000;
  // Whatever is no time has not baked.
  if (has > 0 && !(now.getTime() >= baked))
    return no(`${colour} has ${has} % since ${since}, and that step bakes ${bake} minutes`, has, ...fromOf(baked, share === next.weight));
  if (share !== next.weight) return no(`the step after ${has} % is ${next.weight} %`, next.weight);
  return yes("step", `${next.weight} % is the step after ${has} %${has === 0 ? "" : `, which has baked ${bake} minutes`}`);
}

function fromOf(baked: number, enough: boolean): [string?] {
  return enough && Number.isFinite(baked) ? [new Date(baked).toISOString()] : [];
}
