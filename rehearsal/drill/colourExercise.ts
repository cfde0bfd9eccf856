/** One service under a clock: whom it serves at every second, what CloudWatch counts of that, and which alarms go off. */
import { loadBalancerMetrics, targetMetrics } from "../../components/metrics/applicationLoadBalancer.ts";
import { healthCheckMetrics } from "../../components/metrics/route53.ts";
import { type Colour, colours, type Weights } from "../../infra/config/release.ts";
import { type AskedMetric, compositeState, type MetricSource, metricAlarm } from "../../sandbox/cloudWatch/evaluator.ts";
import type { Datapoint } from "../../sandbox/cloudWatch/expression.ts";
import type { AlarmState } from "../../sandbox/events/alarmState.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import type { DrillEvent } from "./report.ts";

/** What the metrics are called, whoever has them. */
const balancer = loadBalancerMetrics("");
const ofTargets = targetMetrics("", "");
const check = healthCheckMetrics("").status;

/** One alarm of the stack. */
export interface ExercisedAlarm {
  readonly name: string;
  /** `P0` to `P3`; empty where nobody is notified by this alarm itself. */
  readonly severity: string;
  /** What CloudWatch would be asked to create; a composite alarm has `alarmRule`. */
  readonly properties: Properties;
}

/** The service as the cloud has it. */
export interface ExercisedService {
  /** Share of traffic now, percent. */
  readonly weights: () => Weights;
  /** Tasks that run now. */
  readonly tasks: (colour: Colour) => number;
  /** `TargetGroup` of the metrics. */
  readonly targetGroups: Readonly<Record<Colour, string>>;
  readonly alarms: readonly ExercisedAlarm[];
  /** Checks of Route 53 that ask this service, each with the seconds until it has failed often enough. */
  readonly checks: ReadonlyMap<string, number>;
}

/** What is taken for granted. */
interface ColourAssumptions {
  /** Requests of all users, steady. */
  readonly requestsPerMinute: number;
  /** Seconds until CloudWatch has a minute's metrics. */
  readonly metricSeconds: number;
  /** Seconds until a task that fails its health check counts as unhealthy; undefined: tasks that fail still pass it. */
  readonly unhealthySeconds: number | undefined;
}

/** An alarm that went off. */
interface Rung {
  readonly second: number;
  readonly name: string;
  readonly severity: string;
}

/** One second of one colour. */
interface Moment {
  /** Share of users, 0 to 1. */
  readonly share: number;
  /** `errors`: every answer is one of 500 to 599; `gone`: no task answers, the load balancer itself says 503. */
  readonly answers: "good" | "errors" | "gone";
  readonly healthy: number;
  readonly unhealthy: number;
}
type Second = Readonly<Record<Colour, Moment>>;

/** The clock. Every second is passed; nothing is skipped. */
export class ColourExercise {
  second = 0;
  /** Seconds times the share of users who saw errors: what a whole outage of so many seconds costs. */
  lost = 0;
  readonly events: DrillEvent[] = [];
  readonly rung: Rung[] = [];
  readonly #service: ExercisedService;
  readonly #assumed: ColourAssumptions;
  readonly #failing = new Map<Colour, number>();
  readonly #states = new Map<string, AlarmState>();
  /** The second before the first, which had lasted for ever. */
  readonly #before: Second;
  readonly #seconds: Second[] = [];
  /** Alarms about what the exercise knows nothing of: without metrics they ring all the time. */
  #unknown: ReadonlySet<string> = new Set();

  constructor(service: ExercisedService, assumed: ColourAssumptions) {
    this.#service = service;
    this.#assumed = assumed;
    this.#before = this.#now();
    this.#evaluate();
    this.#unknown = new Set(this.rung.map(({ name }) => name));
    this.rung.length = 0;
  }

  /** Share of users who see errors now, 0 to 1. */
  get failingShare(): number {
    return lostIn(this.#now());
  }

  /** Every answer of a colour is an error from now on. */
  fail(colour: Colour): void {
    this.#failing.set(colour, this.second);
  }

  /** A colour answers well again. */
  heal(colour: Colour): void {
    this.#failing.delete(colour);
  }

  /** Writes down what happened, with what users see from now on. */
  say(what: string): void {
    this.events.push({ second: this.second, what, users: this.#users() });
  }

  /** Lets time pass. @param weights those of that time, when what changed them since has taken it. @default what they are now */
  pass(seconds: number, weights?: Weights): void {
    for (let passed = 0; passed < seconds; passed++) this.#tick(weights);
  }

  /** Lets time pass until one of some alarms goes off. @returns undefined when none did in so many seconds */
  passUntilRung(wanted: (rung: Rung) => boolean, most: number): Rung | undefined {
    const known = this.rung.length;
    const end = this.second + most;
    while (this.second < end) {
      this.#tick();
      const found = this.rung.slice(known).find(wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #tick(weights?: Weights): void {
    const now = this.#now(weights);
    this.#seconds.push(now);
    this.lost += lostIn(now);
    this.second += 1;
    if (this.second % 60 === 0) this.#evaluate();
  }

  #now(weights = this.#service.weights()): Second {
    const sum = weights.blue + weights.green;
    const of = (colour: Colour): Moment => {
      const tasks = this.#service.tasks(colour);
      const since = this.#failing.get(colour);
      const { unhealthySeconds } = this.#assumed;
      const unhealthy = since !== undefined && unhealthySeconds !== undefined && this.second - since >= unhealthySeconds ? tasks : 0;
      return {
        share: sum === 0 ? 0 : weights[colour] / sum,
        answers: tasks === 0 ? "gone" : since === undefined ? "good" : "errors",
        healthy: tasks - unhealthy,
        unhealthy,
      };
    };
    return { blue: of("blue"), green: of("green") };
  }

  #users(): string {
    const share = this.failingShare;
    if (share === 0) return "everything works";
    return share === 1 ? "nobody is served" : `${Math.round(share * 100)} % see errors; for the rest everything works`;
  }

  /** Every alarm as CloudWatch would see it in this second; those that go off are kept, and reported when somebody is paged. */
  #evaluate(): void {
    const seen = this.second - this.#assumed.metricSeconds;
    const next = new Map<string, AlarmState>();
    const { alarms } = this.#service;
    for (const { name, properties } of alarms)
      if (properties.alarmRule === undefined)
        next.set(name, metricAlarm(properties).stateAt(seen, this.#source, this.#states.get(name) ?? "OK"));
    const rules = new Map(
      alarms.flatMap(({ name, properties: { alarmRule } }) => (typeof alarmRule === "string" ? [[name, alarmRule]] : [])),
    );
    const stateOf = (name: string): AlarmState => {
      const rule = rules.get(name);
      return rule === undefined ? (next.get(name) ?? "INSUFFICIENT_DATA") : compositeState(rule, stateOf);
    };
    for (const name of rules.keys()) next.set(name, stateOf(name));
    for (const { name, severity } of alarms) {
      const [was, is = "OK"] = [this.#states.get(name), next.get(name)];
      this.#states.set(name, is);
      if (is === "ALARM" && was !== "ALARM" && !this.#unknown.has(name)) this.rung.push({ second: this.second, name, severity });
    }
  }

  readonly #source: MetricSource = (metric, from, to) => {
    if (metric.namespace === check.namespace) return this.#checkStatus(metric, to);
    if (metric.namespace !== balancer.requests.namespace) return undefined;
    const { TargetGroup } = metric.dimensions;
    const asked = colours.filter((colour) => TargetGroup === undefined || this.#service.targetGroups[colour] === TargetGroup);
    const perSecond = this.#assumed.requestsPerMinute / 60;
    const count = (counts: (moment: Moment) => boolean): Datapoint => {
      let sum = 0;
      const add = (second: Second, times: number) => {
        for (const colour of asked) if (counts(second[colour])) sum += second[colour].share * perSecond * times;
      };
      add(this.#before, Math.max(0, Math.min(0, to) - from));
      for (let at = Math.max(0, from); at < Math.min(to, this.#seconds.length); at++) add(this.#seconds[at] ?? this.#before, 1);
      // The load balancer reports counts only when there is something to count.
      return sum === 0 ? undefined : Math.round(sum * 1000) / 1000;
    };
    const targets = (choose: (...values: number[]) => number, of: (moment: Moment) => number): Datapoint => {
      const seconds = this.#seconds.slice(Math.max(0, from), Math.max(0, to));
      if (from < 0) seconds.push(this.#before);
      const values = seconds.flatMap((second) =>
        asked.flatMap((colour) => (second[colour].answers === "gone" ? [] : [of(second[colour])])),
      );
      return values.length === 0 ? undefined : choose(...values);
    };
    const reached = count(({ answers }) => answers !== "gone");
    if (metric.name === balancer.requests.name) return reached;
    if (metric.name === balancer.serverErrors.name) return count(({ answers }) => answers === "errors");
    if (metric.name === balancer.ownErrors.name) return TargetGroup === undefined ? count(({ answers }) => answers === "gone") : undefined;
    if (metric.name === ofTargets.healthy.name) return targets(Math.min, ({ healthy }) => healthy);
    if (metric.name === ofTargets.unhealthy.name) return targets(Math.max, ({ unhealthy }) => unhealthy);
    return undefined;
  };

  /** A check fails when nobody was served for long enough, and passes otherwise: it asks too seldom to see a part. */
  #checkStatus({ name, dimensions }: AskedMetric, to: number): Datapoint {
    const needed = this.#service.checks.get(dimensions.HealthCheckId ?? "");
    if (name !== check.name || needed === undefined) return undefined;
    const seconds = this.#seconds.slice(Math.max(0, to - needed), Math.max(0, to));
    return seconds.length === needed && seconds.every((second) => lostIn(second) === 1) ? 0 : 1;
  }
}

function lostIn(second: Second): number {
  return colours.reduce((sum, colour) => sum + (second[colour].answers === "good" ? 0 : second[colour].share), 0);
}
