/**
 * A model of one service on ECS behind a load balancer: two colours, their deployments, tasks and targets, and the weights of the rule.
 * It knows nothing of the product. Time is in minutes, and moves by `tick`. Each rule names where it is from; guide: the Amazon ECS
 * developer guide; provider: terraform-provider-aws, internal/service/ecs/service.go.
 */

export type Side = "blue" | "green";
/** What an image does: runs, dies when it starts, is not in the registry. */
export type Image = "good" | "bad" | "missing";

interface Task {
  readonly revision: string;
  age: number;
}

interface Service {
  /** Number of tasks that the service was told to run. */
  desired: number;
  /** Task definition of the primary deployment; empty before the first. */
  revision: string;
  /** The last one whose deployment completed: what the breaker goes back to. */
  completed: string;
  rollout: "inProgress" | "completed" | "failed";
  failures: number;
  tasks: Task[];
}

/** What a colour looks like from outside. */
export interface Described {
  readonly desired: number;
  readonly revision: string;
  /** Tasks of the primary deployment that run. */
  readonly running: number;
  readonly healthy: number;
  /** Tasks of all deployments, and of the primary one, whether they run yet or not. */
  readonly started: number;
  readonly updated: number;
  readonly rollout: Service["rollout"];
  /** Image of the primary deployment, empty when there is none. */
  readonly digest: string;
}

/** A write of the rule, as the load balancer saw it. */
export interface WeightWrite {
  readonly minute: number;
  readonly by: string;
  readonly before: Readonly<Record<Side, number>>;
  readonly after: Readonly<Record<Side, number>>;
}

export const sides = ["blue", "green"] as const;
export const opposite = (side: Side): Side => (side === "blue" ? "green" : "blue");

/** Weights that give a colour a share, and the other the rest. */
export const sharing = (side: Side, share: number): Readonly<Record<Side, number>> =>
  side === "blue" ? { blue: share, green: 100 - share } : { blue: 100 - share, green: share };

/** Minutes from start to a running task (guide, "Fargate task lifecycle": PROVISIONING, PENDING), and from there to a healthy target. */
const startMinutes = 1;
const healthMinutes = 2;
/** Tasks do not all start at once (guide, "Service quotas": tasks launched per service and minute; fewer here, so that parts of a colour run). */
const startsEachMinute = 2;

export class Ecs {
  minute = 0;
  /** What a rollout that failed does: the breaker goes back, a Deployment stalls (Kubernetes documentation, "Failed Deployment"). */
  failed: "goesBack" | "stalls" = "goesBack";
  readonly registry = new Map<string, Image>();
  readonly writes: WeightWrite[] = [];
  /** When each colour's share last changed, and when it was last above 0. */
  readonly lastChange: Record<Side, number> = { blue: 0, green: 0 };
  #weights: Readonly<Record<Side, number>> = { blue: 0, green: 0 };
  readonly #images = new Map<string, string>();
  readonly #services: Record<Side, Service> = { blue: nothing(), green: nothing() };

  /** RegisterTaskDefinition: each call makes a new revision, whatever is in it (API reference). */
  register(side: Side, digest: string): string {
    const revision = `${side}:${this.#images.size + 1}`;
    this.#images.set(revision, digest);
    return revision;
  }

  /**
   * UpdateService. Nothing happens when neither the task definition nor the count is another one and no new deployment is forced
   * (API reference, `forceNewDeployment`; it is what the provider leaves out on an update without a difference).
   */
  update(side: Side, revision: string, desired: number, force = false): void {
    const service = this.#services[side];
    const other = revision !== service.revision;
    service.desired = desired;
    if (!other && !force) return;
    Object.assign(service, { revision, rollout: "inProgress", failures: 0 });
    // A forced deployment of the same revision replaces its tasks; here those that run count for it, which is the kinder case.
  }

  /** A tasks dies: out of memory, a retired host (guide, "Task retirement"). The scheduler replaces it; a completed deployment stays completed. */
  kill(side: Side, count: number): void {
    const service = this.#services[side];
    service.tasks = service.tasks.slice(count);
  }

  /** ModifyRule: taken whatever the health of the targets (Elastic Load Balancing guide, weighted target groups). */
  setWeights(by: string, after: Readonly<Record<Side, number>>): void {
    this.writes.push({ minute: this.minute, by, before: this.#weights, after });
    for (const side of sides) if (after[side] !== this.#weights[side]) this.lastChange[side] = this.minute;
    this.#weights = after;
  }

  get weights(): Readonly<Record<Side, number>> {
    return this.#weights;
  }

  /** DescribeServices and DescribeTargetHealth. */
  describe(side: Side): Described {
    const { desired, revision, rollout, tasks } = this.#services[side];
    const running = tasks.filter((task) => task.revision === revision && task.age >= startMinutes).length;
    // A target of an older deployment serves as long as its task does.
    const healthy = tasks.filter(({ age }) => age >= healthMinutes).length;
    const updated = tasks.filter((task) => task.revision === revision).length;
    return { desired, revision, running, healthy, started: tasks.length, updated, rollout, digest: this.imageOf(revision) };
  }

  /** Image of a revision. */
  imageOf(revision: string): string {
    return this.#images.get(revision) ?? "";
  }

  tick(minutes: number): void {
    // Nothing changes any more after so many: what is left of a long wait is time alone.
    for (let passed = 0; passed < minutes; passed += 1) {
      if (passed < 40) for (const side of sides) this.#schedule(this.#services[side]);
      this.minute += 1;
    }
  }

  #schedule(service: Service): void {
    if (service.revision === "") return;
    for (const task of service.tasks) task.age += 1;
    const image = this.registry.get(this.#images.get(service.revision) ?? "") ?? "missing";
    // A task that dies at its start, and one whose image cannot be pulled, is a failed task (guide, "Deployment circuit breaker").
    const dies = (task: Task) => task.revision === service.revision && task.age < healthMinutes && image !== "good";
    const dead = service.tasks.filter(dies).length;
    service.tasks = service.tasks.filter((task) => !dies(task));
    if (service.rollout === "inProgress") this.#deploy(service, dead);
    // A stalled deployment starts nothing more (guide: "the circuit breaker does not launch new tasks and the deployment is stalled").
    if (service.rollout === "failed") return;
    const own = service.tasks.filter(({ revision }) => revision === service.revision);
    const missing = Math.min(service.desired - own.length, startsEachMinute);
    for (let task = 0; task < missing; task += 1) service.tasks.push({ revision: service.revision, age: 0 });
    const healthy = own.filter(({ age }) => age >= healthMinutes).length;
    // Old tasks stay until the new ones are healthy (guide, minimumHealthyPercent 100); then, and when the count falls, the rest goes.
    if (healthy >= service.desired) service.tasks = own.slice(0, service.desired);
  }

  #deploy(service: Service, dead: number): void {
    service.failures += dead;
    // The breaker's threshold is half of the desired count, at least 3 and at most 200 (guide).
    const threshold = Math.min(200, Math.max(3, Math.ceil(service.desired / 2)));
    if (service.failures >= threshold) {
      // It goes back to the last completed deployment; where there is none, the deployment is stalled (guide).
      if (this.failed === "stalls" || service.completed === "" || service.completed === service.revision) service.rollout = "failed";
      else Object.assign(service, { revision: service.completed, rollout: "inProgress", failures: 0 });
      return;
    }
    const own = service.tasks.filter((task) => task.revision === service.revision && task.age >= healthMinutes);
    if (own.length >= service.desired) Object.assign(service, { rollout: "completed", completed: service.revision });
  }
}

function nothing(): Service {
  return { desired: 0, revision: "", completed: "", rollout: "completed", failures: 0, tasks: [] };
}
