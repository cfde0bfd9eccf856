/** `npm test`: format, lint, types, generated files, then every test. Ends with one line: how many passed, how many failed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineProgress } from "../ops/engine/progress.ts";
import { findEngine } from "../sandbox/engine/engine.ts";

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
let passed = 0;
let failed = 0;

function step(name: string, command: string, args: readonly string[]): boolean {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "passed" : "FAILED"}  ${name} (${seconds} s)`);
  return status === 0;
}

/** Found or built before any test: the build takes minutes, and would be counted as the time of the first test that needs it. */
async function engine(): Promise<boolean> {
  try {
    const { version, pulumi } = await findEngine(engineProgress());
    console.log(`passed  engine ${version} (${pulumi})`);
    return true;
  } catch (error) {
    console.log(`FAILED  engine\n${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
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
rmSync(folder, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
