/** The ways to start a TypeScript program, and what each part of Slipway's own start brings: for the decision, not for limits. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { execa } from "execa";
import ts from "typescript";
import { parseDocument } from "yaml";
import type { Project } from "../ops/project/project.ts";
import type { Say } from "./compare.ts";
import { engineCommand, type Measured, measure, run, type Subject } from "./measure.ts";
import { programFiles, slipwayProject } from "./projects.ts";
import { forgetCaches, type Scratch } from "./scratch.ts";

/** Packages that only this comparison needs, installed into its scratch folder. */
const tsx = "tsx@4.23.15";
const rounds = 3;

interface Way {
  readonly title: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the copy of the project. */
  readonly change?: (project: Project) => void;
}

/** First and later previews of one way. */
export interface WayMeasured {
  readonly title: string;
  readonly fresh: Measured;
  readonly warm: Measured;
}

/** Measures every way in turn, without caches and with them. */
export async function measureWays(scratch: Scratch, say: Say): Promise<WayMeasured[]> {
  say(`install ${tsx}`);
  const loader = await installTsx(scratch);
  const list = waysTo(loader);
  const subjects: Record<string, Subject> = {};
  const fresh: Record<string, Subject> = {};
  for (const [index, { title, env, change }] of list.entries()) {
    const project = slipwayProject(scratch.source, scratch.path(`way${index}`));
    change?.(project);
    const session = await scratch.open(project, scratch.model);
    const subject: Subject = { ...engineCommand(session, ["preview", "--json"]), ...(env === undefined ? {} : { env }) };
    subjects[title] = subject;
    fresh[title] = { ...subject, prepare: () => forgetCaches(project) };
    say(`first run: ${title}`);
    await run(subject);
  }
  const tell = (kind: string) => (title: string, round: number) => say(`${kind} ${round} of ${rounds}: ${title}`);
  const first = await measure(rounds, fresh, tell("without caches"));
  const later = await measure(rounds, subjects, tell("with caches"));
  return list.map(({ title }) => ({ title, fresh: first[title]!, warm: later[title]! }));
}

/** The ways as a table; ratios are to the first. */
export function waysTable(ways: readonly WayMeasured[]): string {
  const table = new Table({
    head: ["way", "no caches", "caches warm", "", "program CPU", "", "program memory", ""],
    style: { head: [], border: [], compact: true },
  });
  const ours = ways[0]!;
  for (const { title, fresh, warm } of ways) {
    const program = warm.costs.program;
    table.push([
      title,
      `${fresh.seconds.toFixed(2)} s`,
      `${warm.seconds.toFixed(2)} s`,
      `× ${(warm.seconds / ours.warm.seconds).toFixed(2)}`,
      `${program.processor.toFixed(2)} s`,
      `× ${(program.processor / ours.warm.costs.program.processor).toFixed(2)}`,
      `${program.memory.toFixed(0)} MiB`,
      `× ${(program.memory / ours.warm.costs.program.memory).toFixed(2)}`,
    ]);
  }
  return table.toString();
}

function waysTo(loader: string): readonly Way[] {
  return [
    { title: "Node.js strips the types (Slipway)" },
    { title: "compiled to JavaScript beforehand", change: compile },
    { title: "tsx", change: (project) => setNodeArgs(project, `--import=${loader} --max-semi-space-size=8`) },
    { title: "Slipway without compile cache", env: { NODE_DISABLE_COMPILE_CACHE: "1" } },
    {
      title: "Slipway without infra/engine/lightSdk.ts",
      change: (project) => dropFromEntry(project, /^import "\.\/engine\/lightSdk\.ts";.*\n/m),
    },
    { title: "Slipway without --max-semi-space-size", change: (project) => setNodeArgs(project, undefined) },
  ];
}

async function installTsx(scratch: Scratch): Promise<string> {
  const prefix = scratch.path("tsx");
  await execa("npm", ["install", "--prefix", prefix, "--no-audit", "--no-fund", "--loglevel=error", tsx]);
  return join(prefix, "node_modules", "tsx", "dist", "loader.mjs");
}

/** Compiles each file where it stands, without a type check, and makes the JavaScript the program. */
function compile(project: Project): void {
  for (const file of programFiles(project.folder)) {
    const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2024,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(file, outputText);
    renameSync(file, file.replace(/\.ts$/, ".js"));
  }
  change(project, (document) => document.set("main", "infra/index.js"));
}

function setNodeArgs(project: Project, nodeargs: string | undefined): void {
  const path = ["runtime", "options", "nodeargs"];
  change(project, (document) => (nodeargs === undefined ? document.deleteIn(path) : document.setIn(path, nodeargs)));
  // Read when the project was found; the session passes it on.
  const options = project.runtimeOptions as Record<string, unknown>;
  if (nodeargs === undefined) delete options.nodeargs;
  else options.nodeargs = nodeargs;
}

function change(project: Project, edit: (document: ReturnType<typeof parseDocument>) => void): void {
  const file = join(project.folder, "Pulumi.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  edit(document);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}

function dropFromEntry(project: Project, line: RegExp): void {
  const file = join(project.folder, "infra", "index.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace(line, ""));
  rmSync(join(project.folder, "infra", "engine", "lightSdk.ts"));
}
