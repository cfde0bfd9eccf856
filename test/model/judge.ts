/**
 * What must hold of a service's releases, judged by what the model saw: its own clock, its own tasks, its own weights. It knows nothing
 * of the product, and says in one sentence what is broken.
 */
import { type Described, type Ecs, opposite, type Side, sides } from "./ecs.ts";

/** The law that writers are held to. */
export interface Law {
  readonly steps: readonly { readonly weight: number; readonly bakeMinutes: number }[];
  readonly retainOldMinutes: number;
  readonly headroom: number;
  readonly minimum: number;
}

/** What a writer saw when it last read what is live. */
interface Sight {
  readonly minute: number;
  readonly weights: Readonly<Record<Side, number>>;
  readonly services: Readonly<Record<Side, Described>>;
}

export class Broken extends Error {}

export class Judge {
  /** Digests that were rolled back or failed, and nobody gave a word for: none may be forgotten or raised. */
  readonly barred = new Set<string>();
  /** Minute at which a digest last had its proof, the last step baked at 100 %, and Infinity while it has traffic. */
  readonly #proven = new Map<string, number>();
  readonly #sights = new Map<string, Sight>();
  /** Since when each colour has its share, as far as anybody who looked could know: what the console did and undid unseen is not held against them. */
  readonly #observed: Record<Side, { readonly share: number; readonly since: number; readonly seen: number }> = {
    blue: { share: 0, since: 0, seen: 0 },
    green: { share: 0, since: 0, seen: 0 },
  };
  readonly #ecs: Ecs;
  readonly #law: Law;

  constructor(ecs: Ecs, law: Law) {
    this.#ecs = ecs;
    this.#law = law;
  }

  /** A digest that has served for ever when the sequence begins. */
  grandfather(digest: string): void {
    this.#proven.set(digest, Number.POSITIVE_INFINITY);
  }

  /** A writer reads what is live. */
  sees(writer: string): Sight {
    this.observe();
    const { minute, weights } = this.#ecs;
    const services = { blue: this.#ecs.describe("blue"), green: this.#ecs.describe("green") };
    const sight = { minute, weights, services };
    this.#sights.set(writer, sight);
    return sight;
  }

  /** Somebody looks, or writes down what is. Who is seen to hold everything for as long as the last step bakes is proven. */
  observe(): void {
    const last = this.#law.steps.at(-1)?.bakeMinutes ?? 0;
    const { minute, weights, lastChange } = this.#ecs;
    for (const side of sides) {
      const share = weights[side];
      if (share !== this.#observed[side].share) this.#observed[side] = { share, since: lastChange[side], seen: minute };
      const { digest } = this.#ecs.describe(side);
      if (digest === "" || this.barred.has(digest)) continue;
      if (share === 100 && minute - this.#observed[side].seen >= last) this.#proven.set(digest, Number.POSITIVE_INFINITY);
      const gone = share === 0 && weights[opposite(side)] === 100 && this.#ecs.describe(opposite(side)).digest !== digest;
      if (gone && this.#proven.get(digest) === Number.POSITIVE_INFINITY) this.#proven.set(digest, lastChange[side]);
    }
  }

  /** A writer may write these weights by what it saw. @param live colour that the config calls live @param word a person's word goes past the steps */
  moves(writer: string, weights: Readonly<Record<Side, number>>, live: Side, word: boolean): void {
    const sight = this.#sights.get(writer);
    if (sight === undefined) throw new Broken(`${writer} wrote a weight and had not read what is live`);
    const side = weights.blue > sight.weights.blue ? "blue" : "green";
    const share = weights[side];
    const { digest, healthy } = sight.services[side];
    const had = sight.weights[side];
    if (share <= had) return;
    const rival = sight.services[opposite(side)];
    if (this.#undone(sight, side, live)) {
      if (healthy === 0 && rival.healthy > 0) throw new Broken(`${writer} gave everything back to ${side}, which has no healthy target`);
      return;
    }
    const needed = Math.max(this.#law.minimum, 1, Math.ceil(((share / 100) * rival.running * this.#law.headroom) / 100 - 1e-9));
    if (healthy < needed) throw new Broken(`${writer} gave ${side} ${share} % with ${healthy} healthy targets of ${needed}`);
    if (word) return;
    if (this.barred.has(digest)) throw new Broken(`${writer} gave ${side} ${share} %, and its digest failed or was rolled back`);
    const proof = this.#proven.get(digest);
    if (proof !== undefined && sight.minute - proof < this.#law.retainOldMinutes) return;
    const next = this.#law.steps.find(({ weight }) => weight > had);
    if (share !== next?.weight) throw new Broken(`${writer} gave ${side} ${share} % after ${had} %, past a step`);
    const bake = had === 0 ? 0 : (this.#law.steps.findLast(({ weight }) => weight <= had)?.bakeMinutes ?? 0);
    const held = sight.minute - this.#observed[side].since;
    if (held < bake) throw new Broken(`${writer} gave ${side} ${share} % after ${held} of ${bake} minutes at ${had} %`);
  }

  /**
   * A release is undone, which nothing but a colour without targets holds: two of three are true, that traffic goes to a proven digest,
   * leaves one that is not, and goes to the colour that the config calls live.
   */
  #undone({ services }: Sight, side: Side, live: Side): boolean {
    const [goes, leaves] = [services[side].digest, services[opposite(side)].digest];
    const unproven = this.barred.has(leaves) || this.#proven.get(leaves) !== Number.POSITIVE_INFINITY;
    return [this.#proven.has(goes), unproven, side === live].filter((one) => one).length >= 2;
  }

  /** A digest failed or was rolled back, and the writer was told that this is written down. */
  bar(digest: string): void {
    this.barred.add(digest);
    this.#proven.delete(digest);
  }

  /** A person's word for a digest: from now on it may prove itself. */
  lift(digest: string): void {
    this.barred.delete(digest);
    for (const side of sides)
      if (this.#ecs.describe(side).digest === digest) this.#observed[side] = { ...this.#observed[side], seen: this.#ecs.minute };
  }

  /** Shares were written down: from now on a way back is counted. */
  noted(): void {
    this.observe();
    for (const side of sides) {
      const { digest } = this.#ecs.describe(side);
      if (Number.isFinite(this.#proven.get(digest))) this.#proven.set(digest, this.#ecs.minute);
    }
  }

  /** `up` says that a revision is deployed, with so many tasks. */
  deployed(writer: string, side: Side, revision: string, tasks: number): void {
    const seen = this.#sights.get(writer)?.services[side];
    if (seen?.revision !== revision || seen.running < tasks || seen.rollout === "failed")
      throw new Broken(`${writer} said that ${revision} is deployed, and ${seen?.running} of ${tasks} tasks of ${seen?.revision} ran`);
  }

  /** A rollback has ended, and nobody disturbed it. @param seen health when it read, undefined when it could not */
  rolledBack(writer: string, to: Side, seen: Readonly<Record<Side, number>> | undefined): void {
    const stranded = seen !== undefined && seen[to] === 0 && seen[opposite(to)] > 0;
    const wrote = this.#ecs.writes.some((write) => write.by === writer && write.after[to] === 100);
    if (stranded === wrote) throw new Broken(stranded ? `${writer} gave ${to} everything, where nobody answers` : `${writer} was held`);
  }

  /** What is barred stays so in the record. @param marked what it marks */
  kept(marked: readonly { readonly digest: string }[]): void {
    for (const digest of this.barred)
      if (!marked.some((one) => one.digest === digest)) throw new Broken(`the mark on ${digest.slice(7, 9)} was lost`);
  }
}
