/** Runs examples, tests and sequences on one mutant after another, each with a copy of its own of what it is in, in this thread. */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { parentPort } from "node:worker_threads";
import { fc } from "../harness/campaign.ts";
import type { Core } from "../model/core.ts";
import { examples } from "../model/examples.ts";
import { calmSequence, play, sequence } from "../model/sequences.ts";
import { playWired, wiredSequence } from "../model/wired/sequences.ts";
import type { Product } from "../model/wired/writers.ts";
import type { Mutant } from "./operators.ts";
import { runTests } from "./quickTests.ts";

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

/** What is made anew for each mutant. */
const anew = /\/(?:components\/(?:release|rollback)|ops\/(?:release|rollback)|test\/(?:model|harness|unit|property))\//;
const quickTests = new URL("quickTests.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const mark = context.parentURL?.match(/\?mutant=\d+$/)?.[0];
    if (mark !== undefined && specifier === "vitest") return { url: quickTests, shortCircuit: true };
    const found = next(specifier, context);
    return mark === undefined || !anew.test(found.url) || found.url.includes("?") ? found : { ...found, url: `${found.url}${mark}` };
  },
  load(url, context, next) {
    const here = url.includes("?mutant=") && current !== undefined && fileURLToPath(url.split("?")[0] ?? "") === current.path;
    const format = current?.path.endsWith(".mjs") === true ? "module" : "module-typescript";
    return here ? { format, source: current?.mutant.text ?? "", shortCircuit: true } : next(url, context);
  },
});

async function noticed(trial: Trial): Promise<Noticed> {
  current = trial;
  count += 1;
  const { file } = trial.mutant;
  return file.startsWith("components/release/") && testsOf(file).length === 0 ? noticedInCore(trial) : noticedWired(trial);
}

async function noticedInCore(trial: Trial): Promise<Noticed> {
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

/** Tests that hold the wired product, by what they are about. */
const wiredTests: readonly (readonly [about: RegExp, files: readonly string[]])[] = [
  [/function\/decision/, ["unit/rollback/decision", "unit/rollback/function"]],
  [/function\/index/, ["unit/rollback/function", "unit/rollback/record"]],
  [/function\/record/, ["unit/rollback/record", "unit/release/questions"]],
  [/release\/withdrawal/, ["unit/release/withdrawal"]],
  [/ops\/release\/rollbackAlarms/, ["unit/release/rollbackAlarms"]],
  [
    /ops\/release\/readiness/,
    ["unit/release/readiness", "unit/release/rollbackAlarms", "unit/release/updateRecords", "unit/release/questions"],
  ],
  [/ops\/release\/clusterService/, ["unit/release/clusterService"]],
  [/ops\/release\/heldTraffic/, ["unit/release/heldTraffic"]],
  [/ops\/release\/running/, ["unit/release/running"]],
  [/ops\/release\/barredDigests/, ["unit/release/barredDigests"]],
  [/ops\/release\/recordTable/, ["unit/release/updateRecords", "unit/release/patience"]],
  [/ops\/release\//, ["unit/release/readiness", "unit/release/updateRecords", "unit/release/questions"]],
];

const testsOf = (file: string) => wiredTests.find(([about]) => about.test(file))?.[1] ?? [];

async function noticedWired({ mutant, sequencesOnly }: Trial): Promise<Noticed> {
  const files = testsOf(mutant.file);
  try {
    for (const file of sequencesOnly ? [] : files) {
      await import(`../${file}.test.ts?mutant=${count}`);
      await runTests();
    }
  } catch {
    return "examples";
  }
  const { product } = (await import(`../model/wired/product.ts?mutant=${count}`)) as { readonly product: Product };
  const compute = mutant.file.includes("clusterService") ? "kubernetes" : "ecs";
  const property = fc.asyncProperty(wiredSequence, async (commands) => {
    await playWired(product, commands, compute);
  });
  return (await fc.check(property, { numRuns: runs, seed: 1, endOnFailure: true })).failed ? "sequences" : "nobody";
}

parentPort?.on("message", async (trial: Trial) => parentPort?.postMessage(await noticed(trial)));
