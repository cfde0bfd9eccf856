/** The preview of one stack with Slipway's settings and with Pulumi's defaults, in the situations that a team meets. */
import { parseDocument } from "yaml";
import { changesOf } from "../ops/engine/changes.ts";
import type { Session } from "../ops/engine/session.ts";
import type { Project } from "../ops/project/project.ts";
import { UserError } from "../ops/userError.ts";
import type { Extent, Side, Situation } from "./extent.ts";
import { engineCommand, type Measured, measure, run, type Subject } from "./measure.ts";
import { bareProject, defaultProject, editProgram, slipwayProject } from "./projects.ts";
import { checkCache, copyCloud, forgetCaches, type Scratch } from "./scratch.ts";

/** What the comparison found. */
export interface Comparison {
  /** Resources of the stack; every side previews the same one change among them. */
  readonly resources: number;
  readonly previews: readonly SituationMeasured[];
  /** A program that declares nothing, measured in turn with the previews after a change of config. */
  readonly bare: Measured;
}

/** One situation: Slipway, and the defaults beside it. */
export interface SituationMeasured {
  readonly situation: Situation;
  readonly slipway: Measured;
  readonly defaults: readonly { readonly side: Exclude<Side, "slipway">; readonly measured: Measured }[];
}

/** Says what is being done. */
export type Say = (text: string) => void;

/** The created stack, and a copy of it for every side. */
export interface Stage {
  readonly projects: Readonly<Record<Side | "bare", Project>>;
  readonly sessions: Readonly<Record<Side | "bare", Session>>;
}

/** Creates the measured stack once and gives every side a copy of it, each about to take the same canary step. */
export async function createStage(scratch: Scratch, say: Say): Promise<Stage> {
  say("create the stack");
  const { source } = scratch;
  const projects: Stage["projects"] = {
    slipway: slipwayProject(source, scratch.path("slipway")),
    default: defaultProject(source, scratch.path("default"), "class"),
    defaultPackage: defaultProject(source, scratch.path("defaultPackage"), "package"),
    bare: bareProject(source, scratch.path("bare")),
  };
  const canary = withWeight(scratch.model, 5);
  const first = await scratch.open(projects.slipway, scratch.model);
  await run(engineCommand(first, ["up", "--yes", "--skip-preview"]));
  for (const side of ["default", "defaultPackage"] as const) copyCloud(projects.slipway, projects[side]);
  const sessions: Stage["sessions"] = {
    slipway: await scratch.open(projects.slipway, canary),
    default: await scratch.open(projects.default, canary),
    defaultPackage: await scratch.open(projects.defaultPackage, canary),
    bare: await scratch.open(projects.bare, canary),
  };
  return { projects, sessions };
}

/** Previews the same canary step on every side, in every situation. */
export async function compare({ projects, sessions }: Stage, extent: Extent, say: Say): Promise<Comparison> {
  let resources = 0;
  const subject = (side: Side, prepare?: (project: Project) => void): Subject => ({
    ...engineCommand(sessions[side], ["preview", "--json"]),
    env: environmentOf(side, projects[side]),
    ...(prepare === undefined ? {} : { prepare: () => prepare(projects[side]) }),
    verify: (result) => {
      const { changes, total } = changesOf(result);
      if (changes.length !== 1 || (resources !== 0 && total !== resources))
        throw new UserError(`The preview of ${side} is another: ${changes.length} changes, ${total} resources, not 1 and ${resources}.`);
      resources = total;
    },
  });
  const bare: Subject = engineCommand(sessions.bare, ["preview", "--json"]);
  const preparations: Readonly<Record<Situation, ((project: Project) => void) | undefined>> = {
    fresh: forgetCaches,
    edited: editProgram,
    config: undefined,
  };
  let nothing: Measured | undefined;
  const previews: SituationMeasured[] = [];
  for (const { situation, rounds } of extent.situations) {
    const sides = Object.fromEntries(extent.sides.map((side) => [side, subject(side, preparations[situation])]));
    if (situation === "config") for (const one of [bare, ...Object.values(sides)]) await run(one); // fills the caches
    const measured = await measure(rounds, situation === "config" ? { ...sides, bare } : sides, (side, round) =>
      say(`${situation} ${round} of ${rounds}: ${side}`),
    );
    nothing = measured.bare ?? nothing;
    const defaults = extent.sides.flatMap((side) => (side === "slipway" ? [] : [{ side, measured: measured[side]! }]));
    previews.push({ situation, slipway: measured.slipway!, defaults });
  }
  if (nothing === undefined) throw new Error("the situation config, in which the bare program is measured, was left out");
  return { resources, previews, bare: nothing };
}

/** Pulumi's default has no compile cache; ts-node's own cache is kept apart for each project. */
function environmentOf(side: Side, project: Project): Record<string, string> {
  return side === "slipway" ? {} : { NODE_DISABLE_COMPILE_CACHE: "1", TS_NODE_CACHE_DIRECTORY: checkCache(project) };
}

/** A stack file with another share of the first service's candidate. @param weight percent */
export function withWeight(stackText: string, weight: number): string {
  const file = parseDocument(stackText);
  file.setIn(["config", "slipway:services", "api", "release", "candidateWeight"], weight);
  return file.toString({ lineWidth: 0 });
}
