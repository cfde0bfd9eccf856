/**
 * Who changes a service, by the product's own functions: `slipway up` with an engine of the model's, the rollback function, and a person's
 * word. The engine deploys, waits, and writes the rule by the difference to the state, as the AWS provider does.
 */

import type { rollBack, Settings } from "../../../components/rollback/function/index.mjs";
import type { Aws } from "../../../ops/aws/aws.ts";
import type { requireTargets } from "../../../ops/release/readiness.ts";
import type { releaseReserves } from "../../../ops/release/reserve.ts";
import type { recordIntents, recordResults } from "../../../ops/release/updateRecords.ts";
import type { openDigests } from "../../../ops/rollback/acknowledge.ts";
import { UserError } from "../../../ops/userError.ts";
import { type Side, sharing } from "../ecs.ts";
import { groupOf, ModelCloud } from "./cloud.ts";
import { clusterDoor } from "./cluster.ts";
import { type Compute, configWith, stateWith } from "./stack.ts";

/** The functions on trial. */
export interface Product {
  readonly requireTargets: typeof requireTargets;
  readonly recordIntents: typeof recordIntents;
  readonly recordResults: typeof recordResults;
  readonly releaseReserves: typeof releaseReserves;
  readonly openDigests: typeof openDigests;
  readonly rollBack: typeof rollBack;
}

/** How a writer ended. */
export type Exit = "good" | "refused" | "failed";

/** Tasks that the program gives a colour. */
const tasks = 2;
const table = { region: "us-east-1", table: "releases", service: "api" };
const settings: Settings = {
  ...{ stack: "staging", service: "api", ruleArn: "arn:rule", targetGroups: { blue: groupOf("blue"), green: groupOf("green") } },
  ...{ live: "blue", candidateOpen: true, action: "rollBack", latch: "/latch", topicArn: "arn:topic" },
  receiver: { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/api-blue", minimum: 2, maximum: 20 },
  records: { table: "releases", retainOldMinutes: 60 },
};

/** One service in a world of its own; blue is live. */
export class WiredWorld {
  readonly cloud = new ModelCloud();
  /** What the engine's state holds. */
  readonly state: Partial<Record<Side, { readonly digest: string; readonly revision: string }>> = {};
  /** Weights as the engine's state has them. */
  weights: Readonly<Record<Side, number>> = { blue: 100, green: 0 };
  /** How often an update gave back what somebody else had taken. */
  takenBack = 0;
  /** Who holds the stack's lock. */
  #holder: string | undefined;
  readonly #product: Product;
  readonly #compute: Compute;

  /** @param first digest that blue has served with for long */
  constructor(product: Product, first: string, serving: number, compute: Compute) {
    this.#product = product;
    this.#compute = compute;
    const { ecs } = this.cloud;
    if (compute === "kubernetes") ecs.failed = "stalls";
    ecs.registry.set(first, "good");
    this.state.blue = { digest: first, revision: ecs.register("blue", first) };
    ecs.update("blue", this.state.blue.revision, serving);
    ecs.setWeights("before", this.weights);
    ecs.tick(40);
  }

  /** Green runs a digest, without traffic. */
  deployed(digest: string): void {
    const { ecs } = this.cloud;
    this.state.green = { digest, revision: ecs.register("green", digest) };
    ecs.update("green", this.state.green.revision, tasks);
    ecs.tick(40);
  }

  /** `slipway up` with this digest and share for the candidate. */
  async up(writer: string, digest: string, share: number): Promise<Exit> {
    const aws = this.cloud.door(writer);
    const cluster = clusterDoor(this.cloud, writer);
    const images = { blue: this.state.blue?.digest ?? "", green: digest };
    const config = configWith({ live: "blue", candidateWeight: share, images }, undefined, this.#compute);
    const update = () => ({ config, state: stateWith(this.state, { compute: this.#compute }), aws, cluster });
    await this.#adopt(aws);
    try {
      const wait = async () => {
        await this.cloud.before(writer, "wait");
        this.cloud.ecs.tick(1);
      };
      await this.#product.requireTargets({ ...update(), stack: "staging", say: () => {}, wait });
    } catch (error) {
      if (error instanceof UserError) return "refused";
      throw error;
    }
    const begun = await this.#product.recordIntents(update());
    const exit = await this.#engine(writer, digest, share);
    const told = await this.#product.recordResults(update(), begun);
    if (told.some((line) => line.includes("has these weights again"))) this.takenBack += 1;
    await this.#product.releaseReserves(update());
    return exit;
  }

  /** The function of the automatic rollback. */
  async alarm(writer: string): Promise<Exit> {
    const event = { id: writer, time: this.cloud.now().toISOString(), detail: { alarmName: writer, state: { value: "ALARM" } } };
    try {
      const { outcome } = await this.#product.rollBack(event, settings, this.cloud.calls(writer));
      return outcome === "rolledBack" || outcome === "alreadyAtZero" ? "good" : "refused";
    } catch {
      return "failed"; // Lambda tries again
    }
  }

  /** `slipway rollback acknowledge`. @returns digests that it opened */
  async acknowledge(writer: string): Promise<readonly string[]> {
    this.cloud.latch = undefined;
    const moment = { now: this.cloud.now(), retainOldMinutes: 60 };
    const opened = await this.#product.openDigests(this.cloud.door(writer), table, { by: writer, reason: "looked" }, moment);
    return "digests" in opened ? opened.digests : [];
  }

  /** Whoever dies holds no lock any more: the next finds it dead. */
  died(writer: string): void {
    if (this.#holder === writer) this.#holder = undefined;
  }

  /** What is live is read into the state before anything is changed. */
  async #adopt(aws: Aws): Promise<void> {
    await (await aws.client("elbv2", "us-east-1")).describeRules({});
    this.weights = this.cloud.ecs.weights;
  }

  /** The program's guards and the provider's order: services first, and the rule when they are steady. */
  async #engine(writer: string, digest: string, share: number): Promise<Exit> {
    const { ecs, latch } = this.cloud;
    if (this.#holder !== undefined) return "failed";
    const other = this.state.green?.digest !== digest;
    if (other && (this.weights.green > 0 || share > 0)) return "refused";
    if (latch !== undefined && share > 0) return "refused";
    this.#holder = writer;
    try {
      const live = ecs.describe("green");
      const asWanted = !other && live.revision === this.state.green?.revision && live.running >= live.desired && live.rollout !== "failed";
      if (!asWanted) {
        const revision = ecs.register("green", digest);
        ecs.update("green", revision, Math.max(tasks, ecs.describe("green").desired));
        this.state.green = { digest, revision };
        if (!(await this.#steady(writer, "green", revision))) return "failed";
      }
      // The program asked long before the provider writes the rule.
      for (let call = 0; call < 4; call += 1) await this.cloud.before(writer, "engine");
      const wanted = sharing("green", share);
      if (wanted.green !== this.weights.green) ecs.setWeights(writer, wanted);
      this.weights = wanted;
      await this.cloud.before(writer, "engine");
      return "good";
    } finally {
      this.died(writer);
    }
  }

  async #steady(writer: string, side: Side, revision: string): Promise<boolean> {
    for (let minute = 0; minute < 20; minute += 1) {
      await this.cloud.before(writer, "engine");
      this.cloud.ecs.tick(1);
      const live = this.cloud.ecs.describe(side);
      if (live.revision !== revision || live.rollout === "failed") return false;
      if (live.rollout === "completed") return true;
    }
    return false;
  }
}
