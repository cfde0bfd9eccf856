/**
 * `npm run mutants -- [--sequences] [<part of a file's name> …]`: every mutant of the core of releases, of what `up` asks and writes, and of the rollback function, and
 * which of them nobody notices. With `--sequences` the
 * examples are left out: what the model alone notices. Ends non-zero when a mutant survives that `survivors.json` gives no reason for.
 */
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Mutant, mutantsOf } from "./operators.ts";
import survivors from "./survivors.json" with { type: "json" };
import type { Noticed, Trial } from "./worker.ts";

const root = join(import.meta.dirname, "..", "..");
/** A mutant that takes longer goes round in circles: it is noticed. */
const longestMilliseconds = 60_000;

/** Mutants that may survive, each with the reason: by id without the line, which moves. */
export const reasons: Readonly<Record<string, string>> = survivors;
/** Id of a mutant without its line. */
export const keyOf = ({ id }: Mutant) => id.replace(/:\d+ /, " ");

/**
 * All mutants. Contracts are left out: they are bounds and words, which tests of contracts hold; so are calls of the SDK (`cloud.mjs`), which the
 * engine's tests hold, what `npm run schema` makes of the core, and images and secrets, which are no part of a release's questions. Of a state that is
 * found by tags and of the service's own calls only `unit/rollback/now` tells, which takes more of Vitest than runs here.
 */
export function allMutants(): Mutant[] {
  const all = ["components/release/*.ts", "ops/release/*.ts", "components/rollback/function/*.mjs"];
  const left = /contract\.ts$|\/(?:cloud|release)\.mjs$|\/(?:images|heldImages|secrets|taggedState|ecsService)\.ts$/i;
  const files = all.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !left.test(file));
  return files.sort().flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")));
}

/** What noticed each of these, in their order; `circles` for one that never ended. */
export async function tried(
  mutants: readonly Mutant[],
  sequencesOnly = false,
  say: (mutant: Mutant, result: Noticed | "circles") => void = () => {},
): Promise<(Noticed | "circles")[]> {
  const results = new Array<Noticed | "circles">(mutants.length);
  let next = 0;
  const thread = async (): Promise<void> => {
    let worker = new Worker(new URL("./worker.ts", import.meta.url));
    for (let index = next++; index < mutants.length; index = next++) {
      const mutant = mutants[index];
      if (mutant === undefined) break;
      const result = await answer(worker, { mutant, path: join(root, mutant.file), sequencesOnly });
      results[index] = result;
      say(mutant, result);
      if (result !== "circles") continue;
      await worker.terminate();
      worker = new Worker(new URL("./worker.ts", import.meta.url));
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism(), mutants.length) }, thread));
  return results;
}

function answer(worker: Worker, trial: Trial): Promise<Noticed | "circles"> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => end("circles"), longestMilliseconds);
    const end = (result: Noticed | "circles") => {
      clearTimeout(timer);
      worker.off("message", end);
      worker.off("error", failed);
      done(result);
    };
    worker.on("message", end);
    worker.once("error", failed);
    worker.postMessage(trial);
  });
}

if (import.meta.main) {
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const mutants = allMutants().filter(({ file }) => named.length === 0 || named.some((name) => file.includes(name)));
  const results = await tried(mutants, process.argv.includes("--sequences"), (mutant, result) => {
    const reason = reasons[keyOf(mutant)];
    if (result === "nobody") console.log(`SURVIVES  ${mutant.id}${reason === undefined ? "" : `  (${reason})`}`);
  });
  const count = (what: Noticed | "circles") => results.filter((result) => result === what).length;
  const alive = mutants.filter((_, index) => results[index] === "nobody");
  const unknown = alive.filter((mutant) => reasons[keyOf(mutant)] === undefined);
  console.log(
    `${mutants.length} mutants: ${count("examples")} noticed by examples, ${count("sequences")} by sequences, ${count("circles")} never ended, ${alive.length} survive`,
  );
  process.exitCode = unknown.length === 0 ? 0 : 1;
}
