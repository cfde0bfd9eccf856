/** What the changes touch, and what depends on it: a small graph for people, out of the dependencies that the state keeps. Pure. */
import { z } from "zod";
import { resourceName } from "../../infra/config/resourceName.ts";
import type { Change } from "./change.ts";
import { type Risk, risks } from "./risk.ts";
import { shortType } from "./story.ts";

/** A resource of the state and what it depends on, as URNs. */
export interface Dependency {
  readonly urn: string;
  readonly type: string;
  /** @default false: a component, which exists in the engine alone */
  readonly custom?: boolean;
  readonly dependencies?: readonly string[];
}

/** One changed resource with those that depend on it. */
export const reached = z.strictObject({
  op: z.string(),
  type: z.string(),
  name: z.string(),
  risk: z.enum(risks),
  /** By type; with a name where there is one of the type alone. */
  dependents: z.array(z.strictObject({ type: z.string(), name: z.string().optional(), count: z.number(), changes: z.boolean() })),
  /** Dependents that are not listed. */
  more: z.number(),
});

/** One of the format above. */
export type Reached = z.infer<typeof reached>;

/** Changed resources in the graph, and kinds of dependents of each. */
const [mostChanged, mostKinds] = [6, 5];

/** The gravest changes that something depends on. @param riskOf class of a change by URN @param resources all of the state */
export function reachOf(changes: readonly Change[], riskOf: (urn: string) => Risk, resources: readonly Dependency[]): Reached[] {
  const changed = new Set(changes.map(({ urn }) => urn));
  const dependents = new Map<string, Dependency[]>();
  for (const one of resources.filter(({ custom }) => custom === true))
    for (const urn of new Set(one.dependencies ?? [])) dependents.set(urn, [...(dependents.get(urn) ?? []), one]);
  return changes
    .filter(({ op, urn }) => (op === "update" || op === "replace" || op === "delete") && riskOf(urn) !== "noise" && dependents.has(urn))
    .map((change) => ({ change, risk: riskOf(change.urn), some: dependents.get(change.urn) ?? [] }))
    .sort((a, b) => risks.indexOf(a.risk) - risks.indexOf(b.risk) || b.some.length - a.some.length)
    .slice(0, mostChanged)
    .map(({ change: { op, type, name }, risk, some }) => {
      const kinds = [...Map.groupBy(some, (one) => shortType(one.type))].sort(([, a], [, b]) => b.length - a.length);
      const shown = kinds.slice(0, mostKinds).map(([kind, all]) => ({
        type: kind,
        ...(all.length === 1 ? { name: resourceName(all[0]?.urn ?? "") } : {}),
        count: all.length,
        changes: all.some(({ urn }) => changed.has(urn)),
      }));
      const more = kinds.slice(mostKinds).reduce((sum, [, all]) => sum + all.length, 0);
      return { op, type: shortType(type), name, risk, dependents: shown, more };
    });
}

/** The graph in Mermaid, which GitHub draws; undefined where nothing depends on what changes. */
export function mermaid(found: readonly Reached[]): string | undefined {
  if (found.length === 0) return undefined;
  const lines = found.flatMap(({ op, type, name, dependents, more }, index) => {
    const from = `c${index}`;
    return [
      `  ${from}["${label(`${op} ${type} ${name}`)}"]:::change`,
      ...dependents.map(({ type: kind, name: own, count, changes }, place) => {
        const what = own === undefined ? `${count} × ${kind}` : `${kind} ${own}`;
        return `  ${from} --> ${from}d${place}["${label(what)}"]${changes ? ":::change" : ""}`;
      }),
      ...(more > 0 ? [`  ${from} --> ${from}more["${more} more"]`] : []),
    ];
  });
  return ["```mermaid", "flowchart LR", ...lines, "  classDef change stroke-width:3px", "```"].join("\n");
}

/** Names come from outside: nothing in them may end the label, the block or the line. */
function label(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .:/_×-]/gu, "_");
}
