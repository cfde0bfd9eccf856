/** What reviewers and users see of a run: how its jobs ended, what they said, what is live. */
import assert from "node:assert/strict";
import type { Repository } from "./repository.ts";
import type { Leg, WorkflowRun } from "./workflowRun.ts";

/** Exit code and words of the apply, which is the only script of its kind in a job. */
export function applied(run: WorkflowRun) {
  const leg = run.leg("production");
  const found = leg.steps.find(({ script }) => script.includes(" ci apply "));
  assert.ok(found, run.said());
  return { exitCode: found.exitCode, all: `${found.stdout}\n${found.stderr}\n${leg.summary}` };
}

/** @throws AssertionError with what was said, unless the job ended like this */
export function expectEnd(run: WorkflowRun, job: string, end: Leg["ended"]): void {
  assert.equal(run.ended(job), end, `${job} has ended with ${run.ended(job)}, not with ${end}\n${run.said()}`);
}

/** Applied, in words. */
export function expectApplied(run: WorkflowRun, words: RegExp): void {
  expectEnd(run, "production", "success");
  assert.match(applied(run).all, words);
}

/** Refused, with nothing changed, in a job that is red. */
export function expectRefused(run: WorkflowRun, words: RegExp): void {
  expectEnd(run, "production", "failure");
  const { exitCode, all } = applied(run);
  assert.equal(exitCode, 3, all);
  assert.match(all, words);
  assert.match(all, /Nothing was changed\./);
}

/** @throws AssertionError unless green has that share of the service's traffic; the other colour has the rest */
export async function expectLive(repository: Repository, green: number, service = "api"): Promise<string> {
  assert.deepEqual(await repository.machine.weights(service), [100 - green, green]);
  return `live: ${service} ${100 - green}/${green}`;
}

/** `main` and what is live agree: another run has nothing to plan, and asks nobody. */
export async function expectSettled(repository: Repository): Promise<void> {
  const run = await repository.deploy();
  assert.match(run.leg("plan").summary, /No change/);
  expectEnd(run, "production", "skipped");
}
