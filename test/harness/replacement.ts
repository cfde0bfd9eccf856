/** How a declared resource is replaced, and whether its replacement meets what it replaces. */

import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { cloudflare } from "../../sandbox/cloud/cloudflare/catalogue.ts";
import { identify, namesFromPrefixes } from "../../sandbox/cloud/identity.ts";
import { kubernetes } from "../../sandbox/cloud/kubernetes/catalogue.ts";
import type { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { withSeed } from "../../sandbox/cloud/randomness.ts";
import type { PropertyFacts, TypeFacts } from "../../sandbox/facts/facts.ts";
import { Resources } from "../../sandbox/provider/resources.ts";
import { isObject, type Properties, reveal, type Value } from "../../sandbox/provider/values.ts";
import { place } from "./emptyCloud.ts";
import type { Registered } from "./graph.ts";

/** What becomes of the object that is replaced. */
type Order = "goes first: the provider's way" | "goes first: as declared" | "goes last: the new one has another name" | "MEETS THE NEW ONE";

/** A declared input whose change replaces. */
export interface Replacement {
  readonly input: string;
  readonly order: Order;
}

/** Catalogues whose objects are named without a look at what exists. */
const catalogues = { aws, cloudflare, kubernetes };
const nothing = { all: () => [], get: () => undefined } as unknown as LiveStore;

/** Every declared input of a resource whose change would replace it. Those that are not declared cannot change by config. */
export function replacementsOf(resource: Registered): Replacement[] {
  const catalogue = catalogues[resource.type.split(":")[0] as keyof typeof catalogues];
  if (!resource.custom || catalogue === undefined) return [];
  const cloud = new Cloud(catalogue, nothing);
  const provider = new Resources(cloud);
  const facts = cloud.facts(resource.type);
  const before = reveal(resource.checked).plain;
  return Object.entries(facts.properties).flatMap(([input, property]): Replacement[] => {
    const value = before[input] ?? null;
    if (value === null || input === "region" || !(input in resource.inputs)) return [];
    const change = { [input]: otherValue(value, property) };
    const planned = () => provider.diff(resource.urn, cloud.planned(resource.type, before), before, { ...before, ...change });
    const { replaces, deleteBeforeReplace } = unlessRefused(planned);
    if (replaces.length === 0 && !resource.replaceOnChanges.includes(input)) return [];
    if (deleteBeforeReplace) return [{ input, order: "goes first: the provider's way" }];
    if (resource.deleteBeforeReplace) return [{ input, order: "goes first: as declared" }];
    // The engine has a replacement's inputs checked anew, without the ones before: what the provider drew is drawn again.
    const fresh = provider.check(resource.urn, {}, { ...resource.inputs, ...change }, Buffer.from("another"));
    const meets = namesOf(cloud, resource.type, facts, reveal(fresh.inputs).plain, "after").some((name) =>
      namesOf(cloud, resource.type, facts, before, "before").includes(name),
    );
    return [{ input, order: meets ? "MEETS THE NEW ONE" : "goes last: the new one has another name" }];
  });
}

/** A change that the provider refuses as it plans replaces nothing. */
function unlessRefused(plan: () => Pick<ReturnType<Resources["diff"]>, "replaces" | "deleteBeforeReplace">) {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("diffing ")) return { replaces: [], deleteBeforeReplace: false };
    throw error;
  }
}

/** Everything of an object of which there may be one: its id, and what no two may share. */
function namesOf(cloud: Cloud, type: string, facts: TypeFacts, inputs: Properties, seed: string): string[] {
  const identity = cloud.identity(type);
  const planned = { ...namesFromPrefixes(inputs), ...cloud.planned(type, inputs) };
  const made = withSeed(seed, () => identify(identity, planned, place, nothing));
  const key = typeof identity.key === "function" ? identity.key(made.properties) : String(made.properties[identity.key ?? ""] ?? made.id);
  const shared = (facts.uniques ?? []).flatMap(({ by }) =>
    by.some((name) => facts.properties[name]?.computed && planned[name] === undefined)
      ? []
      : [JSON.stringify([by, by.map((name) => planned[name] ?? null)])],
  );
  return [key, ...shared];
}

function otherValue(value: Value, { enum: choices = [] }: PropertyFacts): Value {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, "another"];
  if (isObject(value)) return { ...value, another: "value" };
  return choices.find((choice) => choice !== value) ?? `${String(value)}another`;
}
