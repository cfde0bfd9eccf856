/**
 * What an alarm makes of a service's traffic. Pure: the same situation always gives the same decision.
 *
 * @typedef {"blue" | "green"} Colour
 * @typedef {Readonly<Record<Colour, number>>} Weights Share of traffic as the rule has it; a colour that is not in the rule has 0.
 *
 * @typedef {object} Latch What a rollback leaves behind, until somebody acknowledges it.
 * @property {"set"} state
 * @property {string} service
 * @property {string} alarm Name of the alarm.
 * @property {string} reason What CloudWatch said about it.
 * @property {string} at When, ISO 8601.
 * @property {string} event Id of the event.
 * @property {Colour} live Colour that has everything now.
 * @property {Colour} candidate Colour that gets nothing more.
 * @property {Weights} before Weights that the function found.
 * @property {Outcome} outcome
 * @property {boolean} notified Whether people were notified.
 *
 * @typedef {"rolledBack" | "alreadyAtZero" | "held" | "stranded" | "failed"} Outcome
 *   `held`: the service only stops its candidates; `stranded`: the live colour has no healthy target and the candidate has;
 *   `failed`: the load balancer refused.
 *
 * @typedef {object} Situation
 * @property {Colour} live Colour that takes what the candidate does not, as last deployed.
 * @property {Weights} weights
 * @property {boolean} sticky Clients stay with the colour that they met.
 * @property {boolean} candidateOpen The candidate has an image and capacity.
 * @property {Readonly<Record<Colour, number>> | undefined} healthy Healthy targets by colour; undefined when nobody knows.
 * @property {"rollBack" | "hold"} action The most that may be done.
 * @property {string} event
 * @property {Latch | undefined} latch Undefined when it is clear, or nobody knows.
 *
 * @typedef {{ readonly minimum: number, readonly maximum: number }} Bounds Of the tasks of a colour.
 *
 * @typedef {object} Decision
 * @property {boolean} move Give everything to the live colour.
 * @property {boolean} latch Write the latch.
 * @property {boolean} tell Tell people.
 * @property {Outcome} outcome
 */
import { backCapacity, everythingTo, needsOf, otherColour } from "./release.mjs";

/**
 * The latch is written although the weight is 0 already when a candidate is open: its next step would go on over the alarm.
 *
 * @param {Situation} situation
 * @returns {Decision | undefined} undefined where there is no release that the alarm could be about
 */
export function decide({ live, weights, sticky, candidateOpen, healthy, action, event, latch }) {
  const candidate = otherColour(live);
  const exposed = weights[candidate] > 0 || weights[live] === 0;
  if (!exposed && !candidateOpen) return undefined;
  const stranded = mayTakeAll({ live, weights, healthy }).answer === "stranded";
  const needed = exposed || sticky;
  const outcome = action === "hold" ? "held" : !needed ? "alreadyAtZero" : stranded ? "stranded" : "rolledBack";
  const move = outcome === "rolledBack";
  // A second alarm adds nothing to a latch, unless traffic had come back meanwhile; a second try finishes what the first began.
  const unfinished =
    latch !== undefined && latch.event === event && (!latch.notified || latch.outcome === "failed" || latch.outcome === "stranded");
  const fresh = latch === undefined || (move && latch.event !== event);
  const better = unfinished && latch.outcome !== outcome && outcome !== "alreadyAtZero";
  return { move, latch: fresh || better, tell: fresh || better || (unfinished && !latch.notified), outcome };
}

/**
 * Percent of traffic by colour: the load balancer's weights are parts of their sum.
 *
 * @param {Weights} weights
 * @returns {Weights}
 */
export function percentOf({ blue, green }) {
  const sum = Math.max(blue + green, 1);
  return { blue: (100 * blue) / sum, green: (100 * green) / sum };
}

/**
 * The question that every way back is asked, of everything.
 *
 * @param {{ readonly live: Colour, readonly weights: Weights, readonly healthy: Readonly<Record<Colour, number>> | undefined, readonly receiver?: Bounds | undefined }} situation
 * @returns {import("../../release/capacity.ts").BackCapacity}
 */
export function mayTakeAll({ live, weights, healthy, receiver }) {
  // Of a colour whose bounds nobody knows, what serves now counts as enough.
  const bounds = receiver ?? { minimum: Number.POSITIVE_INFINITY };
  return backCapacity(live, 100, healthy, needsOf(percentOf(weights), healthy ?? {}, bounds));
}

/**
 * What the rule is to forward to, as the load balancer takes it.
 *
 * @param {{ readonly live: Colour, readonly sticky: boolean, readonly targetGroups: Readonly<Record<Colour, string>> }} situation
 * @returns {{ readonly TargetGroupArn: string, readonly Weight: number }[]}
 */
export function everythingToLive({ live, sticky, targetGroups }) {
  return everythingTo(live, sticky).map(({ colour, weight }) => ({ TargetGroupArn: targetGroups[colour], Weight: weight }));
}

/**
 * What people read.
 *
 * @param {Latch} latch
 * @param {{ readonly stack: string, readonly notes?: readonly string[] }} settings `notes`: of the colour that everything went to, and of the release record
 * @returns {{ readonly Subject: string, readonly Message: string }}
 */
export function message(latch, { stack, notes = [] }) {
  const { service, live, candidate, before, alarm, at, reason, outcome } = latch;
  const share = `${before[candidate]} %`;
  const said = {
    rolledBack: `${service}: rolled back, ${candidate} ${share} -> 0 %`,
    alreadyAtZero: `${service}: ${candidate} stays at 0 %`,
    held: `${service}: ${candidate} stays at ${share} and gets no more`,
    stranded: `${service}: NOT rolled back, ${live} has no healthy target`,
    failed: `${service}: ROLLBACK FAILED, ${candidate} may still have ${share}`,
  }[outcome];
  return {
    Subject: `${stack} ${said}`.slice(0, 100),
    Message: [
      `${stack} ${said}.`,
      ...notes,
      `Alarm: ${alarm} at ${at}`,
      reason,
      "",
      `No update gives ${candidate} traffic until somebody acknowledges it:`,
      `  slipway rollback acknowledge --stack ${stack} --service ${service} --real aws`,
      "What to do: docs/runbooks/auto-rollback.md",
    ].join("\n"),
  };
}
