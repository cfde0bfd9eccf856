/** Commands in processes that stay: each takes one command at a time, and as many are started as there are commands at once. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../../sandbox/engine/engine.ts";
import { countAlive } from "../processorTime.ts";
import type { Command } from "./commandHost.ts";

/** What a command left. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command for a process of its own, with its standard input. */
type OwnCommand = Omit<Command, "mark" | "engine"> & { readonly input: string };

const root = join(import.meta.dirname, "..", "..", "..");
const node = join(root, "node_modules", "node", "bin", "node");
const idle: CommandProcess[] = [];

/** Runs a script of ours, such as `ops/main.ts`, in a process that is there already, or a new one. */
export async function runInHost(command: Omit<Command, "mark">): Promise<CommandResult> {
  const host = idle.pop() ?? new CommandProcess();
  const result = await host.run(command);
  idle.push(host);
  return result;
}

/**
 * Runs the command line as far as no engine is needed, in a process that is there already: its refusals, its help.
 * @param env added to this process's environment
 */
export function slipway(args: readonly string[], cwd = root, env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return runInHost({ script: join(root, "ops", "main.ts"), args, cwd, env: { ...process.env, ...env }, engine: "none" });
}

/** Ends the processes that wait for a command, and waits for their end. */
export async function endHosts(): Promise<void> {
  await Promise.all(idle.splice(0).map((host) => host.end()));
}

/** Runs a script in a process of its own, and the program in another, as a person's shell does. */
export async function runInProcess({ script, args, cwd, env, input }: OwnCommand): Promise<CommandResult> {
  const result = await execa(node, [script, ...args], {
    cwd,
    env,
    extendEnv: false,
    reject: false,
    timeout: 600_000,
    input,
  });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}

class CommandProcess {
  readonly #child: ChildProcess;
  readonly #said = { stdout: "", stderr: "" };

  constructor() {
    this.#child = spawn(node, ["--max-semi-space-size=64", join(import.meta.dirname, "commandHost.ts")], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder(), "compile") },
    });
    for (const name of ["stdout", "stderr"] as const)
      this.#child[name]?.setEncoding("utf8").on("data", (text: string) => {
        this.#said[name] += text;
      });
    countAlive(this.#child);
    // A script that does not end its hosts may end all the same, and they end with it.
    this.#child.unref();
    this.#child.channel?.unref();
    for (const stream of [this.#child.stdout, this.#child.stderr]) (stream as Socket | null)?.unref();
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.ref();
      this.#child.once("exit", () => resolve());
      this.#child.disconnect();
    });
  }

  async run(command: Omit<Command, "mark">): Promise<CommandResult> {
    const mark = randomUUID();
    this.#said.stdout = "";
    this.#said.stderr = "";
    let lost = (_code: number | null): void => undefined;
    const ended = new Promise<number>((resolve, reject) => {
      lost = (code) => reject(new Error(`the command host ended with ${code}:\n${this.#said.stderr}`));
      this.#child.once("message", (code) => resolve(Number(code))).once("exit", lost);
    });
    this.#child.channel?.ref();
    this.#child.send({ ...command, mark } satisfies Command);
    const exitCode = await ended;
    this.#child.off("exit", lost);
    const [stdout, stderr] = await Promise.all([this.#upTo("stdout", mark), this.#upTo("stderr", mark)]);
    this.#child.channel?.unref();
    return { exitCode, stdout, stderr };
  }

  async #upTo(name: "stdout" | "stderr", mark: string): Promise<string> {
    for (;;) {
      const end = this.#said[name].indexOf(mark);
      if (end >= 0) return this.#said[name].slice(0, end).replace(/\n$/, "");
      await new Promise((resolve) => this.#child[name]?.once("data", resolve));
    }
  }
}
