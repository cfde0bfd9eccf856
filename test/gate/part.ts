/** One part of the gate: a command of its own, whose closing line says how many checks passed and how many failed. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { processorSeconds, sumIn } from "../harness/processorTime.ts";

/** A part as it is started. */
export interface Part {
  /** Stands before each line that the part prints, so that none can be taken for the gate's own closing line. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** How a part ended. */
export interface PartResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Why more failed than the part's closing line says. @default nothing did */
  readonly problem?: string;
  /** Wall time, seconds. */
  readonly seconds: number;
  /**
   * Processor time of the part and all that it has started, seconds: what the part says itself, since the system loses what
   * outlives the process that started it, or else what the system says; NaN where `/proc` is not there.
   */
  readonly processor: number;
}

/** `N passed, N failed` alone on a line; `, N skipped` and words on them may follow. */
const closing = /^(\d+) passed, (\d+) failed(?:, \d+ skipped.*)?$/;

/**
 * Runs a part to its end and shows what it prints, line by line. A part that says nothing at its end, ends badly while it
 * counts no failure, or takes too long has failed.
 * @param limitSeconds wall time after which the part and all that it started are ended. @default 1800
 */
export async function runPart({ name, command, args }: Part, print: (line: string) => void, limitSeconds = 1800): Promise<PartResult> {
  const started = performance.now();
  const before = processorSeconds();
  let told: number | undefined;
  // A group of its own: what it started ends with it.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, limitSeconds * 1000);
  process.on("exit", end);
  let last = "";
  const show = (line: string) => print(`${name} │ ${line}`);
  const code = new Promise<number | string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (exitCode, signal) => resolve(exitCode ?? signal ?? "unknown"));
  });
  await Promise.all([
    linesOf(child.stdout, (line) => {
      if (line.trim() !== "") last = line.trim();
      told = sumIn(line) ?? told;
      show(line);
    }),
    linesOf(child.stderr, show),
  ]);
  const ended = await code;
  clearTimeout(timer);
  process.off("exit", end);
  const seconds = (performance.now() - started) / 1000;
  const processor = told ?? (existsSync("/proc/self/stat") ? processorSeconds() - before : Number.NaN);
  const [, passed, failed] = closing.exec(last) ?? [];
  const count = { name, passed: Number(passed ?? 0), failed: Number(failed ?? 0), seconds, processor };
  if (late) return { ...count, failed: count.failed + 1, problem: `took more than ${limitSeconds} s` };
  if (passed === undefined) return { ...count, failed: 1, problem: `ended with ${ended} and without a closing line` };
  return ended !== 0 && count.failed === 0 ? { ...count, failed: 1, problem: `ended with ${ended}` } : count;
}

async function linesOf(stream: NodeJS.ReadableStream, take: (line: string) => void): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  if (rest !== "") take(rest);
}
