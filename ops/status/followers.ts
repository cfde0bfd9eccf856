/** Which alarms only follow from another: a page from the alarms in its rule, a service from the database that it uses. Pure. */
import { needsOfService } from "../../infra/config/alarmNeeds.ts";
import type { StackConfig } from "../../infra/config/stack.ts";

/** What is needed of an alarm that rings. */
export interface Followed {
  readonly name: string;
  readonly region: string;
  /** Its name without the stack and the region. */
  readonly key: string;
  /** Rule of one that is made of others. @default it watches a metric */
  readonly rule?: string;
  readonly severity?: string | undefined;
}

/**
 * Name of the alarm that one follows from; undefined for one with a cause of its own.
 * @param all every alarm that rings, with itself
 */
export function causeOf(alarm: Followed, all: readonly Followed[], { services }: Pick<StackConfig, "services">): string | undefined {
  const near = all.filter((other) => other.region === alarm.region && other.name !== alarm.name && other.rule === undefined);
  const own = gravest(near.filter(({ name }) => alarm.rule?.includes(`"${name}"`)));
  // A page tells of the gravest of its alarms, and that one may follow from something else.
  if (own !== undefined) return causeOf(own, all, { services }) ?? own.name;
  const service = Object.keys(services).find((name) => isAbout(alarm, name));
  if (service === undefined) return undefined;
  const subjects = needsOfService({ services }, service);
  return gravest(near.filter((other) => subjects.some((subject) => isAbout(other, subject)) && isDown(other)))?.name;
}

/** Whether an alarm is about a service or a store, `api`, `db-main`: its key begins with that. */
export function isAbout({ key }: Pick<Followed, "key">, subject: string): boolean {
  return key.startsWith(`${subject}-`);
}

/** A store that is only slow or short of something explains no errors of who uses it. */
function isDown({ severity }: Followed): boolean {
  return severity === "P0" || severity === "P1";
}

function gravest(alarms: readonly Followed[]): Followed | undefined {
  return alarms.toSorted((a, b) => (`${a.severity ?? "P9"} ${a.name}` < `${b.severity ?? "P9"} ${b.name}` ? -1 : 1))[0];
}
