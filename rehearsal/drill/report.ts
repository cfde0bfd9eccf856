/** What a drill found: events by the second, figures, a verdict; printed as a table or as Markdown. */
import Table from "cli-table3";
import pc from "picocolors";

/** Something that happened, and what users saw from then on. */
export interface DrillEvent {
  /** Seconds since the drill began. */
  readonly second: number;
  /** What happened, in a few words. */
  readonly what: string;
  /** What users see from this second until the next event. */
  readonly users: string;
}

/** One figure, with the bound that it is held against where there is one. */
export interface DrillFigure {
  readonly name: string;
  readonly value: string;
  /** For example `at most 3600 s`. @default nothing is asked of it */
  readonly bound?: string;
  /** Whether the bound holds. @default true */
  readonly holds?: boolean;
}

/** The whole report. */
export interface DrillReport {
  /** `region`, `database`, `colour`, `backup`. */
  readonly drill: string;
  readonly stack: string;
  /** When it was run, ISO 8601. */
  readonly startedAt: string;
  readonly events: readonly DrillEvent[];
  readonly figures: readonly DrillFigure[];
  readonly verdict: "passed" | "failed";
}

/** A figure that is a yes or a no, or whose value is told otherwise. */
export function sure(name: string, holds: boolean, value = holds ? "yes" : "no", bound = "yes"): DrillFigure {
  return { name, value, bound, holds };
}

/** A figure of seconds until something named happened. @param found undefined when it never did @param most bound, seconds */
export function timed(name: string, found: { readonly seconds: number; readonly name: string } | undefined, most: number): DrillFigure {
  const value = found === undefined ? "never" : `${found.seconds} s, ${found.name}`;
  return { name, value, bound: `at most ${most} s`, holds: found !== undefined && found.seconds <= most };
}

/** A verdict out of the figures: every bound has to hold. */
export function verdictOf(figures: readonly DrillFigure[]): DrillReport["verdict"] {
  return figures.every(({ holds = true }) => holds) ? "passed" : "failed";
}

/** The report for a terminal. */
export function reportTable({ drill, stack, startedAt, events, figures, verdict }: DrillReport): string {
  const plain = { head: [], border: [] };
  const timeline = new Table({
    head: ["second", "what happened", "what users see"],
    style: plain,
    colWidths: [10, 58, 58],
    wordWrap: true,
  });
  for (const { second, what, users } of events) timeline.push([second, what, users]);
  const measured = new Table({ head: ["figure", "value", "bound", ""], style: plain });
  for (const { name, value, bound, holds = true } of figures)
    measured.push([name, value, bound ?? "–", bound === undefined ? "" : holds ? pc.green("holds") : pc.red("BROKEN")]);
  const head = `Drill ${drill} of ${stack}, ${startedAt}`;
  const end = verdict === "passed" ? pc.green("passed") : pc.red("FAILED");
  return [head, timeline.toString(), measured.toString(), `The drill ${end}.`].join("\n");
}

/** The report as Markdown, for the record of an exercise. */
export function reportMarkdown({ drill, stack, startedAt, events, figures, verdict }: DrillReport): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    `# Drill ${drill}: ${stack}`,
    "",
    `Started ${startedAt}. Verdict: **${verdict}**.`,
    "",
    "| Second | What happened | What users see |",
    "|---:|---|---|",
    ...events.map(({ second, what, users }) => `| ${second} | ${cell(what)} | ${cell(users)} |`),
    "",
    "| Figure | Value | Bound | Holds |",
    "|---|---|---|---|",
    ...figures.map(
      ({ name, value, bound, holds = true }) =>
        `| ${cell(name)} | ${cell(value)} | ${cell(bound ?? "–")} | ${bound === undefined ? "–" : holds ? "yes" : "**no**"} |`,
    ),
    "",
  ].join("\n");
}
