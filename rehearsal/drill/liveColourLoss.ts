/** The second loss of the colour drill: the live colour dies, once beside a candidate without traffic, once beside one that is well. */
import { otherColour } from "../../infra/config/release.ts";
import type { ColourExercise } from "./colourExercise.ts";
import type { ColourStage } from "./colourStage.ts";
import { type DrillFigure, sure, timed } from "./report.ts";
import { assumed as restoreAssumed } from "./restoreDrill.ts";

/** Seconds that people and tasks take: assumed, not measured. */
export const assumed = {
  /** Until somebody who was paged has decided. */
  decide: restoreAssumed.decide,
  /** Until tasks that are started again answer, as the runbook has it. */
  restart: 30,
} as const;

/** The live colour dies while the candidate has nothing: no rollback can help, and somebody has to be woken. */
export async function loseLiveColour(service: string, stage: ColourStage, exercise: ColourExercise): Promise<DrillFigure[]> {
  const { live } = stage;
  const candidate = otherColour(live);
  const tasks = stage.tasks(live);
  stage.runTasks(live, 0);
  const diedAt = exercise.second;
  exercise.say(`the tasks of ${live} die, too; ${candidate} has no traffic, and a load balancer does not turn to it by itself`);
  const page = exercise.passUntilRung(({ severity }) => severity === "P0", 1800);
  exercise.say(page === undefined ? "no alarm of P0 has gone off" : `${page.name} goes off: somebody is woken`);
  const before = JSON.stringify(stage.weights());
  const { outcome } = await stage.fire(anyTrigger(stage), "Nobody is served, in an exercise.");
  const untouched = JSON.stringify(stage.weights()) === before;
  exercise.pass(assumed.decide);
  const ofTargets = exercise.rung.find(({ second, name }) => second > diedAt && name.endsWith(`-${service}-no-healthy-targets`));
  exercise.say(`the tasks of ${live} are started again`);
  exercise.pass(assumed.restart);
  stage.runTasks(live, tasks);
  exercise.say(`${live} answers`);
  const served = sure("users are served after the second loss", exercise.failingShare === 0);
  const latch = await stage.latch();
  if (latch !== undefined) await stage.acknowledge(latch);
  return [
    timed("loss of both colours to an alarm of P0", page && { seconds: page.second - diedAt, name: page.name }, restoreAssumed.detect),
    {
      name: `${service}-no-healthy-targets, which counts both colours`,
      value: ofTargets === undefined ? `silent: tasks of ${candidate} pass their checks, at weight 0` : `${ofTargets.second - diedAt} s`,
    },
    sure("the rollback leaves weights that are right alone", untouched, outcome, "weights unchanged"),
    served,
  ];
}

/** The live colour dies while a candidate that is well has a share: giving everything to the dead one would be the end. */
export async function strandCandidate(weight: number, stage: ColourStage, exercise: ColourExercise): Promise<DrillFigure[]> {
  const { live } = stage;
  const candidate = otherColour(live);
  const tasks = stage.tasks(live);
  exercise.pass(60);
  exercise.heal(candidate);
  stage.openCanary(weight);
  exercise.say(`${candidate} is fixed and gets ${weight} % again`);
  exercise.pass(60);
  stage.runTasks(live, 0);
  exercise.say(`the tasks of ${live} die; somebody sets the rollback's alarm off by hand`);
  const before = JSON.stringify(stage.weights());
  const { ringing } = await stage.fire(anyTrigger(stage), "Set by hand, in an exercise.");
  const untouched = JSON.stringify(stage.weights()) === before;
  const outcome = (await stage.latch())?.outcome ?? "no latch";
  exercise.say(`the function says ${outcome}${untouched ? ` and leaves ${candidate} its share` : ""}`);
  exercise.pass(assumed.decide + assumed.restart);
  stage.runTasks(live, tasks);
  exercise.say(`the tasks of ${live} are started again`);
  const notified = ringing.filter((name) => name.endsWith("-rollback-dead-letters"));
  return [
    sure(
      `nothing is taken from ${candidate} while ${live} has no healthy target`,
      untouched && outcome === "stranded",
      outcome,
      "stranded, weights unchanged",
    ),
    sure(
      "an alarm of P0 says that it was not rolled back",
      notified.length > 0,
      notified.join(", ") || "none",
      "the one of its dead letters",
    ),
  ];
}

function anyTrigger({ triggers }: ColourStage): string {
  return [...triggers].sort()[0] ?? "";
}
