/** What a colour runs, read off the ECS service and the task definition that were applied. */
import type { Service } from "@pulumi/aws/ecs/service.js";
import type { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { all, type Output, output } from "@pulumi/pulumi";
import { nothingRuns, type RunningColour } from "../runningColour.ts";
import { describeContainer } from "./container.ts";

/** A service that runs another revision than this update's is not taken for it: part of an update is not all of it. */
export function runningTasks(colour: { readonly task: TaskDefinition; readonly service: Service } | undefined): Output<RunningColour> {
  if (colour === undefined) return output(nothingRuns);
  const { task, service } = colour;
  return all([task.arn, task.containerDefinitions, service.taskDefinition, service.desiredCount]).apply(
    ([arn, definitions, runs, tasks]) => ({
      ...(runs === arn ? describeContainer(definitions) : nothingRuns),
      tasks: tasks ?? 0,
    }),
  );
}
