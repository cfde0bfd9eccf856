/** One run of the real engine: which binary, which backend, which providers are simulated, which environment. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { clockVariable } from "../../infra/config/cloudTime.ts";
import { simulatedVariable } from "../../infra/config/simulated.ts";
import { cacheFolder, type Engine, findEngine } from "../../sandbox/engine/engine.ts";
import type { Progress } from "../../sandbox/engine/progress.ts";
import { type ExistingZone, type Fault, type PackageName, packageNames, type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import type { Project } from "../project/project.ts";
import { type Backend, cloudFolder, isReal, simulatedOn, stateFolder } from "./backend.ts";
import { prepareLocalStack } from "./localStack.ts";
import { withoutProxy } from "./proxy.ts";
import { TemporaryFolder } from "./temporaryFolder.ts";

/** What a session is opened with. */
export interface SessionOptions {
  readonly project: Project;
  readonly stack: string;
  /** The stack's file in the project. */
  readonly stackFile: string;
  /** AWS account that the sandbox's credentials belong to. */
  readonly account: string;
  /** Where the state is, which says what is simulated. */
  readonly backend: Backend;
  /** Ids of objects that the simulated cloud has without any stack's doing, such as a DNS zone. @default none */
  readonly existing?: readonly string[];
  /** Zone at Cloudflare that exists in the simulated one. @default none */
  readonly zone?: ExistingZone | undefined;
  /** Faults to inject. @default none */
  readonly faults?: readonly Fault[];
  readonly progress: Progress;
}

/** Commands of the engine that are about no stack, and refuse the flag that names one. */
const withoutStack = new Set(["about", "help", "install", "login", "logout", "plugin", "schema", "version", "whoami"]);

/** Commands of the engine that read a stack file, and write a salt into one that has none. */
const readsStackFile = new Set(["destroy", "down", "import", "pre", "preview", "refresh", "up", "update"]);

/** Whether a word of a command says which file it is about, such as a base. */
export function namesConfigFile(word: string): boolean {
  return /^--config-file(?:=|$)/.test(word);
}

/** What the engine answered. */
export interface EngineResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What runs once a command needs the engine. */
interface Started {
  readonly engine: Engine;
  /** Environment of the engine. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A stack's way to the engine. The engine is found and the simulated providers start with the first command: who only reads
 * a state starts neither. Commands run one after the other; `close` stops the providers.
 */
export class Session {
  readonly project: Project;
  readonly stack: string;
  /** The stack's file in the project. */
  readonly stackFile: string;
  readonly backend: Backend;
  readonly #options: SessionOptions;
  #starting: Promise<Started> | undefined;
  #sandbox: Sandbox | undefined;
  /** Temporary folder of the engine and all that it starts. */
  #temporary: TemporaryFolder | undefined;
  /** The engine process of the moment, for `kill` faults. */
  #child: ChildProcess | undefined;

  constructor(options: SessionOptions) {
    this.project = options.project;
    this.stack = options.stack;
    this.stackFile = options.stackFile;
    this.backend = options.backend;
    this.#options = options;
  }

  /** The engine that this session's commands run. @throws NoEngineError when there is none and none can be made */
  async engine(): Promise<Engine> {
    return (await this.#started()).engine;
  }

  #started(): Promise<Started> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<Started> {
    const { account, existing = [], zone, faults = [], progress } = this.#options;
    const simulated = simulatedOn(this.backend);
    const engine = await findEngine(progress);
    if (isAllSimulated(simulated)) spareEngineLogs(homeOf(this.backend));
    const kill = () => killTree(this.#child);
    const sandbox = await startSandbox({ folder: cloudFolder(this.backend), account, simulated, existing, zone, faults, kill });
    this.#sandbox = sandbox;
    // The program is told by the environment that the engine hands on; whatever was there before is of no cloud's.
    process.env[clockVariable] = String(sandbox.clockAhead);
    process.env[simulatedVariable] = simulated.join(",");
    // The real provider of Kubernetes leaves a copy of the kubeconfig at every start.
    if (isReal(this.backend, "kubernetes")) this.#temporary = new TemporaryFolder("slipway-engine-", () => this.#child !== undefined);
    const temporary = this.#temporary === undefined ? {} : { TMPDIR: this.#temporary.path };
    const own = { ...sandbox.environment, ...temporary, SLIPWAY_STACK_FILE: this.stackFile };
    return { engine, env: { ...environment(this.project, this.backend, engine, simulated), ...own } };
  }

  /**
   * Runs `pulumi` with the terminal.
   * @param env more environment variables, such as those of a copy of the state. @default none
   * @returns its exit code, 137 when a fault killed it
   */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
    const started = await this.#started();
    const child = spawn(started.engine.pulumi, this.#arguments(args), {
      cwd: this.project.folder,
      env: { ...process.env, ...started.env, ...env },
      stdio: "inherit",
    });
    this.#child = child;
    // At a terminal, Ctrl-C reaches the engine by itself; a second signal would make it drop what it is doing.
    const forward = (signal: NodeJS.Signals) => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on("SIGINT", forward).on("SIGTERM", forward);
    try {
      return await new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 130)));
      });
    } finally {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      this.#child = undefined;
    }
  }

  /**
   * Runs `pulumi` and takes its output. Never throws for a failing command.
   * @param env more environment variables, such as those of a copy of the state. @default none
   * @param onLine called with each line of standard output as it comes. @default output is only returned
   */
  async capture(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    onLine?: (line: string) => void,
  ): Promise<EngineResult> {
    const started = await this.#started();
    const running = execa(started.engine.pulumi, [...this.#arguments(args), "--non-interactive"], {
      cwd: this.project.folder,
      env: { ...started.env, ...env },
      reject: false,
      stdin: "ignore",
    });
    if (onLine !== undefined) for await (const line of running.iterable()) onLine(line);
    const result = await running;
    return { exitCode: result.exitCode ?? 1, stdout: result.stdout, stderr: result.stderr };
  }

  /** Stops the simulated providers, names what they had no facts of or could not see, and removes the engine's temporary folder. */
  close(): void {
    const unchecked = this.#sandbox?.unchecked() ?? [];
    if (unchecked.length > 0) console.error(uncheckedTypes(unchecked));
    for (const granted of this.#sandbox?.assumed() ?? []) console.error(`Taken for granted by the simulated cloud: ${granted}.`);
    this.#sandbox?.stop();
    this.#temporary?.remove();
  }

  #arguments(args: readonly string[]): string[] {
    const named = withoutStack.has(args[0] ?? "") ? [...args] : [...args, "--stack", this.stack];
    if (this.backend.kind === "shared") return named;
    const copy = prepareLocalStack(this.backend, this.project, this.stack, this.stackFile);
    const [command = ""] = args;
    if (command === "config") return args.some(namesConfigFile) ? named : [...named, "--config-file", this.stackFile];
    return readsStackFile.has(command) ? [...named, "--config-file", copy] : named;
  }
}

function uncheckedTypes(types: readonly string[]): string {
  return [
    "Served unchecked by the simulated cloud, which does not know these types: no input of theirs was checked, and ids and ARNs are made up.",
    ...types.map((type) => `  ${type}`),
    "To have them checked: docs/add-a-resource-type.md",
  ].join("\n");
}

function environment(project: Project, backend: Backend, engine: Engine, simulated: readonly PackageName[]): Record<string, string> {
  const node = dirname(process.execPath);
  const { typescript, nodeargs } = project.runtimeOptions;
  return {
    PATH: [node, engine.folder, process.env.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...withoutProxy(process.env),
    // The engine writes the whole state twice for each resource. Fewer collections on the way: an update of 255 resources took
    // 17.5 s in place of 21.1 s, with 294 MB at most in place of 277 MB.
    GOGC: process.env.GOGC ?? "400",
    SLIPWAY_RUNTIME_TYPESCRIPT: String(typescript ?? true),
    SLIPWAY_RUNTIME_NODEARGS: typeof nodeargs === "string" ? nodeargs : "",
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cacheFolder(), "compile"),
    ...(backend.kind === "shared" ? {} : { PULUMI_BACKEND_URL: `file://${stateFolder(backend)}`, PULUMI_CONFIG_PASSPHRASE: "sandbox" }),
    // Nothing to download when every provider is simulated; else the engine finds plugins by its usual rules.
    ...(isAllSimulated(simulated) ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PULUMI_HOME: homeOf(backend) } : {}),
  };
}

function isAllSimulated(simulated: readonly PackageName[]): boolean {
  return simulated.length === packageNames.length;
}

/** The engine's own folder, where it needs nothing of the user's. */
function homeOf({ folder }: Backend): string {
  return join(folder, "home");
}

/** Newer engines log every run to a folder, a sixth of their processor time at 250 resources. Where a file is in its place, they log nothing. */
function spareEngineLogs(home: string): void {
  const logs = join(home, "logs");
  if (existsSync(logs)) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(logs, "The engine keeps no logs of runs on the simulated cloud. To see one: slipway up -v=9 --logtostderr\n");
}

/** Ends a process and everything that it started, at once: plugins live in groups of their own and would go on without it. */
function killTree(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const doomed = [child.pid];
  for (const parent of doomed) doomed.push(...processes.flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : [])));
  for (const pid of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it ended by itself meanwhile
    }
  }
}
