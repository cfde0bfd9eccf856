/**
 * Whether a colour that an update gives more traffic may have it: asked live, before anything is changed. Forward, the tasks that it lacks
 * are asked for and waited for; a way back asks for them and goes.
 */
import type { Deployment } from "../../components/release/deployment.ts";
import { type MoveAnswer, mayMove } from "../../components/release/move.ts";
import { isBarred } from "../../components/release/record.ts";
import { stepsOf } from "../../components/release/share.ts";
import { setCommandOf } from "../../infra/config/problem.ts";
import { type Colour, colours, otherColour, weightsOf } from "../../infra/config/release.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import { acknowledgeCommand, rollbackCommand } from "../rollback/rollback.ts";
import { UserError } from "../userError.ts";
import { askForTasks, toldOf } from "./askForTasks.ts";
import type { ReleasedService, Updated } from "./releasedService.ts";
import { releasedServices } from "./releasedServices.ts";
import { holdReserve, releaseReserves } from "./reserve.ts";
import { ringingRollbackAlarms } from "./rollbackAlarms.ts";
import { type ServiceSituation, situationOf } from "./situation.ts";
import { taskLook as look } from "./taskLook.ts";

type Stay = MoveAnswer & { readonly answer: "stay" };

/** What an update asks with. */
export interface Readied extends Updated, StackFlags {
  /** As `--stack` names it. */
  readonly stack: string;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  readonly wait: (seconds: number) => Promise<void>;
}

/**
 * Asks for every service whose weights the update is about to change.
 * @returns names of ECS services, or of Deployments, that were asked for tasks which nobody waits for
 * @throws UserError naming every colour that may not have what the config gives it, and what would do
 */
export async function requireTargets(update: Readied): Promise<readonly string[]> {
  const asked: string[] = [];
  const answers = releasedServices(update).map(async (place) => {
    const why = await new Move(place, update, asked).refusal();
    return why === undefined ? undefined : `${place.where}: ${why}`;
  });
  const refused = (await Promise.all(answers)).filter((one) => one !== undefined);
  if (refused.length === 0) return asked;
  for (const line of await releaseReserves(update)) update.say(line);
  throw new UserError([...refused, "Nothing was changed, and traffic is where it was."].join("\n"));
}

/** More traffic for one colour of a service. */
class Move {
  readonly #place: ReleasedService;
  readonly #update: Readied;
  readonly #asked: string[];

  constructor(place: ReleasedService, update: Readied, asked: string[]) {
    this.#place = place;
    this.#update = update;
    this.#asked = asked;
  }

  /** Why it may not be; undefined when it may, or when nothing gets more. */
  async refusal(): Promise<string | undefined> {
    const { say, wait } = this.#update;
    let short: Stay | undefined;
    let waited = 0;
    for (;;) {
      const now = await this.#now();
      if (now === undefined) return undefined;
      const { riser, answer, situation } = now;
      if (answer.answer !== "stay") return (await this.#alarmed(riser, situation)) ?? (await this.#mayGo(riser, situation, answer));
      const lacking = answer.by === "capacity" && typeof answer.value === "number" ? answer.value : undefined;
      const coming =
        lacking !== undefined ? lacking <= this.#maximum(riser) : answer.by === "deployment" && isComing(situation.deployments[riser]);
      if (!coming || waited === look.times) return this.#told(riser, situation, short ?? answer);
      if (lacking !== undefined && short === undefined) {
        short = answer;
        const asked = await askForTasks(this.#place.scaling(riser), lacking);
        if (asked.refused.length > 0)
          return `${await this.#told(riser, situation, answer)}\n  Asking for ${asked.tasks} tasks was refused: ${asked.refused.join("; ")}`;
        say(`${this.#place.where}: ${answer.reason}. ${lacking} tasks are asked for.`);
        continue;
      }
      if (waited === 0) say(`${this.#place.where}: ${answer.reason}. Waiting for it, ${(look.times * look.seconds) / 60} minutes at most.`);
      await wait(look.seconds);
      waited += 1;
    }
  }

  /** Undefined where no colour gets more. */
  async #now(): Promise<{ readonly riser: Colour; readonly answer: MoveAnswer; readonly situation: ServiceSituation } | undefined> {
    const weights = await this.#place.weights().catch(() => undefined); // the engine meets it, and says so
    const wanted = weightsOf(this.#place.live, this.#place.candidateWeight);
    const riser = weights === undefined ? undefined : colours.find((colour) => wanted[colour] > weights[colour]);
    if (weights === undefined || riser === undefined) return undefined;
    const situation = await situationOf(this.#place, weights, this.#update);
    // The config is a person's word about steps; which digest may have any, and who is there to take it, is asked all the same.
    const steps = stepsOf({ strategy: "direct", steps: [] }).map((step) => ({ ...step, weight: wanted[riser] }));
    const deployment = situation.deployments[riser];
    return { riser, situation, answer: mayMove(wanted, { ...situation, steps, deployment }, situation.moment) };
  }

  /** Why a candidate gets no more: what would roll it back rings already, or nobody can tell. A way back asks no alarm. */
  async #alarmed(riser: Colour, { standings }: ServiceSituation): Promise<string | undefined> {
    if (standings[riser].wayBack) return undefined;
    const { service, region } = this.#place;
    try {
      const ringing = await ringingRollbackAlarms({ ...this.#update, service, region }, this.#update.aws);
      const [first] = ringing;
      if (first === undefined) return undefined;
      const words = `${ringing.join(" and ")} ${ringing.length === 1 ? "rings" : "ring"}`;
      return [
        `${words}, and an alarm that rings already rolls nothing back: ${riser} gets no more while it does.`,
        `  What it has is taken back by: ${rollbackCommand(service, this.#update, `rings: ${first}`)}`,
      ].join("\n");
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `nobody can tell whether an alarm that rolls ${service} back rings, so ${riser} gets no more: ${error.message}`;
    }
  }

  async #mayGo(riser: Colour, situation: ServiceSituation, answer: MoveAnswer): Promise<undefined> {
    const { say } = this.#update;
    const capacity = answer.answer === "move" ? answer.capacity : undefined;
    if (capacity?.answer === "goShort") {
      const asked = await askForTasks(this.#place.scaling(riser), capacity.value);
      say(`${this.#place.where}: ${capacity.reason}: ${toldOf(asked)}`);
      if (asked.service !== undefined) this.#asked.push(asked.service);
    }
    const other = otherColour(riser);
    const running = situation.deployments[other]?.running;
    if (!situation.standings[other].wayBack || running === undefined) return undefined;
    for (const line of await holdReserve(this.#place, other, running.tasks)) say(line);
    return undefined;
  }

  /** Tasks that a colour may have, by what is deployed. */
  #maximum(colour: Colour): number {
    return this.#place.scaling(colour)?.maximum ?? 0;
  }

  async #told(riser: Colour, { standings, record }: ServiceSituation, answer: Stay): Promise<string> {
    const { service, live } = this.#place;
    const { stack } = this.#update;
    const command = (key: readonly string[], value: number | string) =>
      setCommandOf(stack, ["services", service, "release", ...key], value);
    if (answer.by === "share") {
      if (record.answer === "unread") return `${answer.reason} (${record.reason})`;
      const { digest } = standings[riser];
      const known = record.answer === "record" ? record.record.digests : [];
      const entry = known.find((one) => one.digest === digest && isBarred(one));
      const who = entry === undefined ? "" : ` (${entry.by}, ${entry.since})`;
      const leave = riser === live ? command(["live"], otherColour(live)) : command(["candidateWeight"], 0);
      const word = acknowledgeCommand(service, this.#update);
      return `${answer.reason}${who}: ${word}, or leave it at 0: ${leave}`;
    }
    const nobody = await this.#place.reasonToStay(riser);
    if (nobody !== undefined || answer.by !== "capacity") return nobody ?? answer.reason;
    const needed = Number(answer.value);
    const maximum = this.#maximum(riser);
    const help =
      needed > maximum
        ? `Its scaling.maximum is ${maximum}: raise that, or give ${riser} a smaller share.`
        : `They did not come. See why, or have them run first: ${command([riser, "minimumTasks"], needed)}, then ${slipwayCommand("up", this.#update)}; the weight after it.`;
    return `${answer.reason}.\n  ${help}`;
  }
}

/** Tasks of what was asked for are on their way, as far as anybody can tell. */
export function isComing(deployment: Deployment | undefined): boolean {
  if (deployment === undefined || deployment.state === "failed") return false;
  return deployment.state === "inProgress" || deployment.running.revision === deployment.wanted.revision || deployment.running.tasks === 0;
}
