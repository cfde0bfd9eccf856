/** Pull requests and single changes with what their review must say, as `trials.yaml` has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** What is looked for in a review. */
const expected = { consequence: z.string(), must: z.array(z.string()).min(1), mustNot: z.array(z.string()).min(1) };

const place = z.strictObject({ in: z.literal("base").optional(), at: z.string(), to: z.json().optional() });
const source = z.strictObject({ file: z.string(), from: z.string(), to: z.string() });
const ofStack = { stack: z.enum(["shop/production", "clearhold/staging", "coinestate/production"]), ...expected };
const edit = z.union([
  z.strictObject({ ...ofStack, config: z.array(place).min(1) }),
  z.strictObject({ ...ofStack, code: z.array(source).min(1) }),
  z.strictObject({ ...ofStack, package: z.strictObject({ name: z.string(), version: z.string() }) }),
]);

const inputs = z.record(z.string(), z.json());
const change = z.strictObject({
  op: z.enum(["create", "update", "replace", "delete"]),
  type: z.string(),
  name: z.string(),
  before: inputs.optional(),
  after: inputs.optional(),
  replacedBy: z.array(z.string()).optional(),
});

const format = z.strictObject({
  edits: z.record(z.string(), edit),
  digests: z.record(z.string(), z.strictObject({ changes: z.array(change).min(1), ...expected })),
});

/** An edit of a pull request. */
export type Edit = z.infer<typeof edit>;
/** A change as a preview tells it, once instead of in steps. */
export type GivenChange = z.infer<typeof change>;

/** All of them, by name. */
export const trials = format.parse(parse(readFileSync(join(import.meta.dirname, "trials.yaml"), "utf8")));

/** The digest of single changes, in the steps that the engine takes. */
export function digestOf(changes: readonly GivenChange[]): string {
  const steps = changes.flatMap(({ op, type, name, before, after, replacedBy = [] }) => {
    const state = (inputs: typeof before) => (inputs === undefined ? undefined : { type, custom: true, inputs, outputs: inputs });
    const step = { urn: `urn:pulumi:production::x::${type}::${name}`, oldState: state(before), newState: state(after) };
    if (op !== "replace") return [{ op, ...step }];
    const detailedDiff = Object.fromEntries(replacedBy.map((path) => [path, { kind: "update-replace" }]));
    return [
      { op: "create-replacement", ...step, detailedDiff },
      { op: "replace", ...step, detailedDiff },
      { op: "delete-replaced", urn: step.urn, oldState: step.oldState },
    ];
  });
  return JSON.stringify({ steps, changeSummary: { same: 200 } });
}
