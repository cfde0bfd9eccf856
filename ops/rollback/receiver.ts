/** The colour that a rollback gives everything to: which it is, whether anybody answers there, and how it is asked for tasks. */
import { type BackCapacity, backCapacity, type Healthy, needsOf } from "../../components/release/capacity.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { type Colour, otherColour, type Weights } from "../../infra/config/release.ts";
import { askForTasks } from "../release/askForTasks.ts";
import { taskLook as look } from "../release/taskLook.ts";
import { openImage, type RollbackOrder } from "./order.ts";

/** After a swap of labels the colour before, as long as it runs what it ran; else the live one. */
export function receiverOf(order: RollbackOrder, record: ReleaseRecord | undefined): Colour {
  const kept = record?.wayBack ?? order.rollbackTo ?? order.place.live;
  const image = openImage(order, kept);
  return image !== undefined && (record === undefined || record.runs[kept] === image) ? kept : order.place.live;
}

/** The question that every way back is asked, of everything. */
export function capacityOf({ place, config }: RollbackOrder, receiver: Colour, weights: Weights, healthy: Healthy): BackCapacity {
  const maximum = config.services[place.service]?.scaling.maximum;
  return backCapacity(receiver, 100, healthy, needsOf(weights, healthy, { minimum: place.minimumTasks, maximum }));
}

/** Why nothing goes there: nobody answers, while somebody may in the other colour. */
export function deadReason(receiver: Colour, healthy: Healthy): string | undefined {
  const other = otherColour(receiver);
  const serving = healthy[other];
  if (healthy[receiver] !== 0 || serving === 0) return undefined;
  const words = serving === undefined ? `nobody could read how many ${other} has` : `${other} has ${serving}: users are served by ${other}`;
  return `${receiver} has no healthy target, and ${words}`;
}

/**
 * Asks for the tasks that everything needs, and waits for them, ten minutes at most.
 * @param first who answers now
 * @returns why traffic stays: they did not come
 */
export async function awaitTargets(order: RollbackOrder, receiver: Colour, weights: Weights, first: Healthy): Promise<string | undefined> {
  const { place, wait, say, scaling } = order;
  const capacity = capacityOf(order, receiver, weights, first);
  const needed = capacity.answer === "stranded" ? Math.max(1, first[otherColour(receiver)] ?? place.minimumTasks) : capacity.value;
  let there = first[receiver];
  const words = () => `${there ?? "nobody could read how many"} of ${needed} healthy targets in ${receiver}`;
  for (let looked = 0; there === undefined || there < needed; looked++) {
    if (looked === look.times) return `${words()} after ${(look.times * look.seconds) / 60} minutes`;
    if (looked === 0) {
      const { tasks, refused } = await askForTasks(scaling(receiver), needed);
      const asked = refused.length > 0 ? `asking for ${tasks} was refused: ${refused.join("; ")}` : `${tasks} tasks are asked for`;
      say(`${words()}: ${asked}. Traffic waits for them.`);
    }
    await wait(look.seconds);
    there = (await place.healthy())[receiver];
  }
  return undefined;
}

/** Asks for the tasks that lack, and waits for nobody. @returns what a person is told, and what was refused */
export async function askBack(
  order: RollbackOrder,
  receiver: Colour,
  { healthy, value }: BackCapacity & { readonly answer: "goShort" },
): Promise<{ readonly told: string; readonly refused: readonly string[] }> {
  const { tasks, refused } = await askForTasks(order.scaling(receiver), value);
  const asked = tasks === 0 || refused.length > 0 ? "" : `; ${tasks} tasks are asked for`;
  const until = asked === "" ? "more tasks run" : untilReady(order);
  return { told: `${healthy} of ${value} healthy targets in ${receiver}: expect errors until ${until}${asked}.`, refused };
}

/** When tasks that start now answer, by what config says of their health check. */
function untilReady({ config, place, aws }: RollbackOrder): string {
  const check = config.services[place.service]?.healthCheck;
  if (check === undefined) return "more tasks run";
  const seconds = check.graceSeconds + check.intervalSeconds * check.healthyThreshold;
  return `${new Date(aws.now().getTime() + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}
