/** The resources of a stack, as the real and as the simulated provider made them. */
import { isObject, type Properties, type Value } from "../../../sandbox/provider/values.ts";
import type { DeployedResource } from "../deployment.ts";
import type { KnownResource } from "./provider.ts";

/** One resource, made by both providers. */
export interface Pair {
  readonly type: string;
  readonly name: string;
  readonly real: KnownResource;
  readonly simulated: KnownResource;
}

/** Resources of one package that both stacks have. @throws Error when one has a resource that the other has not */
export function pairsOf(packageName: string, real: readonly DeployedResource[], simulated: readonly DeployedResource[]): Pair[] {
  const ofPackage = (resources: readonly DeployedResource[]) =>
    new Map(resources.filter(({ type }) => type.startsWith(`${packageName}:`)).map((resource) => [resource.urn, resource]));
  const [ours, theirs] = [ofPackage(real), ofPackage(simulated)];
  const alone = [...ours.keys(), ...theirs.keys()].filter((urn) => !ours.has(urn) || !theirs.has(urn));
  if (alone.length > 0) throw new Error(`only one of the stacks has ${alone.join(", ")}`);
  return [...ours.values()].map((resource) => {
    const twin = theirs.get(resource.urn) ?? resource;
    return { type: resource.type, name: resource.urn.split("::").at(-1) ?? "", real: known(resource), simulated: known(twin) };
  });
}

function known({ urn, id, inputs, outputs }: DeployedResource): KnownResource {
  return { urn, id, inputs: inClear(inputs as Properties) as Properties, outputs: inClear(outputs as Properties) as Properties };
}

/** An exported state writes a secret as an object with its JSON text. */
function inClear(value: Value): Value {
  if (Array.isArray(value)) return value.map(inClear);
  if (!isObject(value)) return value;
  if (typeof value.plaintext === "string" && Object.keys(value).length === 2) return inClear(JSON.parse(value.plaintext) as Value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)]));
}

/** Inputs as the program gave them: without what the provider's check filled in. */
export function givenInputs(checked: Properties): Properties {
  const visit = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isObject(value)) return value;
    const filled = Array.isArray(value.__defaults) ? value.__defaults : [];
    const given = Object.entries(value).filter(([key]) => key !== "__defaults" && key !== "tagsAll" && !filled.includes(key));
    return Object.fromEntries(given.map(([key, item]) => [key, visit(item)]));
  };
  return visit(checked) as Properties;
}

/** One resource for each way in which a type is used: which properties are given, and how deep. */
export function distinct(pairs: readonly Pair[]): Pair[] {
  const byUse = new Map(pairs.map((pair) => [`${pair.type} ${shapeOf(givenInputs(pair.real.inputs))}`, pair]));
  return [...byUse.values()];
}

function shapeOf(value: Value): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join()}]`;
  if (!isObject(value)) return "";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => (/^(tags|tagsAll)$/.test(key) ? key : `${key}${shapeOf(value[key] ?? null)}`)).join()}}`;
}
