/** `slipway drill`: exercises against the simulated cloud; the stack that runs is never touched. */
import type { Command } from "commander";
import type { DrillOptions } from "./options.ts";
import type { DrillReport } from "./report.ts";

interface Drill {
  readonly description: string;
  /** Options of its own, as commander takes them. */
  readonly options: readonly (readonly [flags: string, description: string])[];
  readonly run: (options: DrillOptions) => Promise<DrillReport>;
}

const store = (what: string) => ["--store <name>", `${what}, such as databases-main; by default the one with the tightest class`] as const;
const restoreMinutes = [
  "--restore-minutes <minutes>",
  "how long AWS takes to restore, from your last restore test; by default a model",
] as const;

/** By the word after `slipway drill`. */
const drills: Readonly<Record<string, Drill>> = {
  region: {
    description: "lose the primary region, let the next one take over and take writes, lose that as well, and go back",
    options: [
      ["--approval-seconds <number>", "seconds that a person is taken to need for an approval; 300 by default"],
      ["--promotion-seconds <number>", "seconds that promoting a database is taken to need; 900 by default"],
    ],
    run: async (options) => (await import("./region.ts")).regionDrill(options),
  },
  database: {
    description: "lose a database's writer, then its volume; restore to the newest moment, and compare",
    options: [store("database"), restoreMinutes],
    run: async (options) => (await import("./database.ts")).databaseDrill(options),
  },
  colour: {
    description: "let a canary fail until an alarm takes its traffic back, try to undo that, then lose the live colour as well",
    options: [
      ["--service <name>", "service, one of slipway:autoRollback; api by default, or the first"],
      ["--weight <percent>", "share of the traffic that the candidate has when it fails; 25 by default"],
      ["--requests-per-minute <number>", "requests of all users, steady; 600 by default"],
      ["--fail-health-checks", "its tasks fail their health checks, too; by default only what users ask fails"],
    ],
    run: async (options) => (await import("./colour.ts")).colourDrill(options),
  },
  backup: {
    description: "delete a store with its own recovery, restore it from the vault, and compare",
    options: [store("store"), restoreMinutes],
    run: async (options) => (await import("./backup.ts")).backupDrill(options),
  },
};

/** Adds `drill` and its kinds to the command line. */
export function addDrills(program: Command): void {
  const parent = program.command("drill").description("exercise a loss against the simulated cloud, and report what users would have seen");
  for (const [name, { description, options, run }] of Object.entries(drills)) {
    const command = parent
      .command(name)
      .description(description)
      .option("-s, --stack <name>", "stack to exercise, one of the Pulumi.<name>.yaml files")
      .option("--report <file>", "write the report as Markdown, too");
    for (const [flags, text] of options) command.option(flags, text);
    command.action(async (given: DrillOptions) => {
      const { reportMarkdown, reportTable } = await import("./report.ts");
      const report = await run(given);
      console.log(reportTable(report));
      if (given.report !== undefined) (await import("../../ops/textFile.ts")).writeText(given.report, reportMarkdown(report));
      process.exitCode = report.verdict === "passed" ? 0 : 1;
    });
  }
}
