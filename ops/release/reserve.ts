/**
 * The reserve: while a release is under way, and as long as its way back stays open, the old colour keeps as many tasks as it served with.
 * It is held in Application Auto Scaling and not in the program's state: a step stays one property of one rule, and no preview finds a
 * difference. `minimumTasks` is what a config says of it, for plain `pulumi up` too.
 */
import { reserveAnswer } from "../../components/release/retention.ts";
import { type Colour, colours, otherColour } from "../../infra/config/release.ts";
import { type ServicePlace, servicePlaces } from "../verify/places.ts";
import { liveWeights } from "./liveService.ts";
import { reasonOf } from "./recordTable.ts";
import { fewestTasks, setFewestTasks, targetIn } from "./scalableTarget.ts";
import { situationOf, type Updated } from "./situation.ts";

/**
 * Holds a colour at the tasks that it runs, before it loses traffic. Never holds an update.
 * @returns what a person is told: of a reserve that could not be held
 */
export async function holdReserve(update: Updated, place: ServicePlace, colour: Colour, running: number): Promise<string[]> {
  const target = targetIn(update, place, colour);
  if (target === undefined) return [];
  try {
    const fewest = await fewestTasks(update, place.region, target);
    const tasks = Math.min(running, target.maximum);
    if (fewest !== undefined && fewest < tasks) await setFewestTasks(update, place.region, target, tasks);
    return [];
  } catch (error) {
    return [`${colour} of ${place.service} is not held at ${running} tasks for the way back: ${reasonOf(error)}`];
  }
}

/** Gives up each reserve whose time is over, and those of colours that have all traffic, which scale by that. @returns what a person is told */
export async function releaseReserves(update: Updated): Promise<string[]> {
  const told = servicePlaces(update.config, update.state).flatMap((place) =>
    colours.map((colour) =>
      released(update, place, colour).catch((error: unknown) => [
        `The tasks that ${colour} of ${place.service} keeps could not be looked at: ${reasonOf(error)}`,
      ]),
    ),
  );
  return (await Promise.all(told)).flat();
}

async function released(update: Updated, { ruleArn, ...place }: ServicePlace, colour: Colour): Promise<string[]> {
  const target = targetIn(update, { ruleArn, ...place }, colour);
  if (ruleArn === undefined || target === undefined) return [];
  const fewest = await fewestTasks(update, place.region, target);
  if (fewest === undefined || fewest <= target.declared) return [];
  const ruled = { ruleArn, ...place };
  const { standings, moment } = await situationOf(ruled, await liveWeights(ruled, update.aws), update);
  const service = update.config.services[place.service];
  const stay = [service?.drainSeconds, service?.release.stickinessSeconds].filter((seconds) => seconds !== undefined);
  const answer = reserveAnswer(standings[colour], standings[otherColour(colour)], Math.max(...stay), moment);
  const { share } = standings[colour];
  if (share < 100 && answer.answer === "stays")
    return share > 0 ? [] : [`${colour} of ${place.service} keeps ${fewest} tasks: ${answer.reason}.`];
  await setFewestTasks(update, place.region, target, target.declared);
  return [`${colour} of ${place.service} may scale down to ${target.declared} tasks again; ${fewest} were kept.`];
}

/** A reserve that is held beside the state: no drift, and given up by an update. */
export interface HeldReserve {
  /** Of the scalable target. */
  readonly urn: string;
  readonly properties: readonly ["minCapacity"];
  /** What is held, and until when. */
  readonly lines: readonly string[];
}

/** Reserves that are held now. @throws UserError when Application Auto Scaling does not tell */
export async function heldReserves(update: Updated): Promise<HeldReserve[]> {
  const all = servicePlaces(update.config, update.state).flatMap((place) =>
    colours.map(async (colour): Promise<HeldReserve[]> => {
      const target = targetIn(update, place, colour);
      if (target === undefined) return [];
      const asked = fewestTasks(update, place.region, target);
      const fewest = await update.aws.told(`The fewest tasks of ${colour} of ${place.service} cannot be read`, asked);
      if (fewest === undefined || fewest <= target.declared) return [];
      const line = `${colour} of ${place.service} keeps ${fewest} tasks, ${target.declared} are declared: until an update by slipway up finds that its way back is over`;
      return [{ urn: target.urn, properties: ["minCapacity"], lines: [line] }];
    }),
  );
  return (await Promise.all(all)).flat();
}
