/** One stack of a copied project, run with the command line on the real engine and a real provider. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { SSM } from "@aws-sdk/client-ssm";
import { execa } from "execa";
import { standbys } from "../../components/environment/contract/failover.ts";
import { configuredImages, registryOf } from "../../infra/config/configuredImages.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { wantedSecrets } from "../../ops/doctor/secrets.ts";
import { type SandboxBackend, sandboxOf, stateFile, stateFolder } from "../../ops/engine/backend.ts";
import { type ChangeSet, changesOf } from "../../ops/engine/changes.ts";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import { readReview } from "../../ops/review/review.ts";
import type { StackReview } from "../../ops/review/stackReview.ts";
import { parameterName } from "../../ops/secrets/values.ts";
import { pushConfigured } from "../../rehearsal/sandbox/images.ts";
import { setConfiguredSecrets } from "../../rehearsal/sandbox/secrets.ts";
import { makeConfiguredUsers } from "../../rehearsal/sandbox/users.ts";
import type { PackageName } from "../../sandbox/sandbox.ts";
import { setInStackFile } from "../harness/stackFile.ts";
import { expect } from "./checks.ts";
import { sdkVersions } from "./prerequisites.ts";
import { killTree } from "./processTree.ts";

/** What one command of the engine did. */
export interface Outcome {
  /** Resources by operation, as the engine counts them; empty for a command that counts nothing. */
  readonly changes: Readonly<Record<string, number>>;
  /** One line for each resource that was touched, such as `update aws:rds/instance:Instance main: port`. */
  readonly touched: readonly string[];
  /** Errors and warnings, from the events and from standard error. */
  readonly problems: readonly string[];
  /** Standard error. */
  readonly said: string;
  readonly exitCode: number;
}

/** What a preview would do. */
export interface Preview extends ChangeSet {
  readonly problems: readonly string[];
  /** Whether it read what is live first, because the weights were not those in the state. */
  readonly readFirst: boolean;
}

/** A resource in the state, secrets in clear. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface DeploymentOptions {
  readonly project: Project;
  readonly stack: string;
  /** Whole environment of every command. */
  readonly environment: Readonly<Record<string, string>>;
  /** A real provider plugin. @default every provider is simulated */
  readonly plugin?: string;
  /** The provider whose plugin it is. @default AWS's */
  readonly provider?: Exclude<PackageName, "cloudflare">;
  /** Address of a state that is shared: every provider is a real one then. @default a folder of the project's */
  readonly sharedState?: string;
  /** Whether each update finds its images, put there by a path of the API server's own. @default it does */
  readonly imagesArePushed?: boolean;
  /** Minutes that a command may take. @default 10 */
  readonly minutes?: number;
}

const repository = join(import.meta.dirname, "..", "..");
const commandLine = join(repository, "ops", "slipway.js");
const plainEngine = join(repository, "bench", "plainEngine.ts");

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

interface EngineEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

/** By which the API server tells what a command asks that `own` runs: an update beside it has the same SDK. */
export const ownCommand = "own-command";

export class Deployment {
  readonly stack: string;
  readonly project: Project;
  /** Whole environment of every command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Providers whose real plugins the commands use. */
  readonly real: readonly PackageName[];
  readonly #sharedState: string | undefined;
  readonly #imagesArePushed: boolean;
  readonly #minutes: number;

  constructor(options: DeploymentOptions) {
    const { project, stack, environment, plugin, provider = "aws", sharedState, imagesArePushed = true, minutes = 10 } = options;
    this.stack = stack;
    this.#imagesArePushed = imagesArePushed;
    this.#minutes = minutes;
    this.project = project;
    this.#sharedState = sharedState;
    this.real = plugin === undefined || sharedState !== undefined ? [] : [provider];
    this.environment =
      plugin === undefined
        ? environment
        : {
            ...environment,
            PULUMI_HOME: homeWith(plugin, provider, join(project.folder, "home", stack)),
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
            ...(sharedState === undefined ? {} : { PULUMI_BACKEND_URL: sharedState }),
          };
  }

  /** Takes over the stack's file of another checkout. */
  takeStackFile(from: Deployment): void {
    cpSync(from.#stackFile(), this.#stackFile());
  }

  /**
   * Changes values in the stack's file and keeps everything else, comments included.
   * @param values by path below `slipway:`; undefined takes one away, also one of the base
   */
  edit(values: Readonly<Record<string, unknown>>): void {
    setInStackFile(this.#stackFile(), values);
  }

  async preview(): Promise<Preview> {
    const result = await this.#slipway("preview", ["--json"]);
    const { diagnostics = [] } = JSON.parse(result.stdout.slice(result.stdout.indexOf("{")) || "{}") as {
      readonly diagnostics?: readonly { readonly severity: string; readonly message: string }[];
    };
    const readFirst = result.stderr.includes("the preview reads what is live");
    return { ...changesOf(result), readFirst, problems: [...diagnostics.flatMap(problem), ...problemsIn(result.stderr)] };
  }

  /**
   * Updates, with the images that the config names in the registry.
   * @param without types whose resources are left out, with all that depends on them. @default none
   * @param dying digest of the image whose tasks die. @default those of all run
   */
  async up({ without = [], dying }: { readonly without?: readonly string[]; readonly dying?: string } = {}): Promise<Outcome> {
    if (this.#imagesArePushed) await this.#push(dying);
    const excluded = without.map((type) => `--exclude=**${type}::**`);
    return this.#update("up", excluded.length === 0 ? [] : [...excluded, "--exclude-dependents"]);
  }

  /**
   * First update, in the order for an empty account: where it fails for images that are not there, its registry is, they are pushed, and
   * it is repeated.
   * @returns how the last of them ended, with what all have created
   */
  async create(options: { readonly without?: readonly string[] } = {}): Promise<Outcome & { readonly pushedBetween: boolean }> {
    const first = await this.up(options);
    if (!first.problems.some(asksForImages)) return { ...first, pushedBetween: false };
    const second = await this.up(options);
    const create = (first.changes.create ?? 0) + (second.changes.create ?? 0);
    return { ...second, changes: { ...second.changes, create }, pushedBetween: true };
  }

  /** Puts the images that the config names into the registry, and values of what tasks read. */
  pushImages(): Promise<void> {
    return this.#push();
  }

  async #push(dying?: string): Promise<void> {
    const config = resolvedConfig(stackFilePath(this.project, this.stack));
    if (this.#sharedState === undefined && !this.real.includes("aws")) {
      pushConfigured(this.#backend().folder, config);
      setConfiguredSecrets(this.#backend().folder, config);
      makeConfiguredUsers(this.#backend().folder, config);
      return;
    }
    const { account, region: home } = registryOf(config);
    const regions = [home, ...standbys(config).map(({ region }) => region)];
    for (const { repository, digest } of configuredImages(config))
      for (const region of regions)
        await fetch(
          `${this.environment.AWS_ENDPOINT_URL}/images/${account}/${region}/${digest}/${digest === dying ? "dies" : "runs"}/${repository}`,
          { method: "PUT" },
        );
    await this.#setParameters(config);
  }

  /** Values of the parameters that tasks read, under AWS's own key: the stack's is not there before the first update. */
  async #setParameters(config: StackConfig): Promise<void> {
    const { AWS_ENDPOINT_URL: endpoint = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = this.environment;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    for (const { name, store, region } of wantedSecrets(config)) {
      if (store !== "parameter") continue;
      const ssm = new SSM({ region, endpoint, credentials });
      await ssm.putParameter({ Name: parameterName(name), Type: "SecureString", Value: "a value of acceptance", Overwrite: true });
    }
  }

  refresh(): Promise<Outcome> {
    return this.#update("refresh");
  }

  destroy(): Promise<Outcome> {
    return this.#update("destroy");
  }

  /** What a pull request's job runs: the preview on a copy of the state without its secrets, out of a backend that is shared. */
  async pullRequestPreview(): Promise<StackReview> {
    const shared = join(this.project.folder, `shared-${this.stack}`);
    if (this.#sharedState === undefined) cpSync(stateFolder(this.#backend()), shared, { recursive: true });
    const out = join(shared, "artefact");
    const args = ["ci", "preview", "--stack", this.stack, "--out", out, "--without-secrets"];
    const { exitCode, stdout, stderr } = await this.#run(commandLine, args, {
      PULUMI_BACKEND_URL: this.#sharedState ?? `file://${shared}`,
    });
    expect(exitCode === 0, `${stdout}\n${stderr}`);
    return readReview(join(out, "review.json"));
  }

  /** What a job on the deployed branch plans. @param out folder of the artefact, in the project's */
  async plan(out: string): Promise<StackReview> {
    const { exitCode, stdout, stderr } = await this.own("ci", "preview", "--out", out);
    expect(exitCode === 0, `${stdout}\n${stderr}`);
    return readReview(join(this.project.folder, out, "review.json"));
  }

  /** A command of Slipway's own on the account, such as `rollback`, `status`. @returns how it ended and what it said */
  own(...command: readonly string[]) {
    return this.#run(commandLine, [...command, ...this.#named()], { AWS_SDK_UA_APP_ID: ownCommand });
  }

  /** `pulumi up` as it is, without what Slipway does before. */
  async plainUp(): Promise<Outcome> {
    return outcomeOf(await this.engine("up", ...unattended));
  }

  /** Starts an update and kills the engine, with all that it started, as soon as `moment` has come. */
  async upKilledAt(moment: Promise<void>): Promise<void> {
    if (this.#imagesArePushed) await this.#push();
    const child = spawn(process.execPath, [commandLine, "up", ...this.#named(), ...unattended], {
      cwd: this.project.folder,
      env: this.environment,
      stdio: "ignore",
    });
    moment.catch(() => {}); // looked at below only while the update runs
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    try {
      await Promise.race([moment, ended.then(() => Promise.reject(new Error("the update ended before it could be killed")))]);
    } finally {
      this.kill(child);
    }
    await ended;
  }

  /** Ends the engine of the moment at once, with all that it started. */
  kill(commandLineProcess?: ChildProcess): void {
    const pid = this.#enginePid() ?? commandLineProcess?.pid;
    if (pid !== undefined) killTree(pid);
  }

  /** Outputs of the stack, and its resources as the state has them. */
  state(): readonly DeployedResource[] {
    const backend = this.#backend();
    const content = JSON.parse(readFileSync(stateFile(backend, this.project, this.stack), "utf8")) as {
      readonly checkpoint: { readonly latest: { readonly resources?: readonly DeployedResource[] } };
    };
    return content.checkpoint.latest.resources ?? [];
  }

  /** The resources with secrets in clear. */
  async exported(): Promise<readonly DeployedResource[]> {
    const { stdout } = await this.engine("stack", "export", "--show-secrets");
    return (JSON.parse(stdout) as { readonly deployment: { readonly resources: readonly DeployedResource[] } }).deployment.resources;
  }

  async #update(command: string, flags: readonly string[] = []): Promise<Outcome> {
    return outcomeOf(await this.#slipway(command, [...unattended.slice(1), ...flags]));
  }

  #slipway(command: string, flags: readonly string[]) {
    return this.#run(commandLine, [command, ...this.#named(), "--non-interactive", ...flags]);
  }

  /** Flags that say which stack is meant, and what of it is real. */
  #named(): string[] {
    return ["--stack", this.stack, ...this.real.flatMap((name) => ["--real", name])];
  }

  #stackFile(): string {
    return join(this.project.folder, `Pulumi.${this.stack}.yaml`);
  }

  /** A command of the engine as it is, without what Slipway does before and after. @returns how it ended and what it said */
  engine(...command: readonly string[]) {
    if (this.#sharedState !== undefined) return this.#run(commandLine, ["pulumi", ...this.#named(), ...command]);
    const { aws, dns } = resolvedConfig(stackFilePath(this.project, this.stack));
    const zone = dns.provider === "cloudflare" ? [`--zone=${dns.zoneId},${dns.zone}`] : [];
    return this.#run(plainEngine, [this.stack, aws.accountId, ...zone, ...this.real, ...command]);
  }

  #run(file: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    return execa(process.execPath, [file, ...args], {
      cwd: this.project.folder,
      env: { ...this.environment, ...more },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: this.#minutes * 60_000,
    }).then(({ stdout, stderr, exitCode, timedOut }) => {
      expect(!timedOut, `${args.join(" ")} was ended: it took more than ${this.#minutes} minutes`);
      return { stdout, stderr, exitCode: exitCode ?? 1 };
    });
  }

  /** Real resources have a state of their own. */
  #backend(): SandboxBackend {
    return sandboxOf(this.project, this.real);
  }

  /** The engine writes its process id into the lock that it holds. */
  #enginePid(): number | undefined {
    if (this.#sharedState !== undefined) return undefined;
    const folder = join(stateFolder(this.#backend()), ".pulumi", "locks", "organization", this.project.name, this.stack);
    try {
      const [lock] = readdirSync(folder).filter((file) => file.endsWith(".json"));
      return lock === undefined ? undefined : (JSON.parse(readFileSync(join(folder, lock), "utf8")) as { readonly pid: number }).pid;
    } catch {
      return undefined; // no engine has locked the stack yet
    }
  }
}

/** Flags of a command that nobody watches. */
export const unattended = ["--non-interactive", "--yes", "--skip-preview", "--json"];

/** An engine home in which the plugin stands as an installed one: of one on PATH the engine would warn. */
function homeWith(plugin: string, provider: keyof typeof sdkVersions, home: string): string {
  const folder = join(home, "plugins", `resource-${provider}-v${sdkVersions[provider]}`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(plugin, join(folder, `pulumi-resource-${provider}`));
  return home;
}

/** What a command that printed events did. */
export function outcomeOf({
  stdout,
  stderr,
  exitCode,
}: {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}): Outcome {
  const events = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as EngineEvent);
  const changes = events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {};
  const problems = [
    ...events.flatMap(({ diagnosticEvent }) => (diagnosticEvent === undefined ? [] : problem(diagnosticEvent))),
    ...problemsIn(stderr),
  ];
  const touched = events.flatMap(({ resOutputsEvent }) => (resOutputsEvent === undefined ? [] : stepLine(resOutputsEvent.metadata)));
  return { changes, touched, problems, said: stderr, exitCode };
}

function stepLine({ op, urn, type, diffs, detailedDiff }: StepMetadata): string[] {
  if (op === "same") return [];
  const paths = Object.keys(detailedDiff ?? {});
  return [`${op} ${type} ${urn.split("::").at(-1)}: ${(paths.length > 0 ? paths : (diffs ?? [])).join(", ")}`];
}

function problem({ severity, message }: { readonly severity: string; readonly message: string }): string[] {
  return severity === "error" || severity === "warning" ? [`${severity}: ${message.trim()}`] : [];
}

function problemsIn(stderr: string): string[] {
  return stderr.split("\n").filter((line) => /\b(?:warning|error)\b/i.test(line));
}

/** Warnings that say nothing of a stack. */
const ofOthers = [
  // The provider's bridge compares sets of Plugin Framework resources without their element's hash; the preview is whole.
  "SetElementHash() should not be called during schema generation",
  // The API server checks its addresses every few minutes, and may meet a Service that is being deleted (kubernetes, ipallocator's repair loop).
  "ClusterIPNotAllocated: ",
];

/** @throws Error unless the command succeeded without errors and warnings */
export function expectClean({ problems: all, said, exitCode }: Pick<Outcome, "problems" | "said" | "exitCode">): void {
  const problems = all.filter((problem) => !ofOthers.some((text) => problem.includes(text)));
  expect(exitCode === 0 && problems.length === 0, [`exit code ${exitCode}`, ...(problems.length > 0 ? problems : [said])].join("\n"));
}

/** Whether a problem is that an empty account has no images yet: a preview of what is to be made there says so. */
export function asksForImages(problem: string): boolean {
  return problem.includes("docker push");
}

/** Resources that a command changed. */
export function changed({ changes }: Outcome): number {
  return Object.entries(changes).reduce((sum, [operation, count]) => (operation === "same" ? sum : sum + count), 0);
}
