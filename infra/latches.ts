/** Latches that automatic rollbacks left: what they keep an update from, until somebody acknowledges them. */
import { getParametersByPath } from "@pulumi/aws/ssm/getParametersByPath.js";
import { type ProviderResource, RunError } from "@pulumi/pulumi";
import { LatchError, latchFolder, parseLatch } from "./config/latch.ts";
import type { SetLatch } from "./config/latchedChanges.ts";
import type { StackConfig } from "./config/stack.ts";
import { type DeployedRelease, deployedService } from "./deployedRelease.ts";

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
