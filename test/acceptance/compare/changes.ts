/** Compares what the providers make of changes: nothing, an update, a replacement, or a refusal. */
import { factsOf, type TypeFacts } from "../../../sandbox/facts/facts.ts";
import { type Difference, type Findings, inParallel } from "./findings.ts";
import { accepted, type Providers, placeOf } from "./inputs.ts";
import type { DiffAnswer, ProviderClient } from "./provider.ts";
import { givenInputs, type Pair } from "./resources.ts";
import { type Variation, variations } from "./variations.ts";

interface Tried {
  readonly pair: Pair;
  readonly facts: TypeFacts;
  readonly ours: Variation;
  readonly theirs: Variation;
}

/** Changes every input of every resource, one by one. */
export async function compareChanges({ real, simulated }: Providers, pairs: readonly Pair[]): Promise<Findings> {
  const tried = pairs.flatMap((pair): Tried[] => {
    const facts = factsOf(pair.type);
    if (facts === undefined) return [];
    const theirs = variations(facts, givenInputs(pair.simulated.inputs));
    return variations(facts, givenInputs(pair.real.inputs)).flatMap((ours) => {
      const same = theirs.find(({ what, path }) => what === ours.what && String(path) === String(ours.path));
      return same === undefined ? [] : [{ pair, facts, ours, theirs: same }];
    });
  });
  let compared = 0;
  let exact = 0;
  const differences = await inParallel(tried, async ({ pair, facts, ours, theirs }): Promise<Difference[]> => {
    const found = await telling(real, pair, ours);
    const wanted = found === undefined ? undefined : theirs.candidates[found.candidate]?.inputs;
    if (found === undefined || wanted === undefined) return []; // there is no other value that the real provider takes
    compared += 1;
    const where = placeOf(ours.path, ours.what);
    const { simulated: known } = pair;
    const inputs = await accepted(simulated, known.urn, known.inputs, wanted);
    if (inputs === undefined) return [{ type: pair.type, where, real: summary(found.answer), simulated: "refuses the inputs" }];
    const answer = await simulated.diff(known, inputs);
    if (samePaths(found.answer, answer)) exact += 1;
    if (agree(facts, found.answer, answer)) return [];
    return [{ type: pair.type, where, real: summary(found.answer), simulated: summary(answer) }];
  });
  return { compared, differences: differences.flat(), note: `${exact} of them at exactly the same paths` };
}

/** The first candidate that the real provider takes as a change, or else one that it refuses or sees no change in. */
async function telling(real: ProviderClient, { real: known }: Pair, { candidates }: Variation) {
  let best: { readonly candidate: number; readonly answer: DiffAnswer } | undefined;
  for (const [candidate, { inputs }] of candidates.entries()) {
    const checked = await accepted(real, known.urn, known.inputs, inputs);
    if (checked === undefined) continue;
    const answer = await real.diff(known, checked);
    if (answer.changes) return { candidate, answer };
    if (best === undefined || answer.refused !== undefined) best = { candidate, answer };
  }
  return best;
}

function agree(facts: TypeFacts, ours: DiffAnswer, theirs: DiffAnswer): boolean {
  if (verdict(ours) !== verdict(theirs) || ours.deleteBeforeReplace !== theirs.deleteBeforeReplace) return false;
  return covers(facts, ours.paths, theirs.paths) && (isWhole(ours) || covers(facts, ours.replaces, theirs.replaces));
}

/** Rules in code replace the resource without naming a property. */
function isWhole({ replaces }: DiffAnswer): boolean {
  return replaces.length > 0 && replaces.every((path) => path === meta);
}

/** The same properties; the real provider may also name outputs that follow from the change. */
function covers(facts: TypeFacts, ours: readonly string[], theirs: readonly string[]): boolean {
  const [mine, other] = [properties(ours), properties(theirs)];
  return (
    other.every((name) => mine.includes(name)) && mine.every((name) => other.includes(name) || facts.properties[name]?.computed === true)
  );
}

const meta = "__meta";

function properties(paths: readonly string[]): string[] {
  return [...new Set(paths.filter((path) => path !== meta).map((path) => path.split(/[.[]/)[0] ?? path))].sort();
}

function samePaths(ours: DiffAnswer, theirs: DiffAnswer): boolean {
  const sorted = ({ paths }: DiffAnswer) => paths.filter((path) => path !== meta).sort();
  return String(sorted(ours)) === String(sorted(theirs));
}

function verdict({ refused, changes, replaces }: DiffAnswer): string {
  if (refused !== undefined) return "refused";
  if (!changes) return "nothing";
  return replaces.length > 0 ? "replace" : "update";
}

function summary(answer: DiffAnswer): string {
  const order = answer.deleteBeforeReplace ? ", deleted first" : "";
  const replaces = answer.replaces.length > 0 ? `, replaced for ${properties(answer.replaces).join(", ")}${order}` : "";
  const refused = answer.refused === undefined ? "" : `: ${answer.refused.replaceAll(/\s+/g, " ").slice(-200)}`;
  return `${verdict(answer)}${refused} [${properties(answer.paths).join(", ")}]${replaces}`;
}
