/**
 * A service's traffic goes back to the colour that a rollback leads to, by a person's word. Nothing of it waits for a lock, an engine or an
 * alarm. The rule and the health of its targets are waited for; of the rest, what takes longer than a second is passed over and told. It is
 * written in an order that lets a second run end what a killed one began: what is meant, tasks, the weight, the latch, the mark.
 */
import type { BackCapacity, Healthy } from "../../components/release/capacity.ts";
import type { Moment } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { type Colour, otherColour, type Weights, weightsOf } from "../../infra/config/release.ts";
import { type Happening, inTime, readReleaseRecord, reasonOf, writeReleaseRecord } from "../release/recordTable.ts";
import type { Split } from "../release/releasedService.ts";
import { UserError } from "../userError.ts";
import { leaveLatch, leaveMark } from "./aftermath.ts";
import { openImage, type RollbackOrder, type RollbackResult } from "./order.ts";
import { askBack, awaitTargets, capacityOf, deadReason, receiverOf } from "./receiver.ts";

/** Tries of writing the rule: each other writer costs one. */
const tries = 4;

const recordWords = "the release record";

/** @throws UserError when the rule cannot be read or written: traffic may be where it was */
export function moveBack(order: RollbackOrder): Promise<RollbackResult> {
  return new Return(order).made();
}

class Return {
  readonly #order: RollbackOrder;
  readonly #moment: Moment;
  readonly #passed: string[] = [];

  constructor(order: RollbackOrder) {
    this.#order = order;
    this.#moment = { now: order.aws.now(), retainOldMinutes: order.config.rollout.retainOldMinutes };
  }

  async made(): Promise<RollbackResult> {
    const { place, aws } = this.#order;
    const [split, healthy, record] = await Promise.all([place.split(), place.healthy(), this.#record()]);
    const { weights } = split;
    const receiver = receiverOf(this.#order, record);
    const candidate = otherColour(receiver);
    const exposed = weights[candidate] > 0 || weights[receiver] === 0;
    const open = openImage(this.#order, candidate);
    if (!exposed && open === undefined && record?.intent === undefined) return { outcome: "nothing", receiver, weights, record };
    if (exposed) {
      const reason = await this.#reasonToStay(receiver, weights, healthy);
      if (reason !== undefined) return { outcome: "refused", receiver, weights, reason };
    }
    const capacity = exposed ? capacityOf(this.#order, receiver, weights, healthy) : undefined;
    const known = await this.#intend(receiver, record, capacity);
    if (exposed || split.sticky) await this.#move(receiver, split);
    const at = aws.now();
    const digest = record?.runs[candidate] ?? open;
    const unwritten = await leaveLatch(this.#order, { receiver, before: weights, digest, moved: exposed });
    if (digest !== undefined)
      unwritten.push(...(await leaveMark(this.#order, { receiver, digest, known }, this.#moment, () => this.#again(receiver))));
    return { outcome: exposed ? "moved" : "there", receiver, before: weights, digest, at, passed: this.#passed, unwritten };
  }

  /** What takes longer than a second, or is refused, is passed over. */
  async #inPassing<Result>(what: string, answer: Promise<Result>): Promise<Result | undefined> {
    try {
      return await inTime(answer);
    } catch (error) {
      this.#passed.push(`${what}: ${reasonOf(error)}`);
      return undefined;
    }
  }

  async #record(): Promise<ReleaseRecord | undefined> {
    const { record, aws } = this.#order;
    if (record === undefined) {
      this.#passed.push(`${recordWords}: nobody knows where it is kept`);
      return undefined;
    }
    const read = await this.#inPassing(recordWords, readReleaseRecord(aws, record));
    if (read?.answer === "unread") this.#passed.push(`${recordWords}: ${read.reason}`);
    return read?.answer === "record" ? read.record : undefined;
  }

  async #reasonToStay(receiver: Colour, weights: Weights, healthy: Healthy): Promise<string | undefined> {
    if (this.#order.whenReady) return awaitTargets(this.#order, receiver, weights, healthy);
    return deadReason(receiver, healthy);
  }

  /**
   * Writes what is about to be done, and asks for the tasks that lack: traffic waits a second at most for either.
   * @returns the record as it is then, as far as anybody knows
   */
  async #intend(
    receiver: Colour,
    before: ReleaseRecord | undefined,
    capacity: BackCapacity | undefined,
  ): Promise<ReleaseRecord | undefined> {
    const { aws, record, place, by, reason, say } = this.#order;
    const intent: Happening = { kind: "intended", by, weights: weightsOf(receiver, 0), basis: "less", reason };
    const readable = record !== undefined && this.#passed.length === 0;
    const [written, asked] = await Promise.all([
      readable ? this.#inPassing(recordWords, writeReleaseRecord(aws, record, before, [intent], place.live, this.#moment)) : undefined,
      capacity?.answer === "goShort" && !this.#order.whenReady
        ? this.#inPassing(`tasks of ${receiver}`, askBack(this.#order, receiver, capacity))
        : undefined,
    ]);
    if (asked !== undefined) say(asked.told);
    this.#passed.push(...(asked?.refused ?? []).map((why) => `tasks of ${receiver}: ${why}`));
    if (written?.outcome === "unwritten") this.#passed.push(`${recordWords}: ${written.reason}`);
    return written?.outcome === "changed" ? written.record : undefined;
  }

  /** Writes the rule until it reads back as wanted: somebody else may be writing it too. */
  async #move(receiver: Colour, first: Split): Promise<void> {
    const { place, wait } = this.#order;
    let split = first;
    for (let attempt = 1; ; attempt++) {
      try {
        await split.giveAll(receiver);
        split = await place.split();
        if (isBack(split, receiver)) return;
      } catch (error) {
        if (!(error instanceof UserError) || attempt === tries) throw error;
        split = await place.split();
      }
      const { blue, green } = split.weights;
      if (attempt === tries)
        throw new UserError(`The rule of ${place.where} still reads blue ${blue} %, green ${green} % after ${tries} writes.`);
      await wait(0.1 * 2 ** attempt);
    }
  }

  async #again(receiver: Colour): Promise<void> {
    const split = await this.#order.place.split();
    if (!isBack(split, receiver)) await this.#move(receiver, split);
  }
}

function isBack({ weights, sticky }: Split, receiver: Colour): boolean {
  return weights[otherColour(receiver)] === 0 && weights[receiver] > 0 && !sticky;
}
