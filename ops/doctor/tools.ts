/** Tools: the Node.js that runs commands and program, and the engine. */
import { readFileSync } from "node:fs";
import semver from "semver";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { type Engine, NoEngineError, presentEngine } from "../../sandbox/engine/engine.ts";
import type { Line } from "./line.ts";

/** Tools as they are on this machine. */
export interface Tools {
  readonly node: string;
  /** Range of versions that the program runs on. */
  readonly nodeWanted: string;
  /** The engine, or why there is none. */
  readonly engine: Pick<Engine, "version" | "pulumi"> | NoEngineError;
}

/** Looks. Nothing is downloaded, nothing built. */
export async function toolsHere(): Promise<Tools> {
  const { engines } = JSON.parse(readFileSync(new URL(import.meta.resolve("slipway/package.json")), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  const engine = await presentEngine().catch((error: unknown) => {
    if (error instanceof NoEngineError) return error;
    throw error;
  });
  return { node: process.version, nodeWanted: engines.node, engine };
}

/** Judges. @param stack words that name the stack in a command */
export function toolLines({ node, nodeWanted, engine }: Tools, stack: string): Line[] {
  const nodeLine = { area: "tools", what: "Node.js", found: node } as const;
  const engineLine = { area: "tools", what: "Pulumi engine" } as const;
  return [
    semver.satisfies(node, nodeWanted)
      ? { ...nodeLine, verdict: "good" }
      : { ...nodeLine, found: `${node}, and ${nodeWanted} is needed`, verdict: "missing", fix: "npm ci" },
    engine instanceof NoEngineError
      ? { ...engineLine, found: engine.message, verdict: "missing", fix: pulumiCommand(`${stack} version`) }
      : { ...engineLine, found: `${engine.version} (${engine.pulumi})`, verdict: "good" },
  ];
}
