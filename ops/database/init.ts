/** `slipway database init`: runs the task that makes a database's application user, and waits for its end. */
import { setTimeout as pause } from "node:timers/promises";
import type { Task } from "@aws-sdk/client-ecs";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { operatedStack, type StackFlags, stackWords } from "../project/stack.ts";
import { postgresDatabases, type TaskPlace, taskPlace } from "./places.ts";

/** Flags of the command. */
export interface InitFlags extends StackFlags {
  /** Databases that are meant. @default all */
  readonly database: readonly string[];
}

/** Seconds between two looks at a task, and in all: it starts within one to two minutes, and asks a few statements. */
const look = { every: 5, most: 600 };

/** Runs the tasks, one after the other. @returns 0 when each has ended well, 1 otherwise */
export async function initDatabases(flags: InitFlags): Promise<number> {
  const stack = operatedStack(flags);
  const databases = postgresDatabases(stack.config, flags.database);
  const session = openSession(stack);
  const state = await readState(session).finally(() => session.close());
  const places = databases.map((database) => taskPlace(stack.config, state, database, stackWords(flags)));
  if (places.length === 0) console.log("The stack has no PostgreSQL database.");
  const aws = openAws(stack);
  let failed = 0;
  for (const place of places) {
    const problem = await runInit(aws, place);
    if (problem !== undefined) failed += 1;
    console.log(problem ?? `${place.database}: ${place.user} may log in to ${place.databaseName}, in ${aws.cloud}.`);
  }
  return failed === 0 ? 0 : 1;
}

/**
 * Runs one task to its end.
 * @param wait between two looks, milliseconds
 * @returns what went wrong, and where it is written; undefined when nothing did
 * @throws UserError when ECS refuses to run or to tell
 */
export async function runInit(
  aws: Aws,
  { database, region, cluster, taskDefinition, subnets, securityGroup, logGroup }: TaskPlace,
  wait: (milliseconds: number) => Promise<unknown> = pause,
): Promise<string | undefined> {
  const ecs = await aws.client("ecs", region);
  const awsvpcConfiguration = { subnets: [...subnets], securityGroups: [securityGroup], assignPublicIp: "DISABLED" as const };
  const { tasks: [started] = [], failures: [failure] = [] } = await aws.told(
    `The task of ${database} cannot be run`,
    ecs.runTask({
      ...{ cluster, taskDefinition, launchType: "FARGATE", networkConfiguration: { awsvpcConfiguration } },
      ...{ propagateTags: "TASK_DEFINITION", startedBy: "slipway-database-init" },
    }),
  );
  const arn = started?.taskArn;
  if (arn === undefined) return `${database}: ECS started no task: ${[failure?.reason, failure?.detail].filter(Boolean).join(": ")}`;
  const stream = `task/task/${arn.split("/").at(-1)}`;
  const log = `Its log: aws logs tail '${logGroup}' --region ${region} --log-stream-names ${stream}`;
  for (let waited = 0; waited <= look.most; waited += look.every) {
    const { tasks: [task] = [] } = await aws.told(`The task ${arn} cannot be read`, ecs.describeTasks({ cluster, tasks: [arn] }));
    if (task?.lastStatus === "STOPPED") return succeeded(task) ? undefined : `${database}: ${endOf(task)}. ${log}`;
    await wait(look.every * 1000);
  }
  return `${database}: the task ${arn} has not ended after ${look.most / 60} minutes; it goes on. ${log}`;
}

function succeeded({ stopCode, containers = [] }: Task): boolean {
  return stopCode === "EssentialContainerExited" && containers.length > 0 && containers.every(({ exitCode }) => exitCode === 0);
}

function endOf({ stoppedReason = "no reason is told", containers = [] }: Task): string {
  const [container] = containers;
  const more = [container?.exitCode === undefined ? undefined : `exit code ${container.exitCode}`, container?.reason].filter(Boolean);
  return `the application user was not made: ${[stoppedReason, ...more].join(", ")}`;
}
