/**
 * `npm run gate`, what CI runs: the tests, the smallest stack on both ends of the engines, the packages in a project of somebody else,
 * the scan and a short bench. Each part prints as it does alone, with its name before each line; the last line sums all.
 */
import { loadavg } from "node:os";
import Table from "cli-table3";
import { type Part, type PartResult, runPart } from "./part.ts";

const script = (name: string, file: string, ...args: string[]): Part => ({ name, command: process.execPath, args: [file, ...args] });

const parts: readonly Part[] = [
  script("test", "test/run.ts"),
  script("newest engine", "test/smoke/smoke.ts", "newest"),
  script("oldest engine", "test/smoke/smoke.ts", "oldest"),
  script("packages", "test/packages/packages.ts"),
  script("scan", "test/scan/scan.ts"),
  script("bench", "bench/bench.ts", "--short"),
];

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const results: PartResult[] = [];
for (const part of parts) results.push(await runPart(part, (line) => console.log(line)));

const sum = (figure: (result: PartResult) => number) => results.reduce((total, result) => total + figure(result), 0);
const minutes = (seconds: number) => (Number.isNaN(seconds) ? "not measured" : `${(seconds / 60).toFixed(1)} min`);
const table = new Table({
  head: ["part", "passed", "failed", "processor time", "wall time"],
  style: { head: [], border: [] },
  colAligns: ["left", "right", "right", "right", "right"],
});
for (const { name, passed, failed, processor, seconds } of results)
  table.push([name, passed, failed, minutes(processor), minutes(seconds)]);
table.push([
  "all",
  sum(({ passed }) => passed),
  sum(({ failed }) => failed),
  minutes(sum(({ processor }) => processor)),
  minutes(sum(({ seconds }) => seconds)),
]);
console.log(table.toString());
console.log(
  `load average at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}`,
);
for (const { name, problem } of results) if (problem !== undefined) console.log(`FAILED  ${name} ${problem}`);
console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`);
process.exitCode = sum(({ failed }) => failed) === 0 ? 0 : 1;
