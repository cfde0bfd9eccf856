/** A pipeline's machines on the simulated cloud: each checkout a folder of its own, all of them with one `.slipway`. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { resolvedConfig } from "../../../ops/config/show.ts";
import { pushConfigured } from "../../../rehearsal/sandbox/images.ts";
import { setConfiguredSecrets } from "../../../rehearsal/sandbox/secrets.ts";
import { makeConfiguredUsers } from "../../../rehearsal/sandbox/users.ts";
import { type CommandResult, runInHost } from "../host/commandProcess.ts";
import type { StackUnderTest } from "../stack.ts";
import type { Machine, Moment, Variables } from "./machine.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Faults of the simulated cloud at each moment. */
const steps: Readonly<Record<Moment["at"], string>> = {
  traffic: "update aws:lb/listenerRule:ListenerRule 1 before",
  tasks: "update aws:ecs/service:Service 1 before",
};

/** The words that a script hands to Slipway, as a shell reads them: `node` is exchanged for what prints them. */
function wordsOf(script: string, variables: Variables): string[] {
  const printing = 'node() { printf "%s\\0" "$@"; }; exec() { "$@"; }';
  const printed = execFileSync("/bin/bash", ["--norc", "-euc", `${printing}\n${script}`], {
    env: { ...variables, PATH: "" },
    encoding: "utf8",
  });
  const [install, slipway, ...words] = printed.split("\0").slice(0, -1);
  if (install !== "ops/install.js" || slipway !== "ops/slipway.js") throw new Error(`${script} runs no command of Slipway's`);
  return words;
}

/** Of one stack, whose folder holds the cloud. */
export class SandboxMachine implements Machine {
  readonly backend = "file://.slipway";
  readonly pushesAhead = true;
  readonly stack: string;
  readonly #stack: StackUnderTest;

  constructor(stack: StackUnderTest) {
    this.#stack = stack;
    this.stack = stack.stack;
  }

  checkout(): string {
    const folder = mkdtempSync(join(tmpdir(), "slipway-checkout-"));
    const { folder: source } = this.#stack;
    for (const file of readdirSync(source).filter((name) => name !== ".slipway")) cpSync(join(source, file), join(folder, file));
    symlinkSync(join(source, ".slipway"), join(folder, ".slipway"));
    return folder;
  }

  async run(folder: string, script: string, variables: Variables, moment?: Moment): Promise<CommandResult> {
    const { SLIPWAY_ENGINE: _pinned, ...env } = variables; // the engine that all tests run, and no second one
    const words = wordsOf(script, env);
    if (moment === undefined) return this.#slipway(folder, words, env);
    const step = steps[moment.at];
    if (moment.happens === "kill") return this.#slipway(folder, [...words, "--fault", `kill ${step}`], env);
    const held = join(folder, "held");
    writeFileSync(held, "");
    let ended = false;
    const running = this.#slipway(folder, [...words, "--fault", `delay ${step} while=${held}`], env).finally(() => {
      ended = true;
    });
    while (!ended && !this.#isLocked()) await pause(50);
    if (!ended) await moment.happens();
    rmSync(held);
    return running;
  }

  byHand(folder: string, command: readonly string[]): Promise<CommandResult> {
    return this.#slipway(folder, [...command, "--stack", this.stack], {});
  }

  async weights(service: string): Promise<readonly number[]> {
    return this.#stack.liveWeights(service);
  }

  #slipway(folder: string, words: readonly string[], env: Variables): Promise<CommandResult> {
    const config = resolvedConfig(join(folder, `Pulumi.${this.stack}.yaml`));
    const cloud = join(folder, ".slipway");
    for (const make of [pushConfigured, setConfiguredSecrets, makeConfiguredUsers]) make(cloud, config);
    const engine = words.some((word) => word.startsWith("kill ")) ? "with checkpoints" : "without checkpoints";
    return runInHost({ script: join(root, "ops", "main.ts"), args: words, cwd: folder, env: { ...process.env, ...env }, engine });
  }

  #isLocked(): boolean {
    const state = join(this.#stack.folder, ".slipway", "state");
    return readdirSync(state, { recursive: true, encoding: "utf8" }).some((file) => /\/locks\/.*\.json$/.test(file));
  }
}
