/** JSON of large documents with outputs in them. */
import { all, Output } from "@pulumi/pulumi";

/**
 * The document as JSON. Waits for the outputs in it alone, where the SDK's `jsonStringify` makes an output of each of its
 * values; promises and resources have no place in it.
 */
export function jsonText(document: unknown): Output<string> {
  const outputs = [...outputsIn(document)];
  return all(outputs).apply((values) =>
    JSON.stringify(filledIn(document, new Map(outputs.map((output, index) => [output, values[index]])))),
  );
}

function outputsIn(value: unknown, found = new Set<Output<unknown>>()): Set<Output<unknown>> {
  if (Output.isInstance(value)) return found.add(value);
  if (typeof value === "object" && value !== null) for (const item of Object.values(value)) outputsIn(item, found);
  return found;
}

function filledIn(value: unknown, known: ReadonlyMap<unknown, unknown>): unknown {
  if (known.has(value)) return known.get(value);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, known)]));
}
