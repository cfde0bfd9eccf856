/**
 * The reserve: while a release is under way, and as long as its way back stays open, the old colour keeps as many tasks as it served with.
 * It is held in the autoscaler (Application Auto Scaling, or the HorizontalPodAutoscaler) and not in the program's state: a step stays one property of one rule, and no preview finds a
 * difference. `minimumTasks` is what a config says of it, for plain `pulumi up` too.
 */
import { reserveAnswer } from "../../components/release/retention.ts";
import { type Colour, colours, otherColour } from "../../infra/config/release.ts";
import { reasonOf } from "./recordTable.ts";
import type { ReleasedService, Updated } from "./releasedService.ts";
import { releasedServices } from "./releasedServices.ts";
import { situationOf } from "./situation.ts";

/**
 * Holds a colour at the tasks that it runs, before it loses traffic. Never holds an update.
 * @returns what a person is told: of a reserve that could not be held
 */
export async function holdReserve(place: ReleasedService, colour: Colour, running: number): Promise<string[]> {
  const scaling = place.scaling(colour);
  if (scaling === undefined) return [];
  try {
    const fewest = await scaling.fewest();
    const tasks = Math.min(running, scaling.maximum);
    if (fewest !== undefined && fewest < tasks) await scaling.keep(tasks);
    return [];
  } catch (error) {
    return [`${colour} of ${place.service} is not held at ${running} tasks for the way back: ${reasonOf(error)}`];
  }
}

/** Gives up each reserve whose time is over, and those of colours that have all traffic, which scale by that. @returns what a person is told */
export async function releaseReserves(update: Updated): Promise<string[]> {
  const told = releasedServices(update).flatMap((place) =>
    colours.map((colour) =>
      released(update, place, colour).catch((error: unknown) => [
        `The tasks that ${colour} of ${place.service} keeps could not be looked at: ${reasonOf(error)}`,
      ]),
    ),
  );
  return (await Promise.all(told)).flat();
}

async function released(update: Updated, place: ReleasedService, colour: Colour): Promise<string[]> {
  const scaling = place.scaling(colour);
  if (scaling === undefined) return [];
  const fewest = await scaling.fewest();
  if (fewest === undefined || fewest <= scaling.declared) return [];
  const { standings, moment } = await situationOf(place, await place.weights(), update);
  const service = update.config.services[place.service];
  const stay = [service?.drainSeconds, service?.release.stickinessSeconds].filter((seconds) => seconds !== undefined);
  const answer = reserveAnswer(standings[colour], standings[otherColour(colour)], Math.max(...stay), moment);
  const { share } = standings[colour];
  if (share < 100 && answer.answer === "stays")
    return share > 0 ? [] : [`${colour} of ${place.service} keeps ${fewest} tasks: ${answer.reason}.`];
  await scaling.keep(scaling.declared);
  return [`${colour} of ${place.service} may scale down to ${scaling.declared} tasks again; ${fewest} were kept.`];
}

/** A reserve that is held beside the state: no drift, and given up by an update. */
export interface HeldReserve {
  /** Of the scalable target. */
  readonly urn: string;
  readonly properties: readonly string[];
  /** What is held, and until when. */
  readonly lines: readonly string[];
}

/** Reserves that are held now. @throws UserError when the autoscaler does not tell */
export async function heldReserves(update: Updated): Promise<HeldReserve[]> {
  const all = releasedServices(update).flatMap((place) =>
    colours.map(async (colour): Promise<HeldReserve[]> => {
      const scaling = place.scaling(colour);
      if (scaling === undefined) return [];
      const asked = scaling.fewest();
      const fewest = await update.aws.told(`The fewest tasks of ${colour} of ${place.service} cannot be read`, asked);
      if (fewest === undefined || fewest <= scaling.declared) return [];
      const line = `${colour} of ${place.service} keeps ${fewest} tasks, ${scaling.declared} are declared: until an update by slipway up finds that its way back is over`;
      return [{ urn: scaling.urn, properties: [scaling.property], lines: [line] }];
    }),
  );
  return (await Promise.all(all)).flat();
}
