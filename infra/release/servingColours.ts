/** Colours that nobody is served by, whatever the state says: their image may be put right. */
import { getService } from "@pulumi/aws/ecs/getService.js";
import type { ProviderResource } from "@pulumi/pulumi";
import { colours } from "../../components/colours.ts";
import type { StackConfig } from "../config/stack.ts";
import type { DeployedRelease, DeployedService } from "./deployedRelease.ts";
import { askedThrough } from "./invokeOptions.ts";
import { type EcsService, ecsServicesInState, type StateResources } from "./releaseInState.ts";

/**
 * What is deployed without the images of colours that have traffic, get another image now and run no task at all: a first update
 * whose tasks die would else be one that no second one can mend. Asks ECS for no other service; where it does not answer, tasks run.
 */
export async function withoutDeadColours(
  release: DeployedRelease,
  state: StateResources,
  config: Pick<StackConfig, "services" | "system" | "environment" | "aws">,
  provider: ProviderResource | undefined,
): Promise<DeployedRelease> {
  const find = ecsServicesInState(state, config);
  const alive = async ([name, deployed]: [string, DeployedService]): Promise<[string, DeployedService]> => {
    let after = deployed;
    for (const colour of colours) {
      const image = config.services[name]?.release[colour].image;
      if (deployed.weights[colour] === 0 || image === undefined || ["", image].includes(deployed.images[colour])) continue;
      const service = find(name, colour);
      if (service === undefined || (await runningTasks(service, config.aws.region, provider)) > 0) continue;
      after = { ...after, images: { ...after.images, [colour]: "" }, capacity: { ...after.capacity, [colour]: "zero" } };
    }
    return [name, after];
  };
  return Object.fromEntries(await Promise.all(Object.entries(release).map(alive)));
}

async function runningTasks({ cluster, name }: EcsService, region: string, provider: ProviderResource | undefined): Promise<number> {
  try {
    return (await getService({ clusterArn: cluster, serviceName: name, region }, askedThrough(provider))).runningCount;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
