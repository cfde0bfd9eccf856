/** The limits in `limits.json`: what each ratio must keep, and what the project aims at. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Extent } from "./extent.ts";
import { type Figures, isElapsed, isKnown } from "./figures.ts";

const bound = z.union([z.strictObject({ atLeast: z.number().positive() }), z.strictObject({ atMost: z.number().positive() })]);

const limits = z.record(z.string(), z.strictObject({ limit: bound, aim: bound.optional() }));

type Bound = z.infer<typeof bound>;

/** One ratio held against its limit. */
export interface Verdict {
  readonly name: string;
  /** Undefined when this platform cannot measure it. */
  readonly figure: number | undefined;
  readonly limit: string;
  readonly kept: boolean;
  /** The aim, when there is one, and whether it is reached. */
  readonly aim: string | undefined;
  readonly reached: boolean;
}

/**
 * Holds every ratio against its limit. A limit without a ratio is not kept, so that none is lost by renaming; a ratio
 * without a limit is not kept either. Of a short bench only what it measured counts, and no elapsed time.
 */
export function judge(measured: Figures, extent: Extent, text = readFileSync(join(import.meta.dirname, "limits.json"), "utf8")): Verdict[] {
  const counts = (name: string) => extent.elapsed || (!isElapsed(name) && name in measured);
  const counted = <Value>(record: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => counts(name)));
  const figures = counted(measured);
  const wanted = counted(limits.parse(JSON.parse(text)));
  return [...new Set([...Object.keys(wanted), ...Object.keys(figures)])].map((name) => {
    const figure = figures[name];
    const { limit, aim } = wanted[name] ?? {};
    const measurable = figure !== undefined;
    const known = isKnown(figure) ? figure : undefined;
    return {
      name,
      figure: known,
      limit: limit === undefined ? "no limit in limits.json" : describe(limit),
      // What this platform cannot measure is no failure; what nobody measures any more is one.
      kept: limit !== undefined && measurable && (known === undefined || keeps(known, limit)),
      aim: aim && describe(aim),
      reached: aim !== undefined && known !== undefined && keeps(known, aim),
    };
  });
}

function keeps(figure: number, bound: Bound): boolean {
  return "atLeast" in bound ? figure >= bound.atLeast : figure <= bound.atMost;
}

function describe(bound: Bound): string {
  return "atLeast" in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
}
