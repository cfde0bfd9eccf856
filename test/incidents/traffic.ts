/** Incidents of releases and their traffic. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Edits } from "../harness/config.ts";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import type { StackUnderTest } from "../harness/stack.ts";
import { onDeadColour, ring, running, runTasks, served, stickTo, turn, updated, weightsOf } from "./cloud.ts";
import type { Incident } from "./incident.ts";

const weight = "services.api.release.candidateWeight";
const api = "coinestate-staging-use1-api";

/** The service `api` of staging with what watches its release, and room to scale. */
const released: Edits = { ...watchedRelease, ...onlyApi, "autoRollback.web": undefined, "services.api.scaling.maximum": 12 };

/** The same without an alarm that rolls back by itself: a person has to. */
const byHand: Edits = { ...released, autoRollback: undefined };

export const trafficIncidents: readonly Incident[] = [
  {
    id: "I1",
    what: "a candidate at 50 % is slow for one request in a hundred; no average shows it",
    stack: { name: "staging", edits: { ...byHand, "alarms.requests.latencyMilliseconds": { p99: { P1: 3000 } } } },
    before: { known: "never", painEnds: 1, clean: 4 },
    prepare: (stack) => updated(stack, { [weight]: 50 }),
    fault: (stack) => ring(stack, `${api}-latency-p99-p1`),
    alarm: /-api-.*p99/,
    known: /green|candidate/i,
    served: (stack) => served(stack, "api", ["green"]),
    clean: (stack) => served(stack, "api", ["green"]) && !stickTo(stack, "api", "green"),
    unsafe: (stack) => onDeadColour(stack, "api"),
  },
  {
    id: "I8",
    what: "a service runs as many tasks as it may, and needs more",
    stack: { name: "staging", edits: { ...byHand, "services.api.scaling.maximum": 2 } },
    before: { known: "never", painEnds: 3, clean: 3 },
    fault: (stack) => {
      runTasks(stack, "api", "blue", 2);
    },
    known: /maximum/,
    served: (stack) => Number(objectMaximum(stack)) > 2,
    clean: (stack) => Number(objectMaximum(stack)) > 2,
  },
  {
    id: "I9",
    what: "a pipeline is killed in the middle of a deployment; its lock is another machine's",
    stack: { name: "staging", edits: byHand },
    before: { known: 2, painEnds: 7, clean: 10 },
    prepare: (stack) => updated(stack, { [weight]: 50 }),
    fault: async (stack) => {
      turn(stack, "api", { blue: 0, green: 100 });
      lockAsAnotherMachine(stack);
    },
    known: /lock/i,
    served: (stack) => served(stack, "api", ["green"]),
    clean: (stack) => served(stack, "api", ["green"]) && !isLocked(stack),
    unsafe: (stack) => onDeadColour(stack, "api"),
  },
  {
    id: "I15",
    what: "the live colour dies while a candidate that is well has half of the traffic, and the rollback's alarm rings",
    stack: { name: "staging", edits: released },
    before: { known: 1, painEnds: "never", clean: "never" },
    prepare: (stack) => updated(stack, { [weight]: 50 }),
    fault: async (stack) => {
      runTasks(stack, "api", "blue", 0);
      await ring(stack, `${api}-rollback-error-rate`);
    },
    alarm: /-api-rollback-error-rate$/,
    known: /blue (has no|is dead)|no healthy target/i,
    served: (stack) => served(stack, "api"),
    clean: (stack) => served(stack, "api") && !isLatched(stack),
    unsafe: (stack) => onDeadColour(stack, "api"),
  },
  {
    id: "I16",
    what: "hours after a launch everybody is on a release that fails one request in eight, and clients stick to it",
    stack: { name: "staging", edits: { ...byHand, "services.api.release.stickinessSeconds": 600 } },
    before: { known: 1, painEnds: "never", clean: "never" },
    prepare: (stack) => updated(stack, { [weight]: 100 }),
    fault: (stack) => ring(stack, `${api}-error-rate-p1`),
    alarm: /-api-error-rate-p1$/,
    known: /error/i,
    served: (stack) => served(stack, "api", ["green"]) && !stickTo(stack, "api", "green"),
    clean: (stack) => served(stack, "api", ["green"]) && !stickTo(stack, "api", "green"),
    unsafe: (stack) => onDeadColour(stack, "api"),
  },
  {
    id: "I10a",
    what: "somebody turned the weights in the console",
    stack: { name: "staging", edits: byHand },
    before: { known: 1, painEnds: 1, clean: 1 },
    fault: (stack) => turn(stack, "api", { blue: 70, green: 30 }),
    known: /70/,
    served: (stack) => weightsOf(stack, "api").blue === 100,
    clean: (stack) => weightsOf(stack, "api").blue === 100 && running(stack, "api", "blue") > 0,
    unsafe: (stack) => onDeadColour(stack, "api"),
  },
];

function objectMaximum(stack: StackUnderTest): unknown {
  return stack.live("aws:appautoscaling/target:Target").find(({ createdFor }) => createdFor.endsWith("-api-blue"))?.properties.maxCapacity;
}

const lockFolder = ({ folder, stack }: StackUnderTest) =>
  join(folder, ".slipway", "state", ".pulumi", "locks", "organization", "slipway", stack);

/** The lock that a job leaves which was killed with its machine. */
function lockAsAnotherMachine(stack: StackUnderTest): void {
  mkdirSync(lockFolder(stack), { recursive: true });
  const lock = { pid: 4711, username: "runner", hostname: "runner-1f3a9c", timestamp: "2026-11-30T02:00:00Z" };
  writeFileSync(join(lockFolder(stack), "0b7d2468-ace0-4357-9bdf-02468ace1357.json"), JSON.stringify(lock));
}

function isLocked(stack: StackUnderTest): boolean {
  return existsSync(lockFolder(stack)) && readdirSync(lockFolder(stack)).some((file) => file.endsWith(".json"));
}

/** What the rollback left is not acknowledged yet. */
function isLatched(stack: StackUnderTest): boolean {
  return stack
    .live("aws:ssm/parameter:Parameter")
    .some(({ id, properties }) => id.endsWith("/rollback/api") && String(properties.insecureValue).includes('"state":"set"'));
}
