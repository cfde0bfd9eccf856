/** Latches that automatic rollbacks left: what they keep an update from, until somebody acknowledges them. */
import { getParametersByPath } from "@pulumi/aws/ssm/getParametersByPath.js";
import { getStack, type ProviderResource, RunError } from "@pulumi/pulumi";
import { otherColour, weightsOf } from "../components/colours.ts";
import { type Latch, LatchError, latchFolder, parseLatch } from "./config/latch.ts";
import { type Problem, setCommand } from "./config/problem.ts";
import type { StackConfig } from "./config/stack.ts";
import { type DeployedRelease, deployedService } from "./deployedRelease.ts";

/** A latch that is set, or of which nobody can tell. */
export interface SetLatch {
  readonly service: string;
  readonly region: string;
  /** @default the value cannot be read */
  readonly latch?: Latch;
}

/**
 * Services whose latch this update depends on. Not those whose traffic stays on the live colour, where it is already: such an
 * update, as every way back, asks nobody.
 */
export function latchedServices(
  { services, autoRollback }: Pick<StackConfig, "services" | "autoRollback">,
  deployed: DeployedRelease,
): string[] {
  return Object.keys(autoRollback).filter((name) => {
    const release = services[name]?.release;
    const before = deployedService(deployed, name);
    if (release === undefined || before === undefined) return false;
    const { live, candidateWeight, stickinessSeconds } = release;
    return candidateWeight > 0 || stickinessSeconds !== undefined || before.weights[live] < 100 || (before.rollbackTo ?? live) !== live;
  });
}

/**
 * Reads the latches of all services with one question a region. A parameter that is not there yet is no latch.
 * @throws RunError when they cannot be read and a candidate would get traffic
 */
export async function readLatches(
  config: StackConfig,
  deployed: DeployedRelease,
  regions: readonly string[],
  provider: ProviderResource | undefined,
): Promise<SetLatch[]> {
  const asked = latchedServices(config, deployed);
  if (asked.length === 0) return [];
  const folder = latchFolder(config);
  const answers = regions.map(async (region) => {
    const { names, values } = await getParametersByPath(
      { path: folder, region, withDecryption: false },
      { async: true, ...(provider === undefined ? {} : { provider }) },
    );
    return names.flatMap((name, index) => {
      const service = name.slice(folder.length + 1);
      return asked.includes(service) ? latchIn(service, region, values[index] ?? "") : [];
    });
  });
  try {
    return (await Promise.all(answers)).flat();
  } catch (error) {
    const raised = asked.filter((name) => (config.services[name]?.release.candidateWeight ?? 0) > 0);
    if (raised.length === 0) return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(
      `Nobody can tell whether an alarm rolled ${raised.join(" and ")} back, so nothing was changed: ${reason}\nA way back needs no latch: set release.candidateWeight to 0.`,
    );
  }
}

function latchIn(service: string, region: string, value: string): SetLatch[] {
  try {
    const latch = parseLatch(value);
    return latch === undefined ? [] : [{ service, region, latch }];
  } catch (error) {
    if (!(error instanceof LatchError)) throw error;
    return [{ service, region }];
  }
}

/** Updates that would give traffic to a colour which an alarm took it from. @param stack as `slipway --stack` names it */
export function latchedChanges(config: Pick<StackConfig, "services">, latches: readonly SetLatch[], stack = getStack()): Problem[] {
  return latches.flatMap(({ service, region, latch }): Problem[] => {
    const release = config.services[service]?.release;
    if (release === undefined) return [];
    const { live, candidateWeight } = release;
    const colour = latch?.candidate ?? otherColour(live);
    const wanted = weightsOf(live, candidateWeight)[colour];
    if (wanted === 0) return [];
    const relabelled = colour === live;
    const path = ["services", service, "release", relabelled ? "live" : "candidateWeight"];
    const command = `slipway rollback acknowledge --stack ${stack} --service ${service}`;
    return [
      {
        path,
        found: `is ${relabelled ? live : candidateWeight}, and would give ${colour} ${wanted} % of the traffic`,
        reason:
          latch === undefined
            ? `the latch of its rollback in ${region} cannot be read; look at it with slipway rollback status --stack ${stack}`
            : `the alarm ${latch.alarm} ${words[latch.outcome]} ${colour} in ${region} at ${latch.at}, and nobody has acknowledged it`,
        allowed: `${relabelled ? latch?.live : 0}, or anything after: ${command}`,
        mend: setCommand(path, relabelled ? (latch?.live ?? otherColour(live)) : 0),
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
