/** Runs examples and sequences on one mutant after another, each a copy of the core of its own in this thread. */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import { fc } from "../harness/campaign.ts";
import type { Core } from "../model/core.ts";
import { examples } from "../model/examples.ts";
import { calmSequence, play, sequence } from "../model/sequences.ts";
import type { Mutant } from "./operators.ts";

/** What noticed a mutant; nobody, when it survives. */
export type Noticed = "examples" | "sequences" | "nobody";

/** A mutant to try. */
export interface Trial {
  readonly mutant: Mutant;
  /** Absolute path of its file. */
  readonly path: string;
  /** Sequences alone are asked. */
  readonly sequencesOnly: boolean;
}

/** Sequences that each mutant is held to, always the same. */
const runs = 200;
let count = 0;
let current: Trial | undefined;

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const mark = context.parentURL?.match(/\?mutant=\d+$/)?.[0];
    return mark === undefined || !found.url.includes("/components/release/") ? found : { ...found, url: `${found.url}${mark}` };
  },
  load(url, context, next) {
    const here = url.includes("?mutant=") && current !== undefined && fileURLToPath(url.split("?")[0] ?? "") === current.path;
    return here ? { format: "module-typescript", source: current?.mutant.text ?? "", shortCircuit: true } : next(url, context);
  },
});

async function noticed(trial: Trial): Promise<Noticed> {
  current = trial;
  count += 1;
  let core: Core;
  try {
    ({ core } = (await import(`../model/core.ts?mutant=${count}`)) as { readonly core: Core });
    if (!trial.sequencesOnly) for (const { check } of examples) check(core);
  } catch {
    return "examples";
  }
  const failed = [sequence, calmSequence].some((sequences) => {
    const property = fc.property(sequences, (commands) => {
      play(core, commands);
    });
    return fc.check(property, { numRuns: runs, seed: 1, endOnFailure: true }).failed;
  });
  return failed ? "sequences" : "nobody";
}

parentPort?.on("message", async (trial: Trial) => parentPort?.postMessage(await noticed(trial)));
