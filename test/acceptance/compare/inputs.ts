/** Compares what the providers' checks say of inputs, good and bad. */
import { factsOf } from "../../../sandbox/facts/facts.ts";
import { equal, formatPath, type Path, type Properties } from "../../../sandbox/provider/values.ts";
import { mistakes } from "./badInputs.ts";
import { type Difference, type Findings, inParallel } from "./findings.ts";
import type { CheckAnswer, Failure, ProviderClient } from "./provider.ts";
import { givenInputs, type Pair } from "./resources.ts";

/** Both providers, ready to answer. */
export interface Providers {
  readonly real: ProviderClient;
  readonly simulated: ProviderClient;
}

/** Inputs that the real provider has taken: both checks have to answer the same. */
export async function compareGoodInputs({ real, simulated }: Providers, pairs: readonly Pair[]): Promise<Findings> {
  const differences = await inParallel(pairs, async ({ type, real: { urn, inputs } }): Promise<Difference[]> => {
    const wanted = givenInputs(inputs);
    const [ours, theirs] = await Promise.all([real.check(urn, inputs, wanted), simulated.check(urn, inputs, wanted)]);
    const refused = [ours, theirs].some(({ failures }) => failures.length > 0);
    if (refused) return [{ type, where: "refused", real: reasons(ours), simulated: reasons(theirs) }];
    const keys = new Set([...Object.keys(ours.inputs), ...Object.keys(theirs.inputs)]);
    return [...keys]
      .filter((key) => !equal(ours.inputs[key], theirs.inputs[key]))
      .map((key) => ({ type, where: key, real: JSON.stringify(ours.inputs[key]), simulated: JSON.stringify(theirs.inputs[key]) }));
  });
  return { compared: pairs.length, differences: differences.flat() };
}

/** Inputs with one mistake: both checks have to refuse them on the same property, or both take them. */
export async function compareBadInputs({ real, simulated }: Providers, pairs: readonly Pair[]): Promise<Findings> {
  const tried = pairs.flatMap(({ type, real: { urn, inputs } }) => {
    const facts = factsOf(type);
    const edits = facts === undefined ? [] : mistakes(facts, givenInputs(inputs));
    return edits.map((edit) => ({ type, urn, before: inputs, edit }));
  });
  let refused = 0;
  let unnamed = 0;
  const differences = await inParallel(tried, async ({ type, urn, before, edit }): Promise<Difference[]> => {
    const [ours, theirs] = await Promise.all([real.check(urn, before, edit.inputs), simulated.check(urn, before, edit.inputs)]);
    if (ours.failures.length > 0) refused += 1;
    if (isUnnamed(ours.failures)) unnamed += 1;
    if (agree(ours.failures, theirs.failures)) return [];
    return [{ type, where: placeOf(edit.path, edit.what), real: reasons(ours), simulated: reasons(theirs) }];
  });
  return {
    compared: tried.length,
    differences: differences.flat(),
    note: `${refused - unnamed} refused on the same property, ${unnamed} as a whole, ${tried.length - refused} taken`,
  };
}

/** Path without indices, and what was done: the same place whichever resource of a type it was found on. */
export function placeOf(path: Path, what: string): string {
  return `${formatPath(path).replaceAll(/\[\d+\]/g, "[]")} ${what}`;
}

function agree(ours: readonly Failure[], theirs: readonly Failure[]): boolean {
  if (ours.length === 0 || theirs.length === 0) return ours.length === theirs.length;
  if (isUnnamed(ours)) return true;
  const said = ours.map(({ reason }) => reason).join("\n");
  return (
    ours.every(({ property }) => property === "" || theirs.some((failure) => isMeant(property, failure.property))) &&
    theirs.every(({ property }) => ours.some((failure) => isMeant(failure.property, property)) || names(said, property))
  );
}

/** A refusal of the whole request, which names its property at most in passing. */
function isUnnamed(failures: readonly Failure[]): boolean {
  return failures.length > 0 && failures.every(({ property }) => property === "");
}

/** The same property, or one of them the set or block that holds the other: elements of sets have no path of their own. */
function isNear(a: string, b: string): boolean {
  return a !== "" && b !== "" && (a.startsWith(b) || b.startsWith(a));
}

/** In a block of one the bridge points at any of its properties, another one in the next run: the block has to be the same. */
function isMeant(pointed: string, property: string): boolean {
  const block = (path: string) => path.slice(0, path.lastIndexOf(".") + 1);
  return isNear(pointed, property) || (block(property) !== "" && block(pointed) === block(property));
}

/** Whether the text has the Terraform name of a property, as "exactly one of" rules list all of theirs. */
function names(text: string, property: string): boolean {
  const last =
    property
      .replaceAll(/\[\d+\]/g, "")
      .split(".")
      .at(-1) ?? "";
  return text.includes(last.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function reasons({ failures }: CheckAnswer): string {
  const lines = failures.map(({ property, reason }) => `${property}: ${reason.slice(0, 200)}`);
  return lines.length === 0 ? "takes them" : lines.join(" | ").replaceAll(/\s+/g, " ");
}

/** What one provider made of inputs, when it takes them. */
export async function accepted(
  client: ProviderClient,
  urn: string,
  before: Properties,
  wanted: Properties,
): Promise<Properties | undefined> {
  const { inputs, failures } = await client.check(urn, before, wanted);
  return failures.length === 0 ? inputs : undefined;
}
