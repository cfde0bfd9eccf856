/**
 * `npm run bench`: previews with Slipway's settings and with Pulumi's defaults, Slipway's commands beside the engine's own, and
 * growth with the number of services, on the real engine against the simulated cloud. Ends with 1 when a ratio leaves its limit in limits.json.
 *
 * `npm run bench -- --short`, which the gate runs, holds the most telling of them against the same limits in few minutes.
 */
import { loadavg } from "node:os";
import { Listr } from "listr2";
import { UserError } from "../ops/userError.ts";
import { commandPairs } from "./commands.ts";
import { compare, createStage, type Say, withWeight } from "./compare.ts";
import { type Extent, everything, short } from "./extent.ts";
import { figuresOf } from "./figures.ts";
import { grow } from "./growth.ts";
import { judge } from "./limits.ts";
import { canWatch } from "./processes.ts";
import { stack } from "./projects.ts";
import { commandTable, comparisonTable, growthTable, verdictTable } from "./report.ts";
import { account, Scratch, setStack } from "./scratch.ts";

/** Does one step; its line says what it is doing. */
async function step<Result>(title: string, work: (say: Say) => Promise<Result>): Promise<Result> {
  const started = Date.now();
  const done: Result[] = [];
  const task = async (_: unknown, line: { title: string; output: string }) => {
    done.push(
      await work((text) => {
        line.output = text;
      }),
    );
    line.title = `${title} (${Math.round((Date.now() - started) / 1000)} s)`;
  };
  await new Listr([{ title, task }], { fallbackRenderer: "simple" }).run();
  return done[0]!;
}

async function limited(scratch: Scratch, extent: Extent): Promise<void> {
  const { sizes, commandRounds } = extent;
  const stage = await step("the measured stack, and a copy for each way to preview it", (say) => createStage(scratch, say));
  const comparison = await step("preview with Slipway's settings and with Pulumi's defaults", (say) => compare(stage, extent, say));
  const commands = await step("Slipway's commands and the engine alone", (say) =>
    commandPairs(
      {
        folder: stage.projects.slipway.folder,
        stack,
        account,
        setWeight: (percent) => setStack(stage.projects.slipway, withWeight(scratch.model, percent)),
      },
      commandRounds,
      say,
    ),
  );
  const growth =
    sizes.length === 0 ? undefined : await step(`growth with ${sizes.join(", ")} services`, (say) => grow(scratch, sizes, say));
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
