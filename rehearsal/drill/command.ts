/** `slipway drill`: exercises against the simulated cloud; the stack that runs is never touched. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type DrillReport, reportMarkdown, reportTable } from "./report.ts";

/** One kind of drill: an option or two of its own, and what runs it. */
export interface Drill {
  /** The word after `slipway drill`. */
  readonly name: string;
  readonly description: string;
  /** Options besides the shared ones, as commander takes them. @default none */
  readonly options?: readonly { readonly flags: string; readonly description: string }[];
  readonly run: (options: Readonly<Record<string, string>> & { readonly stack?: string }) => Promise<DrillReport>;
}

/** Adds `drill` and its kinds to the command line. */
export function addDrills(program: Command, drills: readonly Drill[]): void {
  const parent = program.command("drill").description("exercise a loss against the simulated cloud, and report what users would have seen");
  for (const { name, description, options = [], run } of drills) {
    const command = parent
      .command(name)
      .description(description)
      .option("-s, --stack <name>", "stack to exercise, one of the Pulumi.<name>.yaml files")
      .option("--report <file>", "write the report as Markdown, too");
    for (const { flags, description: text } of options) command.option(flags, text);
    command.action(async (given: Record<string, string>) => {
      const report = await run(given);
      console.log(reportTable(report));
      if (given.report !== undefined) writeFileSync(given.report, reportMarkdown(report));
      process.exitCode = report.verdict === "passed" ? 0 : 1;
    });
  }
}
