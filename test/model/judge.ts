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
  readonly held: Readonly<Record<Side, Held>>;
}

/** A share, in minutes since when it is so, and since when it is known. */
interface Held {
  readonly share: number;
  readonly since: number;
  readonly seen: number;
}

/** A colour that is to have more. */
export interface Move {
  readonly side: Side;
  readonly share: number;
  /** Colour that the config calls live. */
  readonly live: Side;
  /** Colour that was live when the candidate was deployed. */
  readonly home: Side;
  /** What is wanted in the colour. */
  readonly revision: string;
  readonly tasks: number;
  /** A person's word goes past the steps. */
  readonly word: boolean;
}

export class Broken extends Error {}

export class Judge {
  /** Digests that were rolled back or failed, and nobody gave a word for: none may be forgotten or raised. */
  readonly barred = new Set<string>();
  /** Minute at which a digest last had its proof, the last step baked at 100 %, and Infinity while it has traffic. */
  readonly #proven = new Map<string, number>();
  /** Digests that had their proof, and have to prove themselves again. */
  readonly #once = new Set<string>();
  readonly #sights = new Map<string, Sight>();
  /** Shares as they were last written down: what the console did and undid unseen is held against nobody. */
  readonly #noted: Record<Side, Held> = { blue: { share: 0, since: 0, seen: 0 }, green: { share: 0, since: 0, seen: 0 } };
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
    this.#prove();
    const { minute, weights } = this.#ecs;
    const services = { blue: this.#ecs.describe("blue"), green: this.#ecs.describe("green") };
    const sight = { minute, weights, services, held: { blue: this.#held("blue"), green: this.#held("green") } };
    this.#sights.set(writer, sight);
    return sight;
  }

  /** Since when a colour has its share, as far as anybody who looks now can know. */
  #held(side: Side): Held {
    const share = this.#ecs.weights[side];
    const noted = this.#noted[side];
    return share === noted.share ? noted : { share, since: this.#ecs.lastChange[side], seen: this.#ecs.minute };
  }

  /** Who holds everything for as long as the last step bakes is proven, and stays so, without traffic, as long as a way back is kept. */
  #prove(): void {
    const last = this.#law.steps.at(-1)?.bakeMinutes ?? 0;
    const { minute, weights, lastChange } = this.#ecs;
    for (const side of sides) {
      const { digest } = this.#ecs.describe(side);
      if (digest === "" || this.barred.has(digest)) continue;
      if (weights[side] === 100 && minute - this.#held(side).seen >= last) this.#proven.set(digest, Number.POSITIVE_INFINITY);
      const gone = weights[side] === 0 && weights[opposite(side)] === 100 && this.#ecs.describe(opposite(side)).digest !== digest;
      if (gone && this.#proven.get(digest) === Number.POSITIVE_INFINITY) this.#proven.set(digest, lastChange[side]);
    }
  }

  /** A writer may write these weights by what it saw: the law has nothing against it. */
  moves(writer: string, move: Move): void {
    const why = this.#objection(this.#sight(writer), move);
    if (why !== undefined) throw new Broken(`${writer} gave ${move.side} ${move.share} %: ${why}`);
  }

  /** A writer may not, in a world where everything is written down at once: the law has something against it. */
  stays(writer: string, move: Move): void {
    const sight = this.#sight(writer);
    const unsure = this.#undone(sight, move) && move.side !== move.live;
    if (!unsure && this.#objection(sight, move) === undefined)
      throw new Broken(`${writer} did not give ${move.side} ${move.share} %, which it may have`);
  }

  #sight(writer: string): Sight {
    const sight = this.#sights.get(writer);
    if (sight === undefined) throw new Broken(`${writer} had not read what is live`);
    return sight;
  }

  #objection(sight: Sight, move: Move): string | undefined {
    const { side, share } = move;
    const { digest, healthy, revision, running, rollout } = sight.services[side];
    const had = sight.weights[side];
    if (share <= had) return undefined;
    const rival = sight.services[opposite(side)];
    if (this.#undone(sight, move)) return healthy === 0 && rival.healthy > 0 ? "it has no healthy target" : undefined;
    const needed = Math.max(this.#law.minimum, 1, Math.ceil(((share / 100) * rival.running * this.#law.headroom) / 100 - 1e-9));
    if (healthy < needed) return `it has ${healthy} healthy targets of ${needed}`;
    if (revision !== move.revision || running < move.tasks || rollout === "failed") return `${running} tasks of ${revision} run`;
    const proof = this.#proven.get(digest);
    if (move.word || (proof !== undefined && sight.minute - proof < this.#law.retainOldMinutes)) return undefined;
    if (this.barred.has(digest)) return "its digest failed or was rolled back";
    const next = this.#law.steps.find(({ weight }) => weight > had);
    if (share !== next?.weight) return `the step after ${had} % is ${next?.weight} %`;
    const bake = had === 0 ? 0 : (this.#law.steps.findLast(({ weight }) => weight <= had)?.bakeMinutes ?? 0);
    const held = sight.minute - sight.held[side].since;
    return held < bake ? `it had ${had} % for ${held} of ${bake} minutes` : undefined;
  }

  /**
   * A release is undone, which nothing but a colour without targets holds: traffic goes back to where the candidate took it from, or two of
   * three are true, that it goes to a digest that was ever proven, leaves one that is not, and goes to the colour that the config calls live.
   */
  #undone({ services }: Sight, { side, live, home }: Move): boolean {
    const [goes, leaves] = [services[side].digest, services[opposite(side)].digest];
    const unproven = this.barred.has(leaves) || this.#proven.get(leaves) !== Number.POSITIVE_INFINITY;
    const ever = this.#proven.has(goes) || this.#once.has(goes);
    if (side === home && (side === live || this.#proven.has(goes) || (unproven && !this.barred.has(goes)))) return true;
    return (side === home || !this.barred.has(goes)) && [ever, unproven, side === live].filter((one) => one).length >= 2;
  }

  /** A digest failed or was rolled back, and the writer was told that this is written down. */
  bar(digest: string): void {
    this.barred.add(digest);
    this.#proven.delete(digest);
    this.#once.delete(digest);
  }

  /** A person's word for a digest: from now on it may prove itself. */
  lift(digest: string): void {
    if (!this.barred.delete(digest)) return;
    for (const side of sides)
      if (this.#ecs.describe(side).digest === digest)
        this.#noted[side] = { ...this.#noted[side], since: this.#ecs.minute, seen: this.#ecs.minute };
  }

  /** Shares were written down: from now on bakes and ways back are counted. */
  noted(): void {
    this.#prove();
    for (const side of sides) {
      const held = this.#held(side);
      const { digest } = this.#ecs.describe(side);
      const lost = this.#proven.get(digest);
      if (lost !== undefined && Number.isFinite(lost)) {
        if (held.share === 0) this.#proven.set(digest, this.#ecs.minute);
        else if (this.#ecs.lastChange[side] - lost < this.#law.retainOldMinutes) this.#proven.set(digest, Number.POSITIVE_INFINITY);
        else if (this.#proven.delete(digest)) this.#once.add(digest);
      }
      this.#noted[side] = held;
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
