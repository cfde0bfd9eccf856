/**
 * `npm run soak -- --minutes M --seed S`: every random test again and again, each round with the next seed, until the minutes are
 * over or a round fails. Prints the seeds and, of what fails, the smallest case. Ends with one line: how many tests passed and failed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seedVariable } from "../harness/campaign.ts";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const root = join(import.meta.dirname, "..", "..");
/** Lines of a failure that hold its seed, its path and the smallest case. */
const mostLines = 20;
/** A line of a stack trace. */
const frame = /^\s+at /;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: "1" } } });
const minutes = Number(values.minutes);
const first = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(first)) {
  console.error(`soak: --minutes is ${values.minutes} and --seed is ${values.seed}; a number above 0 and a whole number are needed`);
  process.exit(2);
}

const campaigns = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && readFileSync(join(root, "test", file), "utf8").includes('harness/campaign.ts"'))
  .map((file) => join("test", file))
  .sort();
const folder = mkdtempSync(join(tmpdir(), "slipway-soak-"));
const started = performance.now();
const elapsed = () => (performance.now() - started) / 60_000;

function round(seed: number): Report {
  const file = join(folder, `${seed}.json`);
  const args = [
    "run",
    "--project",
    "property",
    "--project",
    "unit",
    "--project",
    "examples",
    "--reporter=json",
    `--outputFile.json=${file}`,
    ...campaigns,
  ];
  const { stderr } = spawnSync("vitest", args, { cwd: root, env: { ...process.env, [seedVariable]: String(seed) }, encoding: "utf8" });
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    throw new Error(`seed ${seed}: vitest wrote no report\n${stderr}`);
  }
}

function shortened(message: string): string {
  const lines = message.split("\n").filter((line) => !frame.test(line));
  return lines.slice(0, mostLines).join("\n");
}

console.log(`Files with random tests:\n${campaigns.map((file) => `  ${file}`).join("\n")}`);
let passed = 0;
let failed = 0;
let longest = 0;
try {
  for (let seed = first; failed === 0 && (seed === first || elapsed() + longest / 2 < minutes); seed += 1) {
    const before = elapsed();
    const { numPassedTests, numFailedTests, testResults } = round(seed);
    longest = Math.max(longest, elapsed() - before);
    passed += numPassedTests;
    const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
    failed += numFailedTests + broken.length;
    console.log(
      `seed ${seed}: ${numPassedTests} passed, ${numFailedTests + broken.length} failed in ${(elapsed() - before).toFixed(1)} min`,
    );
    for (const { name, message } of broken) console.log(`FAILED  ${name}\n${message}`);
    for (const { fullName, failureMessages } of testResults.flatMap(({ assertionResults }) => assertionResults))
      for (const message of failureMessages) console.log(`FAILED  ${fullName}\n${shortened(message)}`);
    if (failed > 0) console.log(`The same again: npm run soak -- --minutes 1 --seed ${seed}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
