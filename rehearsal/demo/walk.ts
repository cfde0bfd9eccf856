/** The canary of the demo: each step a config update, applied by the real engine. */

import { appliedChanges, type ResourceChange, summarisePaths } from "../../ops/engine/changes.ts";
import type { Session } from "../../ops/engine/session.ts";
import { UserError } from "../../ops/userError.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

/** Config values to set, by path below the project. */
export type ConfigUpdate = Readonly<Record<string, string | number>>;

/** What one step changed. */
export interface StepReport {
  readonly label: string;
  readonly changes: readonly ResourceChange[];
  /** Resources of the stack. */
  readonly total: number;
  /** Time of the update, seconds. */
  readonly updateSeconds: number;
  /** Weights that the load balancer has after the step, percent, read from the live cloud. */
  readonly live: LiveWeights;
}

/** Share of traffic by colour, percent. */
export type LiveWeights = Readonly<Record<"blue" | "green", number>>;

/** What a step is meant to do; anything else ends the demo. */
export interface Expected {
  /** Resources that change: one rule, or nothing. */
  readonly changes: 0 | 1;
  readonly live: LiveWeights;
}

const weightPaths = "actions[0].forward.targetGroups[*].weight";

/** Sets config values with the engine's own command, in the stack's file. */
async function setConfig(session: Session, update: ConfigUpdate): Promise<void> {
  const values = Object.entries(update).flatMap(([path, value]) => ["--plaintext", `${session.project.name}:${path}=${value}`]);
  const result = await session.capture(["config", "set-all", "--path", ...values]);
  if (result.exitCode !== 0) throw new UserError(`The config could not be set:\n${result.stderr}`);
}

/** Creates the stack. @param onProgress called as resources come to exist @returns seconds and number of resources */
export async function createStack(session: Session, onProgress: (created: number) => void): Promise<{ seconds: number; total: number }> {
  const started = Date.now();
  let created = 0;
  const result = await session.capture(["up", "--yes", "--skip-preview", "--json"], {}, (line) => {
    if (line.includes('"resOutputsEvent"') && line.includes('"op":"create"')) onProgress(++created);
  });
  if (result.exitCode !== 0) throw new UserError(`The stack could not be created:\n${errorsIn(result.stdout)}${result.stderr}`);
  return { seconds: secondsSince(started), total: created };
}

/**
 * One config update.
 * @throws UserError when anything but the weights of one rule has changed, or the live weights are not the wanted ones
 */
export async function step(session: Session, label: string, update: ConfigUpdate, expected: Expected): Promise<StepReport> {
  await setConfig(session, update);
  const started = Date.now();
  const result = await session.capture(["up", "--yes", "--skip-preview", "--json"]);
  if (result.exitCode !== 0) throw new UserError(`The step ${label} failed:\n${errorsIn(result.stdout)}${result.stderr}`);
  const updateSeconds = secondsSince(started);
  const { changes, total } = appliedChanges(result.stdout);
  if (changes.length !== expected.changes || changes.some(({ op, paths }) => op !== "update" || summarisePaths(paths) !== weightPaths)) {
    throw new UserError(
      `The step ${label} changed something else:\n${changes.map(({ op, urn, paths }) => `${op} ${urn} ${paths.join(", ")}`).join("\n")}`,
    );
  }
  const live = liveWeights(session);
  if (live.blue !== expected.live.blue || live.green !== expected.live.green)
    throw new UserError(`After ${label} the load balancer has blue ${live.blue}, green ${live.green}.`);
  return { label, changes, total, updateSeconds, live };
}

interface Forward {
  readonly forward?: { readonly targetGroups?: readonly { readonly arn: string; readonly weight: number }[] };
}

/** Weights of the api's rule as the simulated cloud has them, whatever the engine believes. */
function liveWeights(session: Session): LiveWeights {
  const live = openLiveStore(session.backend.folder);
  const rule = live.all("aws:lb/listenerRule:ListenerRule").find(({ createdFor }) => createdFor.endsWith("-use1-api"));
  const colours = new Map(live.all("aws:lb/targetGroup:TargetGroup").map(({ id, properties }) => [id, tagsOf(properties).Colour]));
  const groups = ((rule?.properties.actions ?? []) as Forward[]).flatMap(({ forward }) => forward?.targetGroups ?? []);
  const weight = (colour: string) => groups.find(({ arn }) => colours.get(arn) === colour)?.weight ?? -1;
  return { blue: weight("blue"), green: weight("green") };
}

function tagsOf({ tags }: { readonly tags?: unknown }): Readonly<Record<string, string>> {
  return (tags ?? {}) as Readonly<Record<string, string>>;
}

/** Error messages among the engine's events. */
function errorsIn(events: string): string {
  return events
    .split("\n")
    .filter((line) => line.includes('"severity":"error"'))
    .map((line) => `${(JSON.parse(line) as { diagnosticEvent?: { message?: string } }).diagnosticEvent?.message ?? line}\n`)
    .join("");
}

function secondsSince(started: number): number {
  return (Date.now() - started) / 1000;
}
