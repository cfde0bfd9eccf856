/**
 * `npm run bench`: previews with Slipway's settings and with Pulumi's defaults, and growth with the number of services, on
 * the real engine against the simulated cloud. Ends with 1 when a ratio leaves its limit in limits.json.
 *
 * `npm run bench -- --ways` measures the ways to start a TypeScript program instead (docs/decisions/0003-program-start.md).
 */
import { Listr } from "listr2";
import { UserError } from "../ops/userError.ts";
import { type Comparison, compare, type Say } from "./compare.ts";
import { figuresOf } from "./figures.ts";
import { type Grown, grow, type Size } from "./growth.ts";
import { judge } from "./limits.ts";
import { canWatch } from "./processes.ts";
import { comparisonTable, growthTable, verdictTable } from "./report.ts";
import { Scratch } from "./scratch.ts";
import { measureWays, waysTable } from "./ways.ts";

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

async function limited(scratch: Scratch): Promise<void> {
  let comparison: Comparison | undefined;
  let growth: Record<Size, Grown> | undefined;
  await steps([
    {
      title: "preview with Slipway's settings and with Pulumi's defaults",
      work: async (say) => {
        comparison = await compare(scratch, say);
      },
    },
    {
      title: "growth with 1, 10 and 50 services",
      work: async (say) => {
        growth = await grow(scratch, say);
      },
    },
  ]);
  if (comparison === undefined || growth === undefined) return;
  const verdicts = judge(figuresOf({ comparison, growth }));
  console.log([comparisonTable(comparison), growthTable(growth), verdictTable(verdicts)].join("\n"));
  if (!canWatch) console.log("Memory and processor time are read from /proc, which this platform has not: those ratios are not measured.");
  const failed = verdicts.filter(({ kept }) => !kept).length;
  console.log(`\n${verdicts.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function ways(scratch: Scratch): Promise<void> {
  let table = "";
  await steps([
    {
      title: "ways to start the program",
      work: async (say) => {
        table = waysTable(await measureWays(scratch, say));
      },
    },
  ]);
  console.log(table);
}

const scratch = new Scratch();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    scratch.close();
    process.exit(130);
  });
try {
  await (process.argv.includes("--ways") ? ways(scratch) : limited(scratch));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
} finally {
  scratch.close();
}
