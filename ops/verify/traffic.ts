/** Where each service's traffic goes, whether somebody is there to take it, and whether an alarm has rolled it back. */
import { latchCause } from "../../infra/config/latch.ts";
import { type Colour, colours, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { acknowledgeCommand, rollbackCommand, type ServiceLatch } from "../rollback/rollback.ts";
import { UserError } from "../userError.ts";
import { type Check, checked, type Finding } from "./check.ts";
import type { VerifiedCloud } from "./cloud.ts";
import type { ServicePlace } from "./places.ts";

/** Flags with the stack's name. */
export type NamedFlags = StackFlags & { readonly stack: string };

/** After a deployment traffic is where config says; after a rollback it is all on the live colour. */
export type TrafficTarget = "deployment" | "rollback";

/** Weights and healthy targets of every service. @param flags name the stack in commands */
export async function trafficChecks(
  target: TrafficTarget,
  places: readonly ServicePlace[],
  cloud: VerifiedCloud,
  flags: NamedFlags,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const place of places) {
    const where = place.primary ? place.service : `${place.service} in ${place.region}`;
    const wanted = weightsOf(place.live, target === "rollback" ? 0 : place.candidateWeight);
    const { ruleArn, groupArns } = place;
    if (ruleArn === undefined) {
      const advice = slipwayCommand("up", flags);
      checks.push({ what: `weights of ${where}`, expected: weightWords(wanted), found: "no rule in the state", verdict: "failed", advice });
      continue;
    }
    checks.push(
      await checked(`weights of ${where}`, weightWords(wanted), async () => {
        const live = await cloud.weights({ arn: ruleArn, region: place.region });
        const judged = { ...place, reasonToStay: (receiver: Colour) => reasonToStay(receiver, place, cloud) };
        return judgeWeights(percentages(live, groupArns), wanted, target, judged, flags);
      }),
    );
    for (const colour of colours) {
      const arn = groupArns[colour];
      const least = colour === place.live ? place.minimumTasks : 1;
      if (wanted[colour] === 0 || least === 0 || arn === undefined) continue;
      const expected = `${least} healthy at least`;
      checks.push(
        await checked(`targets of ${where}, ${colour}`, expected, async () => {
          const { healthy, all } = await cloud.targetHealth({ arn, region: place.region });
          const verdict = healthy === 0 ? "failed" : healthy < least ? "degraded" : "good";
          return { found: `${healthy} of ${all} healthy`, verdict, ...(verdict === "good" ? {} : { advice: unhealthy }) };
        }),
      );
    }
  }
  return checks;
}

const unhealthy = "docs/runbooks/unhealthy-targets.md";

/** Percent by colour: AWS's weights are shares of their sum. */
export function percentages(live: ReadonlyMap<string, number>, groupArns: ServicePlace["groupArns"]): Weights {
  const sum = [...live.values()].reduce((total, weight) => total + weight, 0);
  const share = (colour: Colour) => (sum === 0 ? 0 : (100 * (live.get(groupArns[colour] ?? "") ?? 0)) / sum);
  return { blue: share("blue"), green: share("green") };
}

/** The same as whole percent of what both have. */
export function wholeShares(live: ReadonlyMap<string, number>, names: ServicePlace["groupArns"]): Weights {
  const { blue, green } = percentages(live, names);
  const whole = Math.round(blue);
  return blue + green === 0 ? { blue: 0, green: 0 } : { blue: whole, green: 100 - whole };
}

/** A service whose weights are judged. */
interface Judged extends Pick<ServicePlace, "service" | "live"> {
  /** Why no traffic may be moved to a colour; undefined when somebody is there to take it. */
  readonly reasonToStay: (receiver: Colour) => Promise<string | undefined>;
}

/** Whether live weights are those that are wanted, and what to do where they are not. @param flags name the stack in commands */
export async function judgeWeights(
  found: Weights,
  wanted: Weights,
  target: TrafficTarget,
  { service, live, reasonToStay: reason }: Judged,
  flags: NamedFlags,
): Promise<Finding> {
  const receiver = colours.find((colour) => wanted[colour] > found[colour]);
  if (receiver === undefined) return { found: weightWords(found), verdict: "good" };
  const candidate = otherColour(live);
  const advice =
    target === "deployment"
      ? `Somebody or an alarm moved traffic, or the last update did not end: ${slipwayCommand("status", flags)}, then ${slipwayCommand("up", flags)}`
      : `${candidate} still has traffic: ${rollbackCommand(service, flags, `${candidate} still has traffic`)}`;
  return { found: weightWords(found), verdict: "failed", advice: (await reason(receiver)) ?? advice };
}

/** Why no traffic may be moved to a colour; undefined when somebody is there to take it. */
export async function reasonToStay(
  receiver: Colour,
  { groupArns, region }: ServicePlace,
  cloud: VerifiedCloud,
): Promise<string | undefined> {
  const other = otherColour(receiver);
  const healthy = async (colour: Colour) => {
    const arn = groupArns[colour];
    return arn === undefined ? 0 : (await cloud.targetHealth({ arn, region })).healthy;
  };
  try {
    if ((await healthy(receiver)) > 0) return undefined;
    const serving = await healthy(other);
    return serving === 0
      ? `Neither colour has a healthy target: no weight helps, get tasks to run: ${unhealthy}`
      : `${receiver} has no healthy target, and ${other} has ${serving}: users are served by ${other}. Leave the weights, and get tasks of ${receiver} to run first: ${unhealthy}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `The health of ${receiver} cannot be read (${error.message}): look before you move traffic there: ${unhealthy}`;
  }
}

/** Both weights as a row tells them. */
export function weightWords({ blue, green }: Weights): string {
  return `blue ${round(blue)} %, green ${round(green)} %`;
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}

/** A set latch is what a rollback leaves, and no state for a deployment to end in. */
export function latchChecks(target: TrafficTarget, latches: readonly ServiceLatch[], flags: StackFlags): Check[] {
  return latches.map(({ service, state }): Check => {
    const what = `latch of ${service}`;
    const expected = target === "rollback" ? "readable" : "not set";
    const advice = `${acknowledgeCommand(service, flags)}, when somebody has looked`;
    if (state === "unreadable") return { what, expected, found: "cannot be read", verdict: "failed", advice };
    if (state === "clear") return { what, expected, found: "clear", verdict: "good" };
    if (state === "absent") return { what, expected, found: "none yet", verdict: "good" };
    const found = `set by ${latchCause(state)}, ${state.at}: ${state.outcome}`;
    const { outcome, live, candidate } = state;
    if (outcome === "stranded") {
      const stay = `Nothing was moved: ${live} had no healthy target, and ${candidate} had. Get tasks of ${live} to run: ${unhealthy}, then ${advice}`;
      return { what, expected, found, verdict: "failed", advice: stay };
    }
    const failed = target === "deployment" || outcome === "failed";
    return { what, expected, found, verdict: failed ? "failed" : "degraded", advice };
  });
}
