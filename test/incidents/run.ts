/**
 * `npm run incidents`: each incident on the real engine and the simulated cloud, walked by nothing but the commands that the output before
 * printed. Prints commands until it was known, until users were served and until all was clean, beside what the same took on the first
 * edition; exit code 1 when one takes more than it may. Arguments name incidents: `npm run incidents -- I1 P3`; `--say` shows what was printed.
 */
import Table from "cli-table3";
import pc from "picocolors";
import { StackUnderTest } from "../harness/stack.ts";
import type { Counts } from "./incident.ts";
import { incidents } from "./incidents.ts";
import { type Walked, walk } from "./walk.ts";

/** Commands that an incident may take. */
const most: Counts = { known: 2, painEnds: 2, clean: 4 };

const words = process.argv.slice(2);
const say = words.includes("--say");
const named = words.filter((word) => !word.startsWith("--"));
const table = new Table({ head: ["", "incident", "known", "pain ends", "clean", "before", "unsafe"], style: { head: [], border: [] } });
let failed = 0;
let passed = 0;
for (const incident of incidents.filter(({ id }) => named.length === 0 || named.includes(id))) {
  const { id, what, before } = incident;
  const stack = new StackUnderTest(incident.stack.name, incident.stack.edits);
  try {
    await stack.prepare();
    const walked = await walk(incident, stack);
    const good = withinLimits(walked);
    if (good) passed++;
    else failed++;
    const old = before === undefined ? "" : `${before.known}, ${before.painEnds}, ${before.clean}`;
    table.push([good ? pc.green(id) : pc.red(id), what, walked.known, walked.painEnds, walked.clean, old, walked.unsafe.join("\n")]);
    if (say || !good) tell(id, walked);
  } catch (error) {
    failed++;
    table.push([pc.red(id), what, "", "", "", "", ""]);
    console.log(pc.red(`${id}: ${error instanceof Error ? error.message : String(error)}`));
  } finally {
    stack.remove();
  }
}
console.log(table.toString());
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function withinLimits(walked: Walked): boolean {
  const within = (key: keyof Counts) => walked[key] !== "never" && Number(walked[key]) <= Number(most[key]);
  return walked.unsafe.length === 0 && within("known") && within("painEnds") && within("clean");
}

function tell(id: string, { steps }: Walked): void {
  // What the engine says while it works is no help, and long.
  const progress = /^ [~+-] .*\b(refreshing|refresh|updating|updated|creating|created)\b|^\s+pulumi:|^Outputs:|^ {4}/;
  for (const { command, exitCode, said } of steps) {
    const lines = said
      .trim()
      .split("\n")
      .filter((line) => !progress.test(line));
    console.log(`${id} $ ${command}   (${exitCode})\n${lines.join("\n")}\n`);
  }
}
