/** Questions that are asked side by side, each within its time. */
import { UserError } from "../userError.ts";
import type { Area, Line } from "./line.ts";

/** One question. */
export interface Probe {
  readonly area: Area;
  /** What it is about, should nobody answer. */
  readonly what: string;
  /** @throws UserError when nobody can tell */
  readonly ask: () => Promise<readonly Line[]>;
}

/** Longer than a client takes to give up, milliseconds. */
const longest = 20_000;

/** Asks all at once. A question that is not answered in time, or not at all, is a line that says so. @param fix of such a line */
export async function examined(probes: readonly Probe[], fix: string, milliseconds = longest): Promise<Line[]> {
  const answers = await Promise.all(probes.map((probe) => answered(probe, fix, milliseconds)));
  return answers.flat();
}

async function answered({ area, what, ask }: Probe, fix: string, milliseconds: number): Promise<readonly Line[]> {
  const notAsked = (found: string): Line[] => [{ area, what, found, verdict: "notAsked", fix }];
  const { promise: late, resolve } = Promise.withResolvers<Line[]>();
  const timer = setTimeout(() => resolve(notAsked(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return notAsked(error.message);
  } finally {
    clearTimeout(timer);
  }
}

/** A question that means nothing before another thing is good. @param first asks for the line of that thing */
export function after(first: () => Promise<Line>, probe: Probe): Probe {
  const { area, what, ask } = probe;
  return {
    ...probe,
    ask: async () => {
      const line = await first();
      if (line.verdict === "good" || line.verdict === "later") return ask();
      return [{ area, what, found: `not asked before this is good: ${line.what}`, verdict: "notAsked", fix: line.fix }];
    },
  };
}
