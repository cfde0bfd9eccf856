/**
 * `npm test`: format, lint, types, generated files, then every test. Tells where processor time went, and ends with one line:
 * how many passed, how many failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { engineProgress } from "../ops/engine/progress.ts";
import { findEngine } from "../sandbox/engine/engine.ts";
import { processorSeconds, sumName } from "./harness/processorTime.ts";
import type { FileTime } from "./harness/timeFile.ts";
import limits from "./limits.json" with { type: "json" };

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
const report = join(folder, "report.json");
const notes = join(folder, "times");
process.env.SLIPWAY_TEST_TIMES = notes;
// What a pipeline sets is set here as well: no difference waits for it there (colours, snapshots that would be written, `.only`).
process.env.CI ??= "true";
/** Seconds of processor time by step, and by project of tests. */
const used: Record<string, number> = {};
let passed = 0;
let failed = 0;

function step(name: string, command: string, args: readonly string[]): boolean {
  const started = Date.now();
  const before = processorSeconds();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  used[name] = processorSeconds() - before;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)`);
  return status === 0;
}

/** Found or built before any test: the build takes minutes, and would be counted as the time of the first test that needs it. */
async function engine(): Promise<boolean> {
  const before = processorSeconds();
  try {
    const { version, pulumi } = await findEngine(engineProgress());
    used["engine found"] = processorSeconds() - before;
    console.log(`passed  engine ${version} (${pulumi})`);
    return true;
  } catch (error) {
    console.log(`FAILED  engine\n${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

/**
 * Prints the processor time of each step and project beside its limit. Above a limit it warns and does not fail: the limits
 * are those of two quiet cores, and the same work takes up to twice as much on busy ones: the program's part of a step of a canary
 * took 0.48 s and 1.09 s within a quarter of an hour. To fail would tell nothing of the change.
 */
function tellProcessorTime(): void {
  const root = join(import.meta.dirname, "..");
  const times = existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : [];
  const files = times.map((line) => JSON.parse(line) as FileTime).map(({ file, seconds }) => ({ file: relative(root, file), seconds }));
  const { tests = 0, ...steps } = used;
  const projects: Record<string, number> = {};
  for (const { file, seconds } of files) {
    const [, project = ""] = file.split("/");
    projects[project] = (projects[project] ?? 0) + seconds;
  }
  const noted = files.reduce((sum, { seconds }) => sum + seconds, 0);
  // What a worker's processes used is lost to this one where they outlive the worker; their files have noted it.
  const lost = Math.max(0, noted - tests);
  const rows = { ...steps, ...projects, "vitest itself": Math.max(0, tests - noted), [sumName]: processorSeconds() + lost };
  console.log(
    `\nprocessor time, seconds (load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")})`,
  );
  for (const [name, seconds] of Object.entries(rows)) {
    const limit = (limits as Readonly<Record<string, number>>)[name];
    const beside = limit === undefined ? "" : `of ${String(limit).padStart(4)}${seconds > limit ? "  above its limit" : ""}`;
    console.log(`  ${name.padEnd(16)} ${seconds.toFixed(1).padStart(7)}  ${beside}`.trimEnd());
  }
  const slow = files.filter(({ file, seconds }) => /^test.(unit|golden)/.test(file) && seconds > limits["one quick file"]);
  for (const { file, seconds } of slow.sort((a, b) => b.seconds - a.seconds))
    console.log(`  ${file} took ${seconds.toFixed(1)}, above the ${limits["one quick file"]} of a quick file`);
}

function count(good: boolean): void {
  if (good) passed += 1;
  else failed += 1;
}

count(step("format and lint", "biome", ["ci", "--error-on-warnings", "."]));
count(step("types", "tsc", ["--noEmit", "--singleThreaded"]));
count(await engine());
const green = step("tests", "vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
try {
  const result = JSON.parse(readFileSync(report, "utf8")) as TestReport;
  passed += result.numPassedTests;
  // A file that cannot even be loaded has no failed test in it, and is a failure all the same.
  const broken = result.testResults.filter(({ assertionResults }) => assertionResults.length === 0).length;
  failed += result.numFailedTests + broken;
  const skipped = result.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "skipped" || status === "pending"),
  );
  for (const { fullName } of skipped) console.log(`skipped  ${fullName}`);
  // An error outside of every test, such as a promise that nobody awaited, fails the run without failing a test.
  if (!green && failed === 0) failed += 1;
} catch {
  console.log("FAILED  no test report was written");
  failed += 1;
}
tellProcessorTime();
rmSync(folder, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
