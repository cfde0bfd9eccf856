/**
 * `npm run examples`: every example stack on the real engine and the simulated cloud. Preview, update, a second update
 * that must change nothing, unprotect, destroy, and nothing may be left. Prints one table; exit code 1 when a stack fails.
 */
import Table from "cli-table3";
import pc from "picocolors";
import { exampleStacks } from "../harness/config.ts";
import type { CommandResult } from "../harness/host/commandProcess.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** What one stack did, in the order in which it was asked. */
interface Row {
  readonly stack: string;
  readonly resources: number;
  readonly seconds: { readonly preview: number; readonly up: number; readonly again: number; readonly destroy: number };
}

/** Stacks that run at the same time: the machine has two processors, and the engine uses one. */
const atOnce = 2;

async function exercise(stack: string): Promise<Row> {
  const project = new StackUnderTest(stack);
  try {
    const [previewed, preview] = await timed(() => project.preview());
    const [created, up] = await timed(() => project.up());
    expectSuccess(created, "up");
    const [second, again] = await timed(() => project.up());
    expectSuccess(second, "the second up");
    if (!/Resources:\n\s+\d+ unchanged/.test(second.stdout)) throw new Error(`the second up changed something:\n${tail(second.stdout)}`);
    project.set({ protect: false });
    expectSuccess(await project.up(), "up with protect: false");
    const [destroyed, destroy] = await timed(() => project.destroy());
    expectSuccess(destroyed, "destroy");
    const left = project.live();
    if (left.length > 0) throw new Error(`${left.length} objects are left: ${left.map(({ type, id }) => `${type} ${id}`).join(", ")}`);
    return { stack, resources: previewed.total, seconds: { preview, up, again, destroy } };
  } finally {
    project.remove();
  }
}

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await run(), (performance.now() - started) / 1000];
}

function expectSuccess({ exitCode, stdout, stderr }: CommandResult, what: string): void {
  if (exitCode !== 0) throw new Error(`${what} ended with ${exitCode}:\n${tail(stdout)}\n${tail(stderr)}`);
}

function tail(text: string): string {
  return text.split("\n").slice(-40).join("\n");
}

const wanted = process.argv.slice(2);
const stacks = exampleStacks.filter((stack) => wanted.length === 0 || wanted.some((part) => stack.includes(part)));
const rows: Row[] = [];
const failures: { readonly stack: string; readonly reason: string }[] = [];
const waiting = [...stacks];

async function worker(): Promise<void> {
  for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift()) {
    try {
      rows.push(await exercise(stack));
      console.error(`${pc.green("✔")} ${stack}`);
    } catch (error) {
      failures.push({ stack, reason: error instanceof Error ? error.message : String(error) });
      console.error(`${pc.red("✖")} ${stack}`);
    }
  }
}

await Promise.all(Array.from({ length: atOnce }, worker));

const table = new Table({
  head: ["stack", "resources", "preview", "up", "second up", "changes", "destroy", "left"],
  style: { head: [], border: [] },
  colAligns: ["left", "right", "right", "right", "right", "right", "right", "right"],
});
for (const { stack, resources, seconds } of rows.sort((a, b) => (a.stack < b.stack ? -1 : 1)))
  table.push([
    stack,
    resources,
    ...[seconds.preview, seconds.up, seconds.again].map((time) => `${time.toFixed(1)} s`),
    0,
    `${seconds.destroy.toFixed(1)} s`,
    0,
  ]);
console.log(table.toString());
for (const { stack, reason } of failures) console.log(`${pc.red("FAILED")} ${stack}: ${reason}`);
console.log(`${rows.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
