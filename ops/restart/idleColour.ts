/** A colour that is told to run no task although users are sent to it: a restart asks for the tasks that config has it run at least. */
import { askForTasks } from "../release/askForTasks.ts";
import type { ReleasedService } from "../release/releasedService.ts";
import { UserError } from "../userError.ts";
import type { Runner } from "./runners.ts";

/** What an idle colour has to run. */
export type Needed =
  /** Nobody is sent to it, or config has it run none: a standby region that is scaled to zero. */
  | { readonly answer: "none" }
  /** `why` it is: it is live, or has traffic. */
  | { readonly answer: "tasks"; readonly tasks: number; readonly why: string }
  /** Its share of traffic could not be read, and it is not the live colour. */
  | { readonly answer: "unread"; readonly reason: string };

/** No fewer than the autoscaler keeps already, which may be a reserve; where that cannot be read, config's minimum. */
export async function neededBy(runner: Runner, released: readonly ReleasedService[]): Promise<Needed> {
  const [place, { colour }] = [placeOf(runner, released), runner];
  if (place === undefined || place.minimumTasks === 0) return { answer: "none" };
  try {
    const share = place.live === colour ? undefined : (await place.weights())[colour];
    if (share === 0) return { answer: "none" };
    const kept = await place
      .scaling(colour)
      ?.fewest()
      .catch(() => undefined);
    const why = share === undefined ? "is the live colour" : `has ${share} % of traffic`;
    return { answer: "tasks", tasks: Math.max(place.minimumTasks, kept ?? 0), why };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { answer: "unread", reason: error.message };
  }
}

/**
 * Has the autoscaler keep so many tasks and the colour run them: an autoscaler of a cluster starts none for a colour that runs none.
 * @returns what was refused @throws UserError where nobody scales the colour and it cannot be asked
 */
export async function wake(runner: Runner, released: readonly ReleasedService[], tasks: number): Promise<readonly string[]> {
  const scaling = placeOf(runner, released)?.scaling(runner.colour);
  if (scaling !== undefined) return (await askForTasks({ ...scaling, run: runner.run }, tasks)).refused;
  await runner.run(tasks); // nobody scales it
  return [];
}

function placeOf({ service, region }: Runner, released: readonly ReleasedService[]): ReleasedService | undefined {
  return released.find((one) => one.service === service && one.region === region);
}
