/** The preview of one stack with Slipway's settings and with Pulumi's defaults, in the situations that a team meets. */
import { parseDocument } from "yaml";
import { changesOf } from "../ops/engine/changes.ts";
import type { Session } from "../ops/engine/session.ts";
import type { Project } from "../ops/project/project.ts";
import { UserError } from "../ops/userError.ts";
import { type Measured, measure, run, type Subject } from "./measure.ts";
import { bareProject, defaultProject, editProgram, slipwayProject } from "./projects.ts";
import { checkCache, copyCloud, forgetCaches, type Scratch } from "./scratch.ts";

/**
 * When a preview runs: on a machine without caches, as in CI; after an edit of the program; after a change of config
 * only, with all caches warm.
 */
export const situations = ["fresh", "edited", "config"] as const;
export type Situation = (typeof situations)[number];

/** Whose preview: Slipway's, the default's on our imports, the default's on whole packages. */
export const sides = ["slipway", "default", "defaultPackage"] as const;
export type Side = (typeof sides)[number];

/** What the comparison found. */
export interface Comparison {
  /** Resources of the stack; every side previews the same one change among them. */
  readonly resources: number;
  readonly previews: Readonly<Record<Situation, Readonly<Record<Side, Measured>>>>;
  /** A program that declares nothing, measured in turn with the previews after a change of config. */
  readonly bare: Measured;
}

/** Dear runs are repeated less. */
const rounds: Readonly<Record<Situation, number>> = { fresh: 3, edited: 3, config: 5 };

/** Says what is being done. */
export type Say = (text: string) => void;

/** Creates the production stack once, gives every side a copy of it, and previews the same canary step on each. */
export async function compare(scratch: Scratch, say: Say): Promise<Comparison> {
  say("create the stack");
  const { source } = scratch;
  const projects: Readonly<Record<Side | "bare", Project>> = {
    slipway: slipwayProject(source, scratch.path("slipway")),
    default: defaultProject(source, scratch.path("default"), "class"),
    defaultPackage: defaultProject(source, scratch.path("defaultPackage"), "package"),
    bare: bareProject(source, scratch.path("bare")),
  };
  const canary = withWeight(scratch.model, 5);
  const first = await scratch.open(projects.slipway, scratch.model);
  await run({ session: first, args: ["up", "--yes", "--skip-preview"] });
  for (const side of ["default", "defaultPackage"] as const) copyCloud(projects.slipway, projects[side]);
  const sessions: Readonly<Record<Side | "bare", Session>> = {
    slipway: await scratch.open(projects.slipway, canary),
    default: await scratch.open(projects.default, canary),
    defaultPackage: await scratch.open(projects.defaultPackage, canary),
    bare: await scratch.open(projects.bare, canary),
  };

  let resources = 0;
  const subject = (side: Side, prepare?: () => void): Subject => ({
    session: sessions[side],
    args: ["preview", "--json"],
    env: environmentOf(side, projects[side]),
    ...(prepare === undefined ? {} : { prepare }),
    verify: (result) => {
      const { changes, total } = changesOf(result);
      if (changes.length !== 1 || (resources !== 0 && total !== resources))
        throw new UserError(`The preview of ${side} is another: ${changes.length} changes, ${total} resources, not 1 and ${resources}.`);
      resources = total;
    },
  });
  const all = (prepare?: (project: Project) => void): Record<Side, Subject> => ({
    slipway: subject("slipway", prepare && (() => prepare(projects.slipway))),
    default: subject("default", prepare && (() => prepare(projects.default))),
    defaultPackage: subject("defaultPackage", prepare && (() => prepare(projects.defaultPackage))),
  });
  const bare: Subject = { session: sessions.bare, args: ["preview", "--json"] };
  const tell = (situation: Situation) => (side: string, round: number) => say(`${situation} ${round} of ${rounds[situation]}: ${side}`);

  const fresh = await measure(rounds.fresh, all(forgetCaches), tell("fresh"));
  const edited = await measure(rounds.edited, all(editProgram), tell("edited"));
  await run(bare); // fills its caches
  for (const side of sides) await run(subject(side));
  const { bare: nothing, ...config } = await measure(rounds.config, { ...all(), bare }, tell("config"));
  return { resources, previews: { fresh, edited, config }, bare: nothing };
}

/** Pulumi's default has no compile cache; ts-node's own cache is kept apart for each project. */
function environmentOf(side: Side, project: Project): Record<string, string> {
  return side === "slipway" ? {} : { NODE_DISABLE_COMPILE_CACHE: "1", TS_NODE_CACHE_DIRECTORY: checkCache(project) };
}

function withWeight(stackText: string, weight: number): string {
  const file = parseDocument(stackText);
  file.setIn(["config", "slipway:services", "api", "release", "candidateWeight"], weight);
  return file.toString({ lineWidth: 0 });
}
