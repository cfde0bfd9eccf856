/**
 * An alarm of a service fired: everything goes to the live colour, and nothing else happens to the candidate until somebody
 * has looked. The weight comes first, the latch next, then the release record, people last; dying between them leaves the rest to
 * the next try. Two tries may run at once: both write the same weights, and the latch of the one that moved them stays.
 */
import { Cloud } from "./cloud.mjs";
import { decide, everythingToLive, mayTakeAll, message } from "./decision.mjs";
import { markRolledBack } from "./record.mjs";
import { otherColour } from "./release.mjs";

/**
 * @typedef {import("./cloud.mjs").Settings} Settings
 * @typedef {Pick<Cloud, keyof Cloud>} Calls
 * @typedef {import("./decision.mjs").Latch} Latch
 *
 * @typedef {object} AlarmEvent What EventBridge sends.
 * @property {string} id
 * @property {string} time
 * @property {{ readonly alarmName: string, readonly state: { readonly value: string, readonly reason?: string } }} detail
 *
 * @typedef {object} Report
 * @property {string} service
 * @property {string} alarm
 * @property {Latch["outcome"] | "nothing"} outcome
 * @property {number} milliseconds From the start of this try until the rule was read back as wanted.
 */

/** Tries of writing the rule and reading it back. */
const tries = 5;

/** Time in which another try that has moved the weight also writes its latch. */
const settlingMilliseconds = 2000;

/**
 * @param {AlarmEvent} event
 * @returns {Promise<Report>}
 * @throws Error when traffic is not where it should be; Lambda tries again, and then keeps the event in the dead-letter queue
 */
export async function handler(event) {
  const settings = settingsFrom(process.env);
  return rollBack(event, settings, new Cloud(settings));
}

/**
 * @param {AlarmEvent} event
 * @param {Settings} settings
 * @param {Calls} cloud
 * @returns {Promise<Report>}
 * @throws Error as the handler does
 */
export async function rollBack(event, settings, cloud) {
  const started = performance.now();
  const { alarmName: alarm, state } = event.detail;
  const { service, live } = settings;
  /** @param {Report["outcome"]} outcome @param {number} [verified] */
  const report = (outcome, verified = performance.now()) => {
    const line = { service, alarm, outcome, milliseconds: Math.round(verified - started) };
    console.log(JSON.stringify(line));
    return line;
  };
  if (state.value !== "ALARM") return report("nothing");

  // Only the rule is needed to act; what else is not known in time does not keep traffic where it hurts.
  const [rule, healthy, latched] = await Promise.allSettled([cloud.rule(), cloud.healthy(), cloud.latch()]);
  if (rule.status === "rejected") throw rule.reason;
  const { weights, sticky } = rule.value;
  const known = latched.status === "fulfilled" ? latched.value : undefined;
  const decision = decide({
    ...settings,
    weights,
    sticky,
    healthy: healthy.status === "fulfilled" ? healthy.value : undefined,
    event: event.id,
    latch: known,
  });
  if (decision === undefined) return report("nothing");
  let { outcome } = decision;

  /** @type {unknown} */
  let failure = outcome === "stranded" ? new Error(`${live} has no healthy target, and ${otherColour(live)} has`) : undefined;
  /** @type {string[]} */
  const notes = [];
  if (decision.move) {
    if (healthy.status === "fulfilled") notes.push(...(await askForTasks(cloud, { ...settings, weights, healthy: healthy.value })));
    try {
      await move(cloud, { ...settings, sticky });
    } catch (error) {
      outcome = "failed";
      failure = error;
    }
  }
  const verified = performance.now();

  /** @type {Latch} */
  const made = {
    state: "set",
    service,
    alarm,
    reason: (state.reason ?? "").slice(0, 500),
    at: event.time,
    event: event.id,
    live,
    candidate: otherColour(live),
    before: known?.event === event.id ? known.before : weights,
    outcome,
    notified: false,
  };
  if (decision.latch && known === undefined && outcome !== "rolledBack" && (await latchedMeanwhile(cloud, event.id))) {
    if (failure !== undefined) throw failure;
    return report(outcome, verified);
  }
  if (decision.latch) await cloud.setLatch(made);
  if (outcome === "rolledBack" || outcome === "alreadyAtZero")
    notes.push(...(await markRolledBack(cloud, { ...settings, alarm, moved: decision.move }, () => move(cloud, { ...settings, sticky }))));
  const latch = decision.latch ? made : known;
  if (latch !== undefined && decision.tell) {
    await cloud.tell(message(latch, { ...settings, notes }));
    await cloud.setLatch({ ...latch, notified: true });
  }
  if (failure !== undefined) throw failure;
  return report(outcome, verified);
}

/**
 * Two alarms may fire in the same second, and both functions move the same weight to the same place. Only one of them may
 * have found it above 0: its latch says so, and a try that moved nothing leaves that alone.
 * @param {Calls} cloud
 * @param {string} event
 */
async function latchedMeanwhile(cloud, event) {
  await cloud.wait(settlingMilliseconds);
  try {
    const other = await cloud.latch();
    return other !== undefined && other.event !== event;
  } catch {
    return false; // what cannot be read is written
  }
}

/**
 * Asks for the tasks that everything needs where the live colour has fewer. Whatever comes of it, traffic moves.
 * @param {Calls} cloud
 * @param {Settings & { readonly weights: import("./decision.mjs").Weights, readonly healthy: import("./decision.mjs").Weights }} situation
 * @returns {Promise<string[]>} what people are told
 */
async function askForTasks(cloud, situation) {
  const { live, receiver, healthy } = situation;
  const capacity = mayTakeAll(situation);
  if (receiver === undefined || capacity.answer !== "goShort") return [];
  // No more than the service may scale to: AWS refuses a minimum above the maximum.
  const refused = await cloud.askForTasks(receiver, Math.min(capacity.value, receiver.maximum));
  const short = `${healthy[live]} of ${capacity.value} healthy targets in ${live}: expect errors until more tasks run.`;
  return [refused.length === 0 ? short : `${short} Nobody could ask for more: ${refused.join("; ")}`];
}

/**
 * Writes the rule until it reads back as wanted: somebody else may be writing it too.
 * @param {Calls} cloud
 * @param {Settings & { readonly sticky: boolean }} settings
 */
async function move(cloud, settings) {
  const { live } = settings;
  for (let attempt = 1; ; attempt++) {
    await cloud.forwardTo(everythingToLive(settings));
    const { weights, sticky } = await cloud.rule();
    if (weights[otherColour(live)] === 0 && weights[live] > 0 && !sticky) return;
    if (attempt === tries) throw new Error(`the rule still reads ${JSON.stringify({ weights, sticky })} after ${tries} writes`);
    await cloud.wait(100 * 2 ** attempt);
  }
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Settings}
 */
function settingsFrom(environment) {
  const text = environment.SLIPWAY_ROLLBACK;
  if (text === undefined) throw new Error("SLIPWAY_ROLLBACK is not set");
  return JSON.parse(text);
}
