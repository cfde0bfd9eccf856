/** What latches keep an update from, until somebody acknowledges them: the rule alone, for the program and for drills. */
import { type Latch, latchCause } from "./latch.ts";
import { type Problem, setCommand } from "./problem.ts";
import { otherColour, weightsOf } from "./release.ts";
import type { StackConfig } from "./stack.ts";

/** A latch that is set, or of which nobody can tell. */
export interface SetLatch {
  readonly service: string;
  readonly region: string;
  /** @default the value cannot be read */
  readonly latch?: Latch;
}

/** Updates that would give traffic to a colour which an alarm took it from. @param stack as `slipway --stack` names it */
export function latchedChanges(config: Pick<StackConfig, "services">, latches: readonly SetLatch[], stack: string): Problem[] {
  return latches.flatMap(({ service, region, latch }): Problem[] => {
    const release = config.services[service]?.release;
    if (release === undefined) return [];
    const { live, candidateWeight } = release;
    const colour = latch?.candidate ?? otherColour(live);
    const wanted = weightsOf(live, candidateWeight)[colour];
    const another = latch?.digest !== undefined && latch.digest !== release[colour].image;
    if (wanted === 0 || another) return [];
    const relabelled = colour === live;
    const path = ["services", service, "release", relabelled ? "live" : "candidateWeight"];
    return [
      {
        path,
        found: `is ${relabelled ? live : candidateWeight}, and would give ${colour} ${wanted} % of the traffic`,
        reason:
          latch === undefined
            ? `the latch of its rollback in ${region} cannot be read; look at it with slipway status --stack ${stack}`
            : `${latchCause(latch)} ${words[latch.outcome]} ${colour} in ${region} at ${latch.at}, and nobody has acknowledged it`,
        allowed: `${relabelled ? latch?.live : 0}, or anything after: slipway rollback acknowledge --stack ${stack} --service ${service}`,
        fix: setCommand(path, relabelled ? (latch?.live ?? otherColour(live)) : 0),
      },
    ];
  });
}

const words: Readonly<Record<Latch["outcome"], string>> = {
  rolledBack: "took all traffic from",
  alreadyAtZero: "fired while a release was open in",
  held: "stopped",
  stranded: "could not take the traffic from",
  failed: "could not take the traffic from",
};
