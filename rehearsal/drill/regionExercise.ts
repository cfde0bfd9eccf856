/** A copy of the simulated cloud under a clock: what fails, when Route 53 notices, and where users are at every second. */

import { UserError } from "../../ops/userError.ts";
import { answerOf, type Check, regionIn, type ZoneModel } from "../../sandbox/aws/resolver.ts";
import { observed, zoneModel } from "../../sandbox/aws/zone.ts";
import { scheduleType } from "../../sandbox/cloud/aws/scheduler.ts";
import type { LiveObject, LiveStore } from "../../sandbox/cloud/liveStore.ts";
import type { DrillEvent } from "./report.ts";

const parameterType = "aws:ssm/parameter:Parameter";
const instanceType = "aws:rds/instance:Instance";

/** What the exercise is about. */
interface ExercisePlace {
  readonly account: string;
  /** Name that fails over. */
  readonly domain: string;
  /** Region of operators' switches. */
  readonly switchRegion: string;
  /** Name of the stack that is copied. */
  readonly stack: string;
  readonly readOnlyParameter: string;
  /** Seconds until a check of an endpoint changes its status: its interval times its threshold. */
  readonly detectionSeconds: number;
}

/** What one leaf check says, and what it will say when the truth lasts. */
interface Reported {
  status: boolean;
  truth: boolean;
  /** Second at which the truth became what it is. */
  since: number;
}

/** The clock and what it brings about. Every second is passed; nothing is skipped. */
export class RegionExercise {
  /** Seconds that resolvers keep an answer: Route 53's own for aliases of load balancers. */
  readonly cacheSeconds = 60;
  /** Seconds until a switch is seen: a minute until its value is written, and one until the alarm is evaluated. */
  readonly switchSeconds = 120;
  readonly detectionSeconds: number;
  readonly events: DrillEvent[] = [];
  second = 0;
  secondsWithTwoWriters = 0;
  readonly #store: LiveStore;
  readonly #place: ExercisePlace;
  readonly #zone: ZoneModel;
  readonly #lost = new Set<string>();
  readonly #reported = new Map<string, Reported>();
  /** Answers of the last seconds, the newest last. */
  readonly #answers: (string | undefined)[] = [];

  /** @param store a store that the exercise may change */
  constructor(store: LiveStore, place: ExercisePlace) {
    this.#store = store;
    this.#place = place;
    this.detectionSeconds = place.detectionSeconds;
    this.#zone = zoneModel(store);
    const truth = observed(store);
    for (const { id } of this.#leaves) {
      const status = truth(id);
      this.#reported.set(id, { status, truth: status, since: 0 });
    }
    this.#answers.push(...Array.from({ length: this.cacheSeconds + 1 }, () => this.answering));
  }

  /** Region that a resolver is answered with now. */
  get answering(): string | undefined {
    return regionIn(answerOf(this.#zone, this.#place.domain, (id) => this.#reported.get(id)?.status ?? false));
  }

  get #leaves(): readonly Check[] {
    return this.#zone.checks.filter(({ calculated }) => calculated === undefined);
  }

  begin(): void {
    this.#say("the exercise begins, all regions are well");
  }

  /** Nothing in a region answers from now on. */
  lose(region: string): void {
    this.#lost.add(region);
    this.#truthChanged();
    this.#say(`${region} is lost`);
  }

  /** A region answers again, with what it had. @param fenced make it read-only at once: another one takes writes by now */
  recover(region: string, fenced: boolean): void {
    this.#lost.delete(region);
    if (fenced) this.#setReadOnly(region, true);
    this.#truthChanged();
    this.#say(`${region} is back${fenced ? " and is made read-only" : ""}`);
  }

  /** Sets an operator's switch. @throws UserError when the stack has none of that name */
  flip(name: string, on: boolean, what: string): void {
    const { account, switchRegion, stack } = this.#place;
    const schedule = this.#store.get(scheduleType, `default/${name}`, `${account}/${switchRegion}`);
    if (schedule === undefined)
      throw new UserError(`There is no switch ${name} in ${switchRegion}. Make it first: slipway up --stack ${stack}`);
    const { endDate: _, ...properties } = schedule.properties;
    this.#store.put({ ...schedule, properties: { ...properties, state: on ? "ENABLED" : "DISABLED" } });
    this.#truthChanged();
    this.#say(what);
  }

  /** The replicas of a region become databases of their own, and its services may write. */
  promote(region: string): void {
    for (const replica of this.#replicasIn(region)) {
      const { replicateSourceDb: _, ...properties } = replica.properties;
      this.#store.put({ ...replica, properties });
    }
    this.#setReadOnly(region, false);
    this.#say(`the databases in ${region} are promoted, its services may write`);
  }

  /** Writes stop, data goes home, and the first region may write again; nobody is sent there yet. */
  failBack(to: string, from: string, seconds: number): void {
    this.#setReadOnly(from, true);
    this.#say(`${from} is made read-only, its data is moved to ${to}`);
    this.pass(seconds);
    this.#setReadOnly(to, false);
    this.#say(`the data is in ${to}, which may write; users are still in ${from}`);
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    for (let passed = 0; passed < seconds; passed++) this.#tick();
  }

  /** Lets time pass until nothing is on its way any more: no status, no answer, no resolver's memory. Stops at the last change. */
  passUntilSettled(): void {
    const most = this.second + Math.max(this.detectionSeconds, this.switchSeconds) + this.cacheSeconds + 1;
    while (this.second < most && !this.#settled) this.#tick();
  }

  get #settled(): boolean {
    const [first] = this.#answers;
    return this.#answers.every((answer) => answer === first) && [...this.#reported.values()].every(({ status, truth }) => status === truth);
  }

  #tick(): void {
    this.second += 1;
    for (const { id } of this.#leaves) {
      const report = this.#reported.get(id);
      if (report === undefined || report.status === report.truth) continue;
      const delay = this.#isSwitch(id) ? this.switchSeconds : this.detectionSeconds;
      if (this.second - report.since >= delay) report.status = report.truth;
    }
    this.#answers.push(this.answering);
    this.#answers.shift();
    const writers = new Set(this.#reachable.filter((region) => this.writes(region)));
    if (writers.size > 1) this.secondsWithTwoWriters += 1;
    this.#noteUsers();
  }

  /** Regions that some user may be at: what resolvers were answered within their memory. */
  get #reachable(): string[] {
    return [...new Set(this.#answers)].flatMap((region) => (region === undefined ? [] : [region]));
  }

  /** Whether a region answers and takes writes: it is there, its services may, and its databases are no replicas. */
  writes(region: string): boolean {
    return !this.#lost.has(region) && this.#readOnly(region) !== "true" && this.#replicasIn(region).length === 0;
  }

  #noteUsers(): void {
    const users = this.#users();
    const last = this.events.at(-1);
    if (last === undefined || last.users === users) return;
    this.#say(
      this.#reachable.length > 1
        ? `Route 53 answers ${this.answering}; resolvers still know the answer before`
        : "the last resolver has the new answer",
    );
  }

  #say(what: string): void {
    this.events.push({ second: this.second, what, users: this.#users() });
  }

  #users(): string {
    const now = this.answering;
    const seen = this.#reachable.sort((a, b) => Number(b === now) - Number(a === now));
    return seen.map((region) => `${seen.length > 1 ? "some in " : ""}${region}: ${this.#experience(region)}`).join("; ");
  }

  #experience(region: string): string {
    if (this.#lost.has(region)) return "errors";
    return this.writes(region) ? "reads and writes" : "reads, writes refused";
  }

  #truthChanged(): void {
    const truth = observed(this.#store, { lost: this.#lost });
    for (const { id } of this.#leaves) {
      const report = this.#reported.get(id);
      const is = truth(id);
      if (report !== undefined && report.truth !== is) {
        report.truth = is;
        report.since = this.second;
      }
    }
  }

  #isSwitch(id: string): boolean {
    return (
      this.#store.get("aws:route53/healthCheck:HealthCheck", id, `${this.#place.account}/global`)?.properties.type === "CLOUDWATCH_METRIC"
    );
  }

  #replicasIn(region: string): LiveObject[] {
    return this.#store
      .all(instanceType)
      .filter(
        ({ scope, properties }) =>
          scope === `${this.#place.account}/${region}` && String(properties.replicateSourceDb ?? "").startsWith("arn:"),
      );
  }

  #readOnly(region: string): string | undefined {
    const parameter = this.#store.get(parameterType, this.#place.readOnlyParameter, `${this.#place.account}/${region}`);
    return parameter === undefined ? undefined : String(parameter.properties.insecureValue);
  }

  #setReadOnly(region: string, readOnly: boolean): void {
    const parameter = this.#store.get(parameterType, this.#place.readOnlyParameter, `${this.#place.account}/${region}`);
    if (parameter !== undefined)
      this.#store.put({ ...parameter, properties: { ...parameter.properties, insecureValue: String(readOnly) } });
  }
}
