/**
 * Who changes a service, as coroutines: each `yield` is a place where another may go on, or this one dies. They drive the pure core as
 * the program, the commands and the rollback function do: read live, ask, write the intent, write, read back, write the result.
 */
import type { Deployment } from "../../components/release/deployment.ts";
import type { MoveAnswer } from "../../components/release/move.ts";
import type { Transition } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import type { Standing } from "../../components/release/standing.ts";
import { opposite, type Side, sharing, sides } from "./ecs.ts";
import { Broken, type Move } from "./judge.ts";
import { type Told, tasksWanted, type World } from "./world.ts";

/** How a writer ended: the exit of its command. */
export type Exit = "good" | "refused" | "failed";
export type Writer = Generator<undefined, Exit, undefined>;
type Part<T> = Generator<undefined, T, undefined>;
type Weights = Readonly<Record<Side, number>>;

/** Reads of a deployment, a minute apart, before a command gives up waiting. */
const mostPolls = 15;
/** Tries of the rollback function to write its mark. */
const mostTries = 5;

/** The record after an event, or undefined when the command ends because somebody else wrote. */
function* note(world: World, writer: string, record: ReleaseRecord, told: Told): Part<ReleaseRecord | undefined> {
  const made: Transition = world.write(writer, record, told);
  yield;
  return made.outcome === "changed" || made.outcome === "unchanged" ? made.record : undefined;
}

/** Writes down what is live and written down nowhere, and what has finished meanwhile. */
function* adopt(world: World, writer: string, record: ReleaseRecord): Part<ReleaseRecord | undefined> {
  let after: ReleaseRecord | undefined = record;
  const { standings } = world.look(writer, record);
  yield;
  for (const side of sides) {
    const { digest, share } = standings[side];
    if (share > 0 && digest !== "" && after.runs[side] !== digest) {
      const { revision, tasks }: Deployment["running"] = deploymentOf(world, writer, side, world.ecs.describe(side).revision).running;
      const ran = { tasks: { wanted: tasks, running: tasks }, revision: { wanted: revision, running: revision } };
      after = yield* note(world, writer, after, { kind: "deployed", colour: side, digest, ...ran });
      if (after === undefined) return undefined;
    }
  }
  const { blue, green } = standings;
  return yield* note(world, writer, after, { kind: "found", shares: { blue, green } });
}

/** What has finished without anybody writing it down is written down before it loses its traffic. */
function* finish(world: World, writer: string, record: ReleaseRecord): Part<ReleaseRecord | undefined> {
  let after: ReleaseRecord | undefined = record;
  for (const side of sides) {
    const { digest, state }: Standing = world.look(writer, after).standings[side];
    if (after !== undefined && state === "finished" && world.core.entryOf(after, side)?.state === "running")
      after = yield* note(world, writer, after, { kind: "finished", colour: side, digest });
  }
  return after;
}

function deploymentOf(world: World, writer: string, side: Side, revision: string): Deployment {
  const seen = world.judge.sees(writer).services[side];
  return {
    wanted: { revision, tasks: tasksWanted },
    running: { revision: seen.running === 0 ? "" : seen.revision, tasks: seen.running },
    state: seen.rollout,
  };
}

/** Deploys a digest in a colour where that is not what runs, waits, and reads what came of it. */
function* deploy(world: World, writer: string, side: Side, digest: string): Part<Deployment | undefined> {
  const { core, ecs } = world;
  if (world.state[side]?.digest !== digest) {
    if (ecs.weights[side] > 0) return undefined;
    world.state[side] = { digest, revision: ecs.register(side, digest) };
    world.home = world.live;
  }
  const revision = world.state[side]?.revision ?? "";
  if (core.deploymentAnswer(deploymentOf(world, writer, side, revision)).answer !== "asWanted")
    ecs.update(side, revision, tasksWanted, true);
  yield;
  for (let poll = 0; ; poll += 1) {
    const deployment = deploymentOf(world, writer, side, revision);
    if (core.deploymentAnswer(deployment).answer !== "wait" || poll === mostPolls) return deployment;
    world.ecs.tick(1);
    yield;
  }
}

/** `slipway up`: deploys a digest in the idle colour, then gives it its share. */
export function* up(world: World, writer: string, digest: string, share: number): Writer {
  let record = world.read();
  yield;
  if (record === undefined) return "failed";
  record = yield* adopt(world, writer, record);
  if (record === undefined) return "failed";
  const side = opposite(world.live);
  const deployment = yield* deploy(world, writer, side, digest);
  if (deployment === undefined) return "refused";
  const { wanted, running } = deployment;
  const event = { kind: "deployed", colour: side, digest } as const;
  const tasks = { wanted: wanted.tasks, running: running.tasks };
  record = yield* note(world, writer, record, { ...event, tasks, revision: { wanted: wanted.revision, running: running.revision } });
  if (record === undefined) return "failed";
  if (world.core.deploymentAnswer(deployment).answer !== "asWanted") {
    if (world.calm && world.ecs.registry.get(digest) === "good") throw new Broken(`${writer} did not deploy a good image`);
    return "failed";
  }
  world.judge.deployed(writer, side, wanted.revision, tasksWanted);
  return yield* move(world, writer, record, sharing(side, share));
}

/** `slipway rollout`: a share for the candidate. @param word a person's word */
export function* advance(world: World, writer: string, share: number, word?: string): Writer {
  const read = world.read();
  yield;
  const record = read === undefined ? undefined : yield* adopt(world, writer, read);
  return record === undefined ? "failed" : yield* move(world, writer, record, sharing(opposite(world.live), share), word);
}

/** Plain `pulumi up`: asks the same, writes the load balancer and the outputs, and not the record. */
export function* plainUp(world: World, writer: string, share: number): Writer {
  const record = world.read();
  yield;
  if (record === undefined) return "failed";
  const weights = sharing(opposite(world.live), share);
  const now = world.read();
  const { standings } = world.look(writer, now);
  const allowed = ask(world, writer, now, weights);
  if (allowed === undefined) return "refused";
  if (allowed.answer === "move") {
    world.judge.moves(writer, moveOf(world, writer, now, weights));
    world.ecs.setWeights(writer, weights);
  }
  yield;
  const of = (side: Side) => {
    const { digest, since, share: had } = standings[side];
    return { digest, share: weights[side], since: had === weights[side] ? since : world.moment.now.toISOString() };
  };
  world.outputs = { startedFrom: record.version, colours: { blue: of("blue"), green: of("green") } };
  world.judge.noted();
  return "good";
}

/** The questions. */
function ask(
  world: World,
  writer: string,
  record: ReleaseRecord | undefined,
  weights: Weights,
  word?: string,
): Exclude<MoveAnswer, { answer: "stay" }> | undefined {
  const { standings, healthy, running } = world.look(writer, record);
  const side = weights.blue > standings.blue.share ? "blue" : "green";
  const answer = world.core.mayMove(
    weights,
    {
      standings,
      steps: world.law.steps,
      deployment: deploymentOf(world, writer, side, world.state[side]?.revision ?? ""),
      healthy,
      needs: { liveRunning: running[opposite(side)], headroom: world.law.headroom, minimum: world.law.minimum },
      ...(word === undefined ? {} : { word }),
    },
    world.moment,
  );
  if (answer.answer === "stay") {
    if (world.calm) world.judge.stays(writer, moveOf(world, writer, record, weights, word));
    return undefined;
  }
  return answer;
}

/** What the judge is told of a move. */
function moveOf(world: World, writer: string, record: ReleaseRecord | undefined, weights: Weights, word?: string): Move {
  const side = weights.blue > world.look(writer, record).standings.blue.share ? "blue" : "green";
  const revision = world.state[side]?.revision ?? "";
  return { side, share: weights[side], live: world.live, home: world.home, revision, tasks: tasksWanted, word: word !== undefined };
}

/** One move of traffic: ask, intent, write, read back, result. */
function* move(world: World, writer: string, begun: ReleaseRecord, weights: Weights, word?: string): Writer {
  const finished = yield* finish(world, writer, begun);
  if (finished === undefined) return "failed";
  const allowed = ask(world, writer, finished, weights, word);
  if (allowed === undefined) return "refused";
  if (allowed.answer === "there") return "good";
  const intended = world.write(writer, finished, { kind: "intended", weights, basis: allowed.basis });
  if (intended.outcome !== "changed" && intended.outcome !== "unchanged") return "failed";
  world.judge.moves(writer, moveOf(world, writer, finished, weights, word));
  yield;
  world.ecs.setWeights(writer, weights);
  yield;
  const done = yield* note(world, writer, intended.record, { kind: "shareChanged", weights: world.ecs.weights, basis: allowed.basis });
  if (done !== undefined) return "good";
  const theirs = world.read();
  const answer = theirs === undefined ? undefined : world.core.afterConflict(theirs, world.ecs.weights);
  if (answer?.answer === "takeBack") world.ecs.setWeights(writer, answer.weights);
  return "failed";
}

/** `slipway rollback now` and the rollback function. @param blind health cannot be read */
export function* rollBack(world: World, writer: string, blind: boolean): Writer {
  const known = world.read();
  const { standings, healthy, running } = world.look(writer, known);
  const to = sides.find((side) => standings[side].wayBack) ?? world.live;
  const needs = { liveRunning: running[opposite(to)], headroom: world.law.headroom, minimum: world.law.minimum };
  const answer = world.core.backCapacity(to, 100, blind ? undefined : healthy, needs);
  if (answer.answer !== "stranded") world.ecs.setWeights(writer, sharing(to, 100));
  world.judge.rolledBack(writer, to, blind ? undefined : healthy);
  yield;
  if (answer.answer === "stranded") return "refused";
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (world.ecs.weights[to] !== 100) world.ecs.setWeights(writer, sharing(to, 100));
    const record = world.read();
    yield;
    const digest = record?.runs[opposite(to)];
    if (record === undefined || digest === undefined) return "good";
    const made = world.write(writer, record, { kind: "rolledBack", colour: opposite(to), digest, weights: world.ecs.weights });
    if (made.outcome === "conflict") continue;
    world.judge.bar(digest);
    if (world.ecs.weights[to] === 100) return "good";
  }
  return "failed";
}

/** A verdict on the candidate, a person's word, a swap of labels: one event each. */
export function* tell(world: World, writer: string, what: "failed" | "acknowledged" | "labelsSwapped"): Writer {
  const read = world.read();
  yield;
  const adopted = read === undefined ? undefined : yield* adopt(world, writer, read);
  const record = adopted === undefined ? undefined : yield* finish(world, writer, adopted);
  if (record === undefined) return "failed";
  if (what === "labelsSwapped") {
    const live = opposite(world.live);
    const swapped = yield* note(world, writer, record, { kind: "labelsSwapped", live });
    if (swapped !== undefined) world.live = live;
    else if (world.calm && world.ecs.weights[live] === 100) throw new Broken(`${writer} did not swap the labels at 100 %`);
    return swapped === undefined ? "refused" : "good";
  }
  const colour = opposite(record.wayBack);
  const digest = record.runs[colour];
  if (digest === undefined) return "refused";
  const event: Told = what === "failed" ? { kind: what, colour, digest } : { kind: what, digest, reason: "looked at it" };
  const made = world.write(writer, record, event);
  if (made.outcome === "conflict") return "failed";
  if (what === "failed") world.judge.bar(digest);
  else world.judge.lift(digest);
  return "good";
}
