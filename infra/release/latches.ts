/** Latches that rollbacks left: what they keep an update from, until somebody acknowledges them. */
import { getParametersByPath } from "@pulumi/aws/ssm/getParametersByPath.js";
import { type ProviderResource, RunError } from "@pulumi/pulumi";
import { LatchError, latchFolder, latchName, parseLatch } from "../config/latch.ts";
import type { SetLatch } from "../config/latchedChanges.ts";
import type { StackConfig } from "../config/stack.ts";
import { type DeployedRelease, deployedService } from "./deployedRelease.ts";
import { askedThrough } from "./invokeOptions.ts";

/**
 * Services whose latch this update depends on. Not those whose traffic stays on the live colour, where it is already: such an
 * update, as every way back, asks nobody.
 */
export function latchedServices({ services }: Pick<StackConfig, "services">, deployed: DeployedRelease): string[] {
  return Object.keys(services).filter((name) => {
    const release = services[name]?.release;
    const before = deployedService(deployed, name);
    if (release === undefined || before === undefined) return false;
    const { live, candidateWeight, stickinessSeconds } = release;
    return candidateWeight > 0 || stickinessSeconds !== undefined || before.weights[live] < 100 || (before.rollbackTo ?? live) !== live;
  });
}

/**
 * Services that must not be updated while nobody can read their latch: those whose candidate gets traffic, those whose other
 * colour becomes live, and those whose clients stick, as the candidate then comes back into the rule and takes its clients
 * with it. What is left is the way back, which must work with SSM out of order as well.
 */
function servicesInNeed(config: Pick<StackConfig, "services">, deployed: DeployedRelease): string[] {
  return latchedServices(config, deployed).filter((name) => waysBack(config, deployed, name).length > 0);
}

/** What has to be set so that the service is updated without its latch; nothing when it is on its way back already. */
function waysBack({ services }: Pick<StackConfig, "services">, deployed: DeployedRelease, name: string): string[] {
  const release = services[name]?.release;
  if (release === undefined) return [];
  const back = deployedService(deployed, name)?.rollbackTo ?? release.live;
  return [
    ...(release.candidateWeight > 0 ? ["candidateWeight to 0"] : []),
    ...(release.live === back ? [] : [`live to ${back}`]),
    ...(release.stickinessSeconds === undefined ? [] : ["stickinessSeconds to nothing (remove it)"]),
  ];
}

/**
 * Reads the latches of all services with one question a region. A parameter that is not there yet is no latch.
 * @throws RunError when they cannot be read and a service is in need of its own
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
    const { names, values } = await getParametersByPath({ path: folder, region, withDecryption: false }, askedThrough(provider));
    return names.flatMap((name, index) => {
      const service = asked.find((one) => latchName(config, one) === name);
      return service === undefined ? [] : latchIn(service, region, values[index] ?? "");
    });
  });
  try {
    return (await Promise.all(answers)).flat();
  } catch (error) {
    const needed = servicesInNeed(config, deployed);
    if (needed.length === 0) return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new RunError(
      [
        `Nobody can tell whether ${needed.join(" and ")} was rolled back, so nothing was changed: ${reason}`,
        ...needed.map(
          (name) =>
            `The way back of ${name} needs no latch: under services.${name}.release set ${waysBack(config, deployed, name).join(", ")}.`,
        ),
      ].join("\n"),
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
