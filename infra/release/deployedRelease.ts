/** What an update really leaves behind, read off the resources that it applied. What it leaves when it fails: `releaseInState.ts`. */
import { all, type Output } from "@pulumi/pulumi";
import { type Colour, colours, otherColour, type Weights } from "../../components/colours.ts";
import { clientsMayStay } from "../../components/release/withdrawal.ts";
import type { RunningColour } from "../../components/runningColour.ts";
import type { StackConfig } from "../config/stack.ts";

/** One service as the last complete update left it; also an output of the stack. */
export interface DeployedService {
  /** Share of traffic by colour, percent, as the rule has it. */
  readonly weights: Readonly<Record<Colour, number>>;
  /** Digest of the image that the colour's tasks run; empty when none is known to run. */
  readonly images: Readonly<Record<Colour, string>>;
  /** `zero` until an update has seen the colour's tasks steady. */
  readonly capacity: Readonly<Record<Colour, StackConfig["services"][string]["release"][Colour]["capacity"]>>;
  /** Fingerprint of the task settings that the colour runs with; empty when none is known. */
  readonly settings: Readonly<Record<Colour, string>>;
  readonly port: number;
  readonly priority: number;
  /** When the colour's weight last went to 0, ISO 8601; empty when it has traffic or never had any. */
  readonly servedUntil: Readonly<Record<Colour, string>>;
  /** Colour that an alarm gives everything to. @default the live one: records before this was kept */
  readonly rollbackTo?: Colour;
  /** The rule forwards to both colours, and clients stay with neither. Of the state alone. @default true, or nobody knows */
  readonly ruleSticks?: false;
}

/** Whether an update takes traffic from a candidate: what is no matter of the traffic does not hold it. */
export function takesTrafficBack({ services }: Pick<StackConfig, "services">, deployed: DeployedRelease): boolean {
  return Object.entries(services).some(([name, { release }]) => {
    const before = deployedService(deployed, name);
    if (before === undefined || (before.rollbackTo ?? release.live) !== release.live) return false;
    return before.weights[release.live] < 100 - release.candidateWeight;
  });
}

type ServiceRelease = StackConfig["services"][string]["release"];

export type DeployedRelease = Readonly<Record<string, DeployedService>>;

/** What a region made of a service, wherever it runs. */
export interface AppliedService {
  /** Weights that the rule or route has. */
  readonly weights: Output<Weights>;
  readonly running: Readonly<Record<Colour, Output<RunningColour>>>;
  /** ARN of the rule that moves traffic, or namespace and name of the object on a cluster. */
  readonly trafficObject: Output<string>;
}

/**
 * The record that this update leaves. It resolves from the resources' own outputs: when one of them fails or is not part
 * of the update, the record does not claim what config asked for. Swapping the labels at 100 % does not change it.
 */
export function releaseRecord(
  services: StackConfig["services"],
  applied: Readonly<Record<string, AppliedService>>,
  deployed: DeployedRelease,
  now: Date,
): Record<string, Output<DeployedService>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([name, { port, route, release }]) => {
      const made = applied[name];
      const before = deployedService(deployed, name);
      if (made === undefined) return [];
      const record = all([made.weights, made.running.blue, made.running.green]).apply(([weights, blue, green]): DeployedService => {
        const running = { blue, green };
        const of = <T>(pick: (colour: Colour) => T) => ({ blue: pick("blue"), green: pick("green") });
        return {
          weights,
          images: of((colour) => running[colour].image),
          capacity: of((colour) => (running[colour].tasks > 0 ? "full" : "zero")),
          settings: of((colour) => running[colour].settings),
          port,
          priority: route.priority,
          servedUntil: of((colour) => servedUntil(weights[colour], colour, before, now)),
          rollbackTo: rollbackColour(release, before),
        };
      });
      return [[name, record]];
    }),
  );
}

/** When a colour lost its traffic: now, where what was before says that it had some. */
export function servedUntil(weight: number, colour: Colour, before: DeployedService | undefined, now: Date): string {
  if (weight > 0 || before === undefined) return "";
  return before.weights[colour] > 0 ? now.toISOString() : before.servedUntil[colour];
}

/**
 * Colour that an alarm gives everything to: the live one. Swapping the labels at 100 % is no change, to this no more than to
 * anything else: the way back stays what it was for as long as both colours run what they ran, or until one of them gets a
 * part of the traffic.
 */
export function rollbackColour(release: ServiceRelease, before: DeployedService | undefined): Colour {
  const kept = before?.rollbackTo;
  if (before === undefined || kept === undefined || kept === release.live) return release.live;
  const whole = release.candidateWeight === 0 || release.candidateWeight === 100;
  const asBefore = colours.every((colour) => {
    const { image, capacity } = release[colour];
    return before.capacity[colour] === "full" && capacity === "full" && before.images[colour] === image;
  });
  return whole && asBefore ? kept : release.live;
}

/** Whether the candidate's traffic went back, in this update or so short a time ago that clients may stay with it still. */
export function isRolledBack(release: ServiceRelease, before: DeployedService | undefined, now: Date): boolean {
  const { live, stickinessSeconds } = release;
  if (before === undefined || rollbackColour(release, before) !== live) return false;
  const candidate = otherColour(live);
  return clientsMayStay({ stickinessSeconds, share: before.weights[candidate], servedUntil: before.servedUntil[candidate] }, now);
}

/**
 * Whether this update makes clients stay with a colour that they met. The rule comes first: the load balancer refuses targets that stick
 * behind a rule that does not, and the engine changes what a rule leads to before the rule.
 */
export function beginsToStick({ stickinessSeconds }: ServiceRelease, before: DeployedService | undefined): boolean {
  return stickinessSeconds !== undefined && before?.ruleSticks === false;
}

/** What the last update left of a service; undefined when it is new. */
export function deployedService(deployed: DeployedRelease, service: string): DeployedService | undefined {
  return Object.hasOwn(deployed, service) ? deployed[service] : undefined;
}

/** Colours that run no tasks until this update, which starts them and waits for them. */
export function idleColours(deployed: DeployedRelease, service: string): readonly Colour[] {
  const before = deployedService(deployed, service);
  return before === undefined ? [] : colours.filter((colour) => before.capacity[colour] === "zero");
}
