/** What `pulumi preview --json` says, read tolerantly: its format is not versioned. */
import { z } from "zod";

const properties = z.record(z.string(), z.json()).nullish();

const resourceState = z.looseObject({
  type: z.string().optional(),
  custom: z.boolean().optional(),
  inputs: properties,
  outputs: properties,
  protect: z.boolean().optional(),
  delete: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
});

const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: resourceState.nullish(),
  newState: resourceState.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.looseObject({ kind: z.string(), inputDiff: z.boolean().optional() })).nullish(),
});

const digest = z.looseObject({
  config: z.record(z.string(), z.json()).nullish(),
  steps: z.array(step).nullish(),
  diagnostics: z.array(z.looseObject({ severity: z.string(), message: z.string(), urn: z.string().optional() })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
});

/** One step that the engine would take. */
export type Step = z.infer<typeof step>;
/** A resource before or after a step. */
export type ResourceState = z.infer<typeof resourceState>;
/** The engine's account of one preview. */
export type Digest = z.infer<typeof digest>;

/**
 * Reads a digest from standard output. It starts at the first brace that makes sense: the engine and policy packs print
 * notes before it, and a failed preview still prints one.
 * @returns undefined when there is none
 */
export function readDigest(stdout: string): Digest | undefined {
  for (let start = stdout.indexOf("{"); start >= 0; start = stdout.indexOf("\n{", start) + 1 || -1) {
    try {
      const { data } = digest.safeParse(JSON.parse(stdout.slice(start)));
      if (data !== undefined && (data.steps != null || data.diagnostics != null || data.changeSummary != null)) return data;
    } catch {
      // not JSON from here on; a note may hold a brace of its own
    }
  }
  return undefined;
}
