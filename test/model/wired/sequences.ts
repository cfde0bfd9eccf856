/** Random sequences of operators, alarms and accidents on the wired product, any of them in the midst of another, and what has to hold after each. */
import { entryOf, weightsIn } from "../../../components/release/record.ts";
import { readRecord } from "../../../components/release/recordContract.ts";
import { fc } from "../../harness/campaign.ts";
import { sides } from "../ecs.ts";
import { Broken } from "../judge.ts";
import type { Compute } from "./stack.ts";
import { type Exit, type Product, WiredWorld } from "./writers.ts";

/** Digests that sequences deploy, beside the first. */
const digests = 3;
const digestOf = (number: number) => `sha256:${number.toString(16).padStart(2, "0").repeat(32)}`;
/** Tasks that serve when a sequence begins. */
const serving = 6;

/** `up` with another image, or with a share for the one that is there. */
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("up" as const), digest: fc.integer({ min: 1, max: digests }), share: fc.constantFrom(0, 0, 5) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("up" as const), digest: fc.constant(0), share: fc.constantFrom(0, 5, 50, 100) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("alarm" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("acknowledge" as const) }) },
);
const accident = fc.oneof(
  fc.record({
    do: fc.constant("image" as const),
    digest: fc.integer({ min: 1, max: digests }),
    is: fc.constantFrom("good" as const, "bad" as const, "missing" as const),
  }),
  fc.record({ do: fc.constant("kill" as const), side: fc.constantFrom(...sides), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant("kill" as const), side: fc.constant("blue" as const), count: fc.constant(20) }),
  fc.record({ do: fc.constant("console" as const), share: fc.constantFrom(0, 5, 50, 100) }),
  fc.record({ do: fc.constant("table" as const), down: fc.boolean() }),
);

/** Calls at which another comes between. */
const place = fc.constantFrom("describeRules", "getItem", "putItem", "engine", "registerScalableTarget", "forwardTo");

/** A sequence. */
export const wiredSequence = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("whole" as const), act }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("begin" as const), act, calls: fc.nat(40) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom("goOn" as const, "crash" as const),
        which: fc.nat(2),
        calls: fc.constantFrom(5, 20, 1000),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("during" as const), act, at: place, times: fc.integer({ min: 1, max: 6 }), other: act }),
    },
    { weight: 2, arbitrary: accident },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("tick" as const), minutes: fc.constantFrom(5, 30, 120) }) },
  ),
  { minLength: 3, maxLength: 20, size: "max" },
);
type Command = typeof wiredSequence extends fc.Arbitrary<readonly (infer One)[]> ? One : never;
type Act = Command extends infer One ? (One extends { readonly act: infer Of } ? Of : never) : never;

/** One who is under way: each call to the cloud costs a step, and without one it stands. */
interface Begun {
  readonly name: string;
  readonly act: Act;
  steps: number;
  dead: boolean;
  /** It stands before the so many-th call of an operation. */
  stop?: { readonly at: string; times: number } | undefined;
  resume: () => void;
  ended?: Exit;
  /** Whether nobody else did anything since it began. */
  alone: boolean;
  /** The table answered all the while. */
  recorded: boolean;
}

class Play {
  readonly world: WiredWorld;
  readonly exits: Record<string, number> = {};
  readonly #open = new Map<string, Begun>();
  /** Digests that a function marked in the record, and nobody acknowledged. */
  readonly #barred = new Set<string>();
  readonly #counted = new Set<Begun>();
  #tableDown = false;
  #count = 0;

  constructor(product: Product, compute: Compute) {
    this.world = new WiredWorld(product, digestOf(0), serving, compute);
    const { cloud } = this.world;
    for (let digest = 1; digest <= digests; digest += 1) cloud.ecs.registry.set(digestOf(digest), "good");
    this.world.deployed(digestOf(1));
    cloud.before = (writer, operation) => this.#gate(writer, operation);
  }

  async #gate(writer: string, operation: string): Promise<void> {
    const one = this.#open.get(writer);
    if (one?.stop?.at === operation && --one.stop.times === 0) one.steps = 0;
    while (one !== undefined && (one.dead || one.steps <= 0)) await new Promise<void>((resume) => (one.resume = resume));
    if (one !== undefined) one.steps -= 1;
    if (this.#tableDown && /Item$/.test(operation)) {
      if (one !== undefined) one.recorded = false;
      throw Object.assign(new Error("the table does not answer"), { name: "TimeoutError" });
    }
  }

  async step(command: Command): Promise<void> {
    const { cloud } = this.world;
    for (const one of this.#open.values()) one.alone = false;
    switch (command.do) {
      case "whole":
        return this.#run(this.#begin(command.act), Number.POSITIVE_INFINITY);
      case "during": {
        const one = this.#begin(command.act);
        one.stop = { at: command.at, times: command.times };
        await this.#run(one, Number.POSITIVE_INFINITY);
        one.stop = undefined;
        one.alone = false;
        const other = this.#begin(command.other);
        await this.#run(other, Number.POSITIVE_INFINITY);
        // An alarm takes nothing away where nobody else answers.
        const rolledBack =
          other.act.do === "alarm" && cloud.ecs.weights.green === 0 && this.#barred.has(cloud.ecs.describe("green").digest);
        await this.#run(one, Number.POSITIVE_INFINITY);
        if (rolledBack && one.act.do === "up" && one.recorded && other.recorded && cloud.ecs.weights.green > 0)
          throw new Broken(`${one.name} stands over a rollback`);
        return;
      }
      case "begin":
        return this.#run(this.#begin(command.act), command.calls);
      case "goOn":
      case "crash": {
        const one = [...this.#open.values()].filter(({ dead, ended }) => !dead && ended === undefined)[command.which];
        if (one === undefined) return;
        if (command.do === "goOn") return this.#run(one, command.calls);
        one.dead = true;
        this.world.died(one.name);
        return;
      }
      case "image":
        cloud.ecs.registry.set(digestOf(command.digest), command.is);
        return;
      case "kill":
        cloud.ecs.kill(command.side, command.count);
        return;
      case "console":
        cloud.ecs.setWeights("console", { blue: 100 - command.share, green: command.share });
        return;
      case "table":
        this.#tableDown = command.down;
        return;
      case "tick":
        cloud.ecs.tick(command.minutes);
    }
  }

  #begin(given: Act): Begun {
    this.#count += 1;
    const name = `${given.do} ${this.#count}`;
    const one: Begun = { name, act: given, steps: 0, dead: false, resume: () => {}, alone: true, recorded: !this.#tableDown };
    this.#open.set(name, one);
    void this.#doing(one).then(
      (exit) => (one.ended = exit),
      (error: unknown) => (one.ended = this.#broke(error)),
    );
    return one;
  }

  #failure: unknown;
  #broke(error: unknown): Exit {
    this.#failure ??= error;
    return "failed";
  }

  async #doing(one: Begun): Promise<Exit> {
    await this.#gate(one.name, "begin");
    const { world } = this;
    const before = { weights: world.cloud.ecs.weights, blue: world.cloud.ecs.describe("blue"), green: world.cloud.ecs.describe("green") };
    switch (one.act.do) {
      case "up": {
        const digest = one.act.digest === 0 ? (world.state.green?.digest ?? digestOf(1)) : digestOf(one.act.digest);
        const exit = await world.up(one.name, digest, one.act.share);
        this.#judgeUp(one, exit, one.act.share, before);
        return exit;
      }
      case "alarm": {
        const known = world.cloud.record?.runs.green;
        const exit = await world.alarm(one.name);
        this.#judgeAlarm(one, exit, known, before);
        return exit;
      }
      case "acknowledge":
        for (const digest of await world.acknowledge(one.name)) this.#barred.delete(digest);
        return "good";
    }
  }

  #judgeUp(
    one: Begun,
    exit: Exit,
    share: number,
    before: { readonly weights: { readonly green: number }; readonly blue: { readonly healthy: number } },
  ): void {
    const { ecs, record } = this.world.cloud;
    const green = ecs.describe("green");
    const wrote = ecs.writes.some(({ by, after }) => by === one.name && after.green > 0 && after.green >= before.weights.green);
    if (!one.alone) return;
    const more = ecs.writes.find(({ by, before: had, after }) => by === one.name && after.green > had.green);
    if (more !== undefined) {
      if (this.#barred.has(green.digest)) throw new Broken(`${one.name} gave a digest ${share} % that was rolled back`);
      const needed = Math.ceil((share * before.blue.healthy) / 100);
      if (green.healthy < Math.max(1, Math.min(needed, serving)))
        throw new Broken(`${one.name} gave ${share} % to ${green.healthy} of ${needed} targets`);
      if (green.revision !== this.world.state.green?.revision || green.running < 1)
        throw new Broken(`${one.name} gave ${share} % to ${green.revision}`);
      if (!one.recorded) throw new Broken(`${one.name} gave ${share} % without a record`);
    }
    if (share === 0 && exit === "refused" && before.weights.green > 0 && before.blue.healthy > 0) {
      if (one.act.do === "up" && one.act.digest === 0 && this.world.state.green !== undefined)
        throw new Broken(`${one.name} was held back with ${before.blue.healthy} healthy targets`);
    }
    if (exit === "good" && ecs.weights.green !== share) throw new Broken(`${one.name} says good, and ${ecs.weights.green} % are live`);
    if (one.recorded && wrote && exit === "good") {
      if (record === undefined || weightsIn(record).green !== ecs.weights.green)
        throw new Broken(`${one.name} wrote another share than is live`);
      if (record.intent !== undefined) throw new Broken(`${one.name} left its intent`);
    }
  }

  #judgeAlarm(
    one: Begun,
    exit: Exit,
    known: string | undefined,
    before: {
      readonly weights: { readonly green: number };
      readonly blue: { readonly healthy: number };
      readonly green: { readonly healthy: number };
    },
  ): void {
    const { ecs, record, latch } = this.world.cloud;
    const entry = record === undefined ? undefined : entryOf(record, "green");
    if (entry?.state === "rolledBack" && exit === "good") this.#barred.add(entry.digest);
    if (!one.alone) return;
    const stranded = before.blue.healthy === 0 && before.green.healthy > 0;
    if (before.weights.green > 0 && !stranded && ecs.weights.green !== 0) throw new Broken(`${one.name} was held`);
    if (before.weights.green > 0 && stranded && ecs.weights.green === 0)
      throw new Broken(`${one.name} gave blue everything, where nobody answers`);
    if (latch === undefined) throw new Broken(`${one.name} left no latch`);
    const moved = before.weights.green > 0 && !stranded;
    if (moved && one.recorded && known !== undefined && entry?.state !== "rolledBack")
      throw new Broken(`${one.name} did not mark the digest`);
  }

  /** What holds at any time. */
  judge(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const { record } = this.world.cloud;
    if (record === undefined) return;
    const read = readRecord(record);
    if (read.answer !== "record") throw new Broken(read.reason);
    for (const digest of this.#barred)
      if (!record.digests.some((entry) => entry.digest === digest && entry.state === "rolledBack"))
        throw new Broken(`the mark on ${digest.slice(7, 9)} was lost`);
  }

  async #run(one: Begun, calls: number): Promise<void> {
    one.steps = calls;
    for (let turn = 0; turn < 2000 && one.ended === undefined; turn += 1) {
      one.resume();
      await new Promise(setImmediate);
      if (one.steps <= 0) break;
    }
    if (one.ended === undefined || this.#counted.has(one)) return;
    this.#counted.add(one);
    const key = `${one.act.do} ${one.ended}`;
    this.exits[key] = (this.exits[key] ?? 0) + 1;
  }
}

/**
 * Plays a sequence.
 * @returns exits of the writers that came to an end, by what they did
 * @throws Broken when something does not hold that must
 */
export async function playWired(product: Product, commands: readonly Command[], compute: Compute = "ecs"): Promise<Record<string, number>> {
  const play = new Play(product, compute);
  for (const command of commands) {
    await play.step(command);
    play.judge();
  }
  return { ...play.exits, ...(play.world.takenBack === 0 ? {} : { "taken back": play.world.takenBack }) };
}
