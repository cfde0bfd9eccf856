/** The calls of a rollback function on a small cloud of its own, each of which a test may break. */
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import type { Latch } from "../../components/rollback/function/decision.mjs";
import { type Calls, rollBack, type Settings } from "../../components/rollback/function/index.mjs";

/** What the function finds. */
export class SmallCloud implements Calls {
  weights = { blue: 95, green: 5 };
  sticky = false;
  targets = { blue: 2, green: 2 };
  set: Latch | undefined;
  kept: ReleaseRecord | undefined;
  /** What it did, in order: `forward blue`, `latch rolledBack`, `put 4`, `tell`. */
  readonly done: string[] = [];
  readonly told: string[] = [];
  /** Tasks that were asked for. */
  readonly asked: number[] = [];
  /** What who is asked for them answers. */
  refused: readonly string[] = [];
  /** Milliseconds of each wait. */
  readonly waited: number[] = [];
  /** What happens before a call. */
  before: (call: string) => Promise<void> | void = () => {};

  async rule() {
    await this.before("rule");
    return { weights: this.weights, sticky: this.sticky };
  }
  async healthy() {
    await this.before("healthy");
    return this.targets;
  }
  async forwardTo(targets: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]) {
    await this.before("forwardTo");
    const of = (colour: string) => targets.find(({ TargetGroupArn }) => TargetGroupArn === `arn:${colour}`)?.Weight ?? 0;
    this.weights = { blue: of("blue"), green: of("green") };
    this.sticky = false;
    this.done.push(`forward ${this.weights.blue}/${this.weights.green}`);
  }
  async askForTasks(_: object, tasks: number) {
    this.asked.push(tasks);
    return [...this.refused];
  }
  async latch() {
    await this.before("latch");
    return this.set;
  }
  async setLatch(latch: Latch) {
    this.set = latch;
    this.done.push(`latch ${latch.outcome}`);
  }
  async record() {
    await this.before("record");
    return this.kept;
  }
  async putRecord(_: string, record: ReleaseRecord) {
    await this.before("putRecord");
    if (record.version !== (this.kept?.version ?? 0) + 1)
      throw Object.assign(new Error("The conditional request failed"), { name: "ConditionalCheckFailedException" });
    this.kept = record;
    this.done.push(`put ${record.version}`);
  }
  async wait(milliseconds: number) {
    this.waited.push(milliseconds);
    await this.before("wait");
  }
  async tell({ Message }: { readonly Message: string }) {
    this.told.push(Message);
    this.done.push("tell");
  }
}

/** What the function of `api` is made with. */
export const settings: Settings = {
  ...{ stack: "production", service: "api", ruleArn: "arn:rule", targetGroups: { blue: "arn:blue", green: "arn:green" }, live: "blue" },
  ...{ candidateOpen: true, action: "rollBack", latch: "/slipway/rollback/api", topicArn: "arn:topic" },
  records: { table: "releases", retainOldMinutes: 60 },
};

/** What EventBridge sends. */
export function alarm(id: string) {
  return { id, time: "2026-11-30T12:00:00Z", detail: { alarmName: "errors", state: { value: "ALARM" } } };
}

/** An alarm of the service rings. */
export function ring(cloud: SmallCloud, changes: Partial<Settings> = {}, id = "first") {
  return rollBack(alarm(id), { ...settings, ...changes }, cloud);
}
