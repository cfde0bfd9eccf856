/**
 * `npm run bench`: previews with Slipway's settings and with Pulumi's defaults, Slipway's commands beside the engine's own, and
 * growth with the number of services, on the real engine against the simulated cloud. Ends with 1 when a ratio leaves its limit in limits.json.
 *
 * `npm run bench -- --short`, which the gate runs, holds the most telling of them against the same limits in few minutes.
 */
import { loadavg } from "node:os";
import { Listr } from "listr2";
import { UserError } from "../ops/userError.ts";
import { type CommandPairs, commandPairs } from "./commands.ts";
import { type Comparison, compare, createStage, type Say, type Stage } from "./compare.ts";
import { type Extent, everything, short } from "./extent.ts";
import { figuresOf } from "./figures.ts";
import { type Growth, grow } from "./growth.ts";
import { judge } from "./limits.ts";
import { canWatch } from "./processes.ts";
import { commandTable, comparisonTable, growthTable, verdictTable } from "./report.ts";
import { Scratch } from "./scratch.ts";

interface Step {
  readonly title: string;
  readonly work: (say: Say) => Promise<void>;
}

/** Runs steps one after the other; each one's line says what it is doing. */
async function steps(list: readonly Step[]): Promise<void> {
  await new Listr(
    list.map(({ title, work }) => ({
      title,
      task: async (_: unknown, task: { title: string; output: string }) => {
        const started = Date.now();
        await work((text) => {
          task.output = text;
        });
        task.title = `${title} (${Math.round((Date.now() - started) / 1000)} s)`;
      },
    })),
    { fallbackRenderer: "simple", concurrent: false },
  ).run();
}

async function limited(scratch: Scratch, extent: Extent): Promise<void> {
  let comparison: Comparison | undefined;
  let commands: CommandPairs | undefined;
  let growth: Growth | undefined;
  let stage: Stage | undefined;
  await steps([
    {
      title: "the production stack, and a copy for each way to preview it",
      work: async (say) => {
        stage = await createStage(scratch, say);
      },
    },
    {
      title: "preview with Slipway's settings and with Pulumi's defaults",
      work: async (say) => {
        if (stage !== undefined) comparison = await compare(stage, extent, say);
      },
    },
    {
      title: "Slipway's commands and the engine alone",
      work: async (say) => {
        if (stage !== undefined) commands = await commandPairs(stage, scratch, extent.commandRounds, say);
      },
    },
    ...(extent.sizes.length === 0
      ? []
      : [
          {
            title: `growth with ${extent.sizes.join(", ")} services`,
            work: async (say: Say) => {
              growth = await grow(scratch, extent.sizes, say);
            },
          },
        ]),
  ]);
  if (comparison === undefined || commands === undefined) return;
  const verdicts = judge(figuresOf({ comparison, commands, growth }), extent);
  console.log(comparisonTable(comparison));
  console.log(commandTable(commands));
  if (growth !== undefined) console.log(growthTable(growth));
  console.log(verdictTable(verdicts));
  if (extent.leavesOut !== undefined) console.log(`Left out by --short: ${extent.leavesOut}.`);
  if (!canWatch) console.log("Memory and processor time are read from /proc, which this platform has not: those ratios are not measured.");
  console.log(
    `load average: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
  const failed = verdicts.filter(({ kept }) => !kept).length;
  console.log(`\n${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

const scratch = new Scratch();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    scratch.close();
    process.exit(130);
  });
try {
  await limited(scratch, process.argv.includes("--short") ? short : everything);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
} finally {
  scratch.close();
}
