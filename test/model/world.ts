/** One service in a world of its own: the model, its judge, the table with the record, the outputs, the state, and the core on trial. */
import type { Moment, ReleaseEvent, Transition } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import type { ReleaseOutputs, Standings } from "../../components/release/standing.ts";
import type { Core } from "./core.ts";
import { Ecs, type Side, sharing, sides } from "./ecs.ts";
import { Judge, type Law } from "./judge.ts";

type Weights = Readonly<Record<Side, number>>;

/** An event without what the writer knows of itself. */
export type Told = ReleaseEvent extends infer One ? (One extends ReleaseEvent ? Omit<One, "read" | "by"> : never) : never;

/** Tasks that each colour is told to run. */
export const tasksWanted = 4;

/** When every sequence begins. */
const begin = Date.parse("2026-11-30T00:00:00Z");

/** A digest by its number. */
export const digestOf = (number: number) => `sha256:${number.toString(16).padStart(2, "0").repeat(32)}`;

export const law: Law = {
  steps: [
    { weight: 5, bakeMinutes: 10 },
    { weight: 50, bakeMinutes: 20 },
    { weight: 100, bakeMinutes: 30 },
  ],
  retainOldMinutes: 60,
  headroom: 120,
  minimum: 2,
};

export class World {
  readonly ecs = new Ecs();
  readonly core: Core;
  readonly law = law;
  readonly judge: Judge;
  outputs: ReleaseOutputs | undefined;
  /** What the program's state holds of each colour. */
  readonly state: Partial<Record<Side, { readonly digest: string; readonly revision: string }>> = {};
  /** Colour that the config calls live. */
  live: Side = "blue";
  /** Colour that was live when the candidate was deployed. */
  home: Side = "blue";
  /** Everything is done to its end and written down at once: what the law allows is to be allowed. */
  readonly calm: boolean;
  /** The table does not answer. */
  tableDown = false;
  #record: ReleaseRecord | undefined;

  /** Blue serves everything with a digest that has done so for long. @param recorded whether the record knows it */
  constructor(core: Core, recorded: boolean, calm = false) {
    this.core = core;
    this.calm = calm;
    this.judge = new Judge(this.ecs, law);
    const digest = digestOf(0);
    this.ecs.registry.set(digest, "good");
    const revision = this.ecs.register("blue", digest);
    this.state.blue = { digest, revision };
    this.ecs.update("blue", revision, tasksWanted);
    this.ecs.setWeights("before", sharing("blue", 100));
    this.ecs.tick(100);
    this.judge.grandfather(digest);
    if (!recorded) return;
    const running = { wanted: revision, running: revision };
    const tasks = { wanted: tasksWanted, running: tasksWanted };
    const told: Told[] = [
      { kind: "deployed", colour: "blue", digest, tasks, revision: running },
      { kind: "shareChanged", weights: this.ecs.weights, basis: "word" },
      { kind: "finished", colour: "blue", digest },
    ];
    for (const one of told) {
      const read = this.read();
      if (read !== undefined) this.write("before", read, one);
    }
  }

  get moment(): Moment {
    return { now: new Date(begin + this.ecs.minute * 60_000), retainOldMinutes: law.retainOldMinutes };
  }

  /** The record; a new one where there is none yet, undefined where the table does not answer. */
  read(): ReleaseRecord | undefined {
    if (this.tableDown) return undefined;
    return this.#record ?? this.core.newRecord({ service: "api", region: "us-east-1", live: this.live });
  }

  /** Both colours as a writer finds them. @param record as it read it */
  look(
    writer: string,
    record: ReleaseRecord | undefined,
  ): { readonly standings: Standings; readonly healthy: Weights; readonly running: Weights } {
    const { services, weights } = this.judge.sees(writer);
    const of = (side: Side) => ({ digest: services[side].digest, share: weights[side] });
    const sources = { record: record ?? ("unreadable" as const), outputs: this.outputs, live: { blue: of("blue"), green: of("green") } };
    const bake = this.core.lastBakeMinutes(law.steps);
    const standing = (side: Side) => this.core.standingOf(side, sources, this.live, bake, this.moment);
    return {
      standings: { blue: standing("blue"), green: standing("green") },
      healthy: { blue: services.blue.healthy, green: services.green.healthy },
      running: { blue: services.blue.running, green: services.green.running },
    };
  }

  /** What the core makes of an event. The table holds it to the version that the writer read. */
  write(writer: string, read: ReleaseRecord, told: Told): Transition {
    if (this.tableDown) return { outcome: "conflict", read: read.version, found: read.version, reason: "the table does not answer" };
    const stored = this.#record ?? this.core.newRecord({ service: "api", region: "us-east-1", live: this.live });
    const made = this.core.changed(stored, { ...told, by: writer, read: read.version }, this.moment);
    if (made.outcome !== "changed") return made;
    if (read.version !== stored.version || made.record.version !== stored.version + 1)
      throw new Error(`${writer} wrote over another's record`);
    this.#record = made.record;
    const shareOf = (one: ReleaseRecord, side: Side) => `${this.core.entryOf(one, side)?.share} ${this.core.entryOf(one, side)?.since}`;
    if (sides.some((side) => shareOf(stored, side) !== shareOf(made.record, side))) this.judge.noted();
    if (told.kind !== "acknowledged")
      this.judge.kept(made.record.digests.filter(({ state }) => state === "failed" || state === "rolledBack"));
    return made;
  }
}
