/** What a colour runs, asked of ECS once its service was applied: deployed means running. */

import { setTimeout as pause } from "node:timers/promises";
import type { Service } from "@pulumi/aws/ecs/service.js";
import type { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { all, type InvokeOptions, log, type Output, output, RunError, runtime } from "@pulumi/pulumi";
import { type DeploymentAnswer, deploymentAnswer } from "../release/deployment.ts";
import { nothingRuns, type RunningColour } from "../runningColour.ts";
import { describeContainer } from "./container.ts";
import { type LiveDeployment, liveDeployment, type ServicePlace } from "./liveDeployment.ts";

/** Tasks on their way are asked for again: every so many milliseconds, so many times. */
const patience = { every: 5_000, times: 24 };

/**
 * A service that runs another revision than this update's, or fewer tasks than it is told to, fails the update, also one
 * that the provider has nothing to do about. A preview only warns.
 * @param place.partly the update may leave the service out: then it may warn only, too. @default false
 */
export function runningTasks(
  colour: { readonly task: TaskDefinition; readonly service: Service } | undefined,
  { region, partly = false }: { readonly region: string; readonly partly?: boolean },
  opts: InvokeOptions,
): Output<RunningColour> {
  if (colour === undefined) return output(nothingRuns);
  const { task, service } = colour;
  // The service's ID is known when it was applied.
  return all([task.arn, task.containerDefinitions, service.cluster, service.name, service.id]).apply(
    async ([arn, definitions, clusterArn, serviceName]) => {
      const { live, found } = await settled({ clusterArn, serviceName, region }, arn, opts);
      if (found.answer === "asWanted") {
        const { image, settings } = describeContainer(definitions);
        return { image, settings, tasks: live.running.tasks };
      }
      const problem = `${serviceName} in ${region} is not deployed: ${found.reason}. The next update deploys it again.`;
      if (!partly && !runtime.isDryRun()) throw new RunError(problem);
      await log.warn(problem, service);
      return { ...nothingRuns, tasks: live.running.tasks };
    },
  );
}

async function settled(
  place: ServicePlace,
  revision: string,
  opts: InvokeOptions,
): Promise<{ readonly live: LiveDeployment; readonly found: DeploymentAnswer }> {
  for (let left = runtime.isDryRun() ? 0 : patience.times; ; left -= 1) {
    const live = await liveDeployment(place, opts);
    const found = deploymentAnswer({ ...live, wanted: { revision, tasks: live.desired } });
    if (found.answer !== "wait" || left === 0) return { live, found };
    await pause(patience.every);
  }
}
