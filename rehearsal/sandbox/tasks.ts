/** `slipway sandbox tasks`: tasks of simulated services, how long they take to run, and some that stop. */
import Table from "cli-table3";
import { sandboxOf } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { UserError } from "../../ops/userError.ts";
import { setTaskPace, taskPace } from "../../sandbox/cloud/aws/taskPace.ts";
import { deploymentOf, pendingTasks, runningTasks, serviceType, stopTasks } from "../../sandbox/cloud/aws/tasks.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** A table of the services and their tasks. */
export function listTasks(project: Project): string {
  const store = openLiveStore(sandboxOf(project).folder);
  const table = new Table({ head: ["service", "wanted", "running", "pending", "what is wrong"], style: { head: [], border: [] } });
  for (const service of servicesIn(store))
    table.push([
      ...[nameOf(service), Number(service.properties.desiredCount ?? 0), runningTasks(store, service), pendingTasks(store, service)],
      deploymentOf(store, service).reason,
    ]);
  const seconds = taskPace(store) / 1000;
  return `${table.toString()}\nA task that is asked for runs ${seconds === 0 ? "at once" : `after ${seconds} s`}.`;
}

/** Says how long tasks take until they run, once somebody has asked for them without waiting. */
export function setPace(project: Project, milliseconds: number): string {
  setTaskPace(openLiveStore(sandboxOf(project).folder), milliseconds);
  return `A task that is asked for runs ${milliseconds === 0 ? "at once" : `after ${milliseconds / 1000} s of the simulated cloud's clock`}.`;
}

/** Some tasks of a service stop, and ECS starts others. @throws UserError for a service or a number that is not there */
export function stop(project: Project, name: string, count: number): string {
  const store = openLiveStore(sandboxOf(project).folder);
  const service = servicesIn(store).find((one) => nameOf(one) === name);
  if (service === undefined)
    throw new UserError(`There is no service ${name}. There are: ${servicesIn(store).map(nameOf).join(", ") || "none"}.`, 2);
  const running = runningTasks(store, service);
  if (count > running) throw new UserError(`${name} runs ${running} tasks; ${count} cannot stop. Nothing was changed.`, 2);
  if (taskPace(store) === 0)
    throw new UserError(
      "Others would run at once, and nobody would see that these stopped. Say how long that takes:   slipway sandbox tasks take 60s",
      2,
    );
  stopTasks(store, service, count);
  return `${name} runs ${running - count} of ${String(service.properties.desiredCount)} tasks; others run after ${taskPace(store) / 1000} s.`;
}

function servicesIn(store: LiveStore): LiveObject[] {
  return store.all(serviceType).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

function nameOf({ properties }: LiveObject): string {
  return String(properties.name);
}
