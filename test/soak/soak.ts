/**
 * `npm run soak -- --minutes M --seed S [--previews N]`: every random test again and again, each round with the next seed, until the minutes are
 * over or a round fails. Prints the seeds and, of what fails, the smallest case. Ends with one line: how many tests passed and failed.
 * Before the rounds `--previews` changes of examples, drawn by the seed, are previewed twice each by the real engine, within as many minutes, and
 * every incident is walked.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seedVariable } from "../harness/campaign.ts";
import { previewTwice } from "./twoPreviews.ts";

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

const text = (value: string) => ({ type: "string", default: value }) as const;
const { values } = parseArgs({ options: { minutes: text("10"), seed: text("1"), previews: text("50") } });
const [minutes, first, previews] = [Number(values.minutes), Number(values.seed), Number(values.previews)];
if (!(minutes > 0) || !Number.isInteger(first) || !Number.isInteger(previews) || previews < 0) {
  console.error(
    `soak: --minutes is ${values.minutes}, --seed is ${values.seed} and --previews is ${values.previews}; needed are a number above 0, a whole number and a whole number from 0`,
  );
  process.exit(2);
}

const campaigns = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && readFileSync(join(root, "test", file), "utf8").includes('harness/campaign.ts"'))
  .map((file) => join("test", file))
  .sort();
const folder = mkdtempSync(join(tmpdir(), "slipway-soak-"));
const elapsed = () => performance.now() / 60_000;

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

/** @returns how many changes have one hash, and how many have not */
async function previewedTwice(): Promise<readonly [number, number]> {
  if (previews === 0) return [0, 0];
  const before = elapsed();
  const { same, making, without, differing } = await previewTwice(previews, first, minutes);
  const took = (elapsed() - before).toFixed(1);
  console.log(
    `seed ${first}: ${same} of ${previews} changes have one hash in two previews (${making} of them make or replace something, ${without} more change nothing or are refused), ${differing.length} have not, in ${took} min`,
  );
  for (const change of differing) console.log(`FAILED  two previews of one change have two hashes: ${change}`);
  return [same, differing.length];
}

/** Every incident, walked once (`npm run incidents`). @returns how many keep their limits, and how many do not */
function incidentsWalked(): readonly [number, number] {
  const before = elapsed();
  const { stdout, stderr } = spawnSync(process.execPath, [join("test", "incidents", "run.ts")], { cwd: root, encoding: "utf8" });
  const [, good, bad] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
  if (bad !== "0") console.log(`FAILED  incidents\n${stdout}\n${stderr}`);
  console.log(`incidents: ${good ?? 0} passed, ${bad ?? 1} failed in ${(elapsed() - before).toFixed(1)} min`);
  return [Number(good ?? 0), Number(bad ?? 1)];
}

console.log(`Files with random tests:\n${campaigns.map((file) => `  ${file}`).join("\n")}`);
let [passed, failed] = await previewedTwice();
const [kept, broke] = incidentsWalked();
passed += kept;
failed += broke;
const started = elapsed();
let longest = 0;
try {
  for (let seed = first; failed === 0 && (seed === first || elapsed() - started + longest / 2 < minutes); seed += 1) {
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
