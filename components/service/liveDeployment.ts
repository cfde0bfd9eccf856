/** What ECS says of a service: which revision runs, and how many tasks. */
import { getService } from "@pulumi/aws/ecs/getService.js";
import type { InvokeOptions } from "@pulumi/pulumi";
import type { Deployment } from "../release/deployment.ts";

/** A service as ECS names it. */
export interface ServicePlace {
  readonly clusterArn: string;
  readonly serviceName: string;
  /** AWS region. */
  readonly region: string;
}

/** What runs. */
export interface LiveDeployment extends Pick<Deployment, "running" | "state"> {
  /** Id of the primary deployment: another one for each. */
  readonly id: string;
  /** Tasks that the service is told to run. */
  readonly desired: number;
}

/**
 * Asks through the provider. ECS keeps no state of a rollout here: tasks on their way are one in progress.
 * @throws Error when the service is not there, or may not be read
 */
export async function liveDeployment(service: ServicePlace, opts: InvokeOptions): Promise<LiveDeployment> {
  const { deployments, desiredCount, pendingCount } = await getService({ ...service }, opts);
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  if (primary === undefined) throw new Error(`the ECS service ${service.serviceName} has no deployment: it is being deleted`);
  const { id, taskDefinition: revision, runningCount: tasks } = primary;
  return { id, desired: desiredCount, running: { revision, tasks }, state: pendingCount > 0 ? "inProgress" : "completed" };
}
