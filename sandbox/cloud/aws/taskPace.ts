/**
 * How long simulated tasks take until they run. Real ones take a minute or two on Fargate: network interface, image, health checks (ECS
 * guide, "Task lifecycle"). At once by default, so that what is not about it is quick; whoever waits for a deployment has waited.
 */
import { timeIn } from "../clock.ts";
import type { LiveStore } from "../liveStore.ts";

/** No resource of the engine has this type. */
const pace = { type: "aws:simulated/tasks:Pace", id: "pace", scope: "everywhere" } as const;

/** Milliseconds from the call that asks for a task until it runs. */
export function taskPace(store: LiveStore): number {
  return Number(store.get(pace.type, pace.id, pace.scope)?.properties.milliseconds ?? 0);
}

/** Has them take so long; at once for 0. */
export function setTaskPace(store: LiveStore, milliseconds: number): void {
  const object = { ...pace, properties: { milliseconds }, createdFor: "set by hand" };
  if (milliseconds > 0) store.put(object);
  else store.delete(object);
}

/** When a task runs that is asked for now, ISO 8601; undefined when it does at once. */
export function runsFrom(store: LiveStore): string | undefined {
  const milliseconds = taskPace(store);
  return milliseconds === 0 ? undefined : new Date(timeIn(store).getTime() + milliseconds).toISOString();
}

/** Whether a time of the simulated cloud is still to come. */
export function isToCome(store: LiveStore, time: string | undefined): boolean {
  return time !== undefined && Date.parse(time) > timeIn(store).getTime();
}
