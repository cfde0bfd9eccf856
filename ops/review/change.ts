/** Changes of resources, out of the engine's steps: one change a resource, both sides masked, differences by property. */

import { resourceName } from "../../infra/config/resourceName.ts";
import { type Difference, differencesBetween } from "./difference.ts";
import type { Digest, ResourceState, Step } from "./digest.ts";
import { hidden, type Mask, maskPair, scrubValue } from "./masking.ts";
import { isJsonObject, isList, type Json, type JsonObject, pathParts, secretValue, valueAt, withoutMarks } from "./propertyValue.ts";
import { statefulTypes } from "./statefulTypes.ts";

/** What happens to the resource. `other` is a word of the engine that this version does not know: it counts as a change. */
export type Operation = "create" | "update" | "replace" | "delete" | "read" | "import" | "same" | "other";

/** One resource that would change. */
export interface Change {
  readonly op: Operation;
  readonly urn: string;
  /** For example `aws:rds/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  /** False for components, which exist in the engine alone. */
  readonly custom: boolean;
  /** It holds data, or everything else stands on it. */
  readonly stateful: boolean;
  /** Inputs before and after, masked; empty where there are none. */
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Of what is made all that somebody set, of what goes all that it had. */
  readonly differences: readonly Difference[];
  /** Of the differences, paths of those that are secret before and after. */
  readonly secrets: readonly string[];
  /** Names of the resources that a property comes from, by property. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** Which half of a replacement comes first; undefined when the engine did not say. */
  readonly order?: "createFirst" | "deleteFirst";
  /** Its replacement is there already: an update that was killed has left this to be deleted. */
  readonly left?: true;
  /** The engine's own protection before and after. */
  readonly protect: { readonly before: boolean; readonly after: boolean };
  /** What stays at the provider when the engine forgets the resource. */
  readonly retain: { readonly before: boolean; readonly after: boolean };
}

/** Changes of a digest, and the texts that must appear nowhere. */
export interface Changes {
  readonly changes: readonly Change[];
  /** Texts that a property had in clear and that are secret from now on, or were before. */
  readonly revealed: readonly string[];
  readonly unchanged: number;
}

const operations: Readonly<Record<string, Operation>> = {
  same: "same",
  refresh: "same", // read, and found as it was: what was not is an update or a deletion
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "delete",
  delete: "delete",
  discard: "delete",
  read: "read",
  "read-replacement": "read",
  "discard-replaced": "delete",
  "remove-pending-replace": "delete",
  import: "import",
  "import-replacement": "replace",
};

/** Groups the steps by resource, in the order in which the engine takes them. @param mask of secrets. @default none of them is shown */
export function changesIn(digest: Digest, mask: Mask = hidden): Changes {
  const byUrn = new Map<string, Step[]>();
  for (const step of digest.steps ?? []) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  const read = [...byUrn].map(([urn, steps]) => changeOf(urn, steps, mask));
  const revealed = [...new Set(read.flatMap((one) => one.revealed))];
  const shown = read.flatMap(({ change }) => (isChange(change) ? [scrubbed(change, revealed, mask)] : []));
  const sames = read.length - read.filter(({ change }) => isChange(change)).length;
  return { changes: shown, revealed, unchanged: Math.max(sames, digest.changeSummary?.same ?? 0) };
}

function isChange({ op, protect, retain }: Change): boolean {
  return op !== "same" || protect.before !== protect.after || retain.before !== retain.after;
}

function changeOf(urn: string, all: readonly Step[], mask: Mask): { readonly change: Change; readonly revealed: readonly string[] } {
  // A preview that reads what is live first has a step for the reading and one for the change.
  const changing = all.filter(({ op }) => op !== "refresh");
  const steps = changing.length > 0 ? changing : all;
  const replacing = steps.some(({ op }) => op === "replace" || op === "create-replacement");
  const main = steps.find(({ op }) => op === "replace") ?? steps.find(({ op }) => op === "create-replacement") ?? steps[0];
  const [oldState, newState] = [
    steps.map((step) => step.oldState).find((state) => state != null),
    main?.newState ?? steps.map((step) => step.newState).find((state) => state != null),
  ];
  const op = replacing ? "replace" : (operations[main?.op ?? ""] ?? "other");
  const [given, wanted] = [inputsOf(oldState), inputsOf(newState)];
  const pair = maskPair(given, wanted, mask);
  const outputs = maskPair(bag(oldState?.outputs), wanted, mask);
  const [before, after] = [bag(pair.before), bag(pair.after)];
  // A secret hides all that is below it, which a provider may name all the same.
  const isSecret = (side: Json | undefined, path: string) =>
    pathParts(path).some((_, index, parts) => valueAt(bag(side), parts.slice(0, index + 1)) === secretValue);
  const type = newState?.type ?? oldState?.type ?? typeIn(urn);
  const differences =
    op === "create" || op === "import" || op === "delete"
      ? differencesBetween(type, undefined, withoutDefaults(before, oldState), withoutDefaults(after, newState), {})
      : op === "update" || op === "replace" || op === "other"
        ? differencesBetween(type, main, before, after, bag(outputs.before))
        : [];
  return {
    revealed: [...pair.revealed, ...outputs.revealed],
    change: {
      op,
      urn,
      type,
      name: resourceName(urn),
      custom: (newState?.custom ?? oldState?.custom ?? !type.startsWith("slipway:")) && type !== "pulumi:pulumi:Stack",
      stateful: statefulTypes.has(type),
      before,
      after,
      differences,
      secrets: differences.flatMap(({ path }) => (isSecret(given, path) && isSecret(wanted, path) ? [path] : [])),
      sources: sourcesOf(newState ?? oldState),
      ...orderOf(steps),
      ...(op === "delete" && oldState?.delete === true ? { left: true } : {}),
      protect: { before: oldState?.protect ?? false, after: newState == null ? (oldState?.protect ?? false) : (newState.protect ?? false) },
      retain: {
        before: oldState?.retainOnDelete ?? false,
        after: newState == null ? (oldState?.retainOnDelete ?? false) : (newState.retainOnDelete ?? false),
      },
    },
  };
}

function orderOf(steps: readonly Step[]): Pick<Change, "order"> {
  const created = steps.findIndex(({ op }) => op === "create-replacement");
  const deleted = steps.findIndex(({ op }) => op === "delete-replaced");
  return created < 0 || deleted < 0 ? {} : { order: created < deleted ? "createFirst" : "deleteFirst" };
}

function sourcesOf(state: ResourceState | null | undefined): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(state?.propertyDependencies ?? {}).map(([property, urns]) => [property, (urns ?? []).map((urn) => resourceName(urn))]),
  );
}

function inputsOf(state: ResourceState | null | undefined): Json | undefined {
  return state == null ? undefined : withoutMarks((state.inputs ?? {}) as Json);
}

/** Without what the provider filled in, where it says so. */
function withoutDefaults(inputs: JsonObject, state: ResourceState | null | undefined): JsonObject {
  const filled = valueAt((state?.inputs ?? {}) as Json, ["__defaults"]);
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !isList(filled) || !filled.includes(key)));
}

function bag(value: unknown): JsonObject {
  return isJsonObject(value as Json) ? (value as JsonObject) : {};
}

function typeIn(urn: string): string {
  return urn.split("::").at(-2)?.split("$").at(-1) ?? "";
}

function scrubbed(change: Change, revealed: readonly string[], mask: Mask): Change {
  const clean = (value: Json | undefined) => (value === undefined ? undefined : scrubValue(value, revealed, mask));
  return {
    ...change,
    before: bag(clean(change.before)),
    after: bag(clean(change.after)),
    differences: change.differences.map((difference) => ({
      ...difference,
      before: clean(difference.before),
      after: clean(difference.after),
    })),
  };
}
