/** A stack as a preview has it, without an engine: with names that are drawn at each, and the digest that the engine prints. */

import type { StackConfig } from "../../infra/config/stack.ts";
import { declare } from "../../infra/program.ts";
import { secretValue } from "../../ops/review/propertyValue.ts";
import { isObject, type Properties, type Value } from "../../sandbox/provider/values.ts";
import { graphOf } from "./graph.ts";

const signature = "4dabf18193072939515e22adb298388d";

/** A value as the engine prints it in a digest. */
function printed(value: Value): Value {
  if (Array.isArray(value)) return value.map(printed);
  if (!isObject(value)) return value;
  if (signature in value) return secretValue;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, printed(inner)]));
}

/** Inputs by URN. */
export type PlannedStack = ReadonlyMap<string, Properties>;

/** Inputs of every resource as a preview has them. @param seed of the names that are drawn at this preview */
export async function planned(config: StackConfig, seed: string, state: PlannedStack = new Map()): Promise<PlannedStack> {
  const resources = await graphOf(() => declare(config), { preview: true, names: { seed, state } });
  return new Map(resources.filter(({ custom }) => custom).map(({ urn, checked }) => [urn, printed(checked) as Properties]));
}

/** What the engine prints for going from one to the other. */
export function previewed(from: PlannedStack, to: PlannedStack): string {
  const state = (urn: string, inputs: Properties) => ({ type: urn.split("::")[2]?.split("$").at(-1), custom: true, inputs });
  const steps = [
    ...[...to].flatMap(([urn, inputs]) => {
      const before = from.get(urn);
      if (before === undefined) return [{ op: "create", urn, newState: state(urn, inputs) }];
      const same = JSON.stringify(before) === JSON.stringify(inputs);
      return same ? [] : [{ op: "update", urn, oldState: state(urn, before), newState: state(urn, inputs) }];
    }),
    ...[...from].flatMap(([urn, inputs]) => (to.has(urn) ? [] : [{ op: "delete", urn, oldState: state(urn, inputs) }])),
  ];
  return JSON.stringify({ steps });
}
