/** A stack of its own for one test: a copy of the project in a temporary folder, driven through the command line. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { ConfigError } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { appliedChanges, type ChangeSet, changesOf } from "../../ops/engine/changes.ts";
import { configFiles, findProject } from "../../ops/project/project.ts";
import { pushConfigured } from "../../rehearsal/sandbox/images.ts";
import { setConfiguredSecrets } from "../../rehearsal/sandbox/secrets.ts";
import { makeConfiguredUsers } from "../../rehearsal/sandbox/users.ts";
import { userType } from "../../sandbox/cloud/aws/databaseUsers.ts";
import { imageType } from "../../sandbox/cloud/aws/images.ts";
import { parameterType } from "../../sandbox/cloud/aws/ssm.ts";
import { scaleTasks, serviceType } from "../../sandbox/cloud/aws/tasks.ts";
import type { LiveObject } from "../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { type Edits, sourceOf } from "./config.ts";
import { type CommandResult, runInHost, runInProcess } from "./host/commandProcess.ts";
import { prepare } from "./preparedStack.ts";
import { setInStackFile } from "./stackFile.ts";

const root = join(import.meta.dirname, "..", "..");

/** One project copy with its own state and its own simulated cloud. */
export class StackUnderTest {
  readonly folder: string;
  readonly stack: string;
  /** Whether each `up` finds the images that its config names in the registry. @default it does */
  imagesArePushed = true;
  /** Whether each `up` finds a value of each secret that has a place. @default it does */
  secretsAreSet = true;
  /** Whether each `up` finds the application users of its databases. @default it does */
  usersAreMade = true;

  /**
   * @param stack of this project, of an example or the bench's, see {@link sourceOf}
   * @param edits set in the stack file at once
   */
  constructor(stack: string, edits: Edits = {}) {
    const { folder: source, name } = sourceOf(stack);
    this.stack = name;
    this.folder = mkdtempSync(join(tmpdir(), "slipway-engine-"));
    for (const file of configFiles(findProject(source))) cpSync(join(source, file), join(this.folder, file));
    const project = parseDocument(readFileSync(join(this.folder, "Pulumi.yaml"), "utf8"));
    project.set("main", join(root, "infra", "index.ts"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), project.toString());
    if (Object.keys(edits).length > 0) this.set(edits);
  }

  /**
   * Makes the stack's first update, or takes over what the same update has left before.
   * @throws Error with what the update said when it failed
   */
  prepare(): Promise<void> {
    return prepare(this.folder, this.stack, async () => {
      const { exitCode, stdout, stderr } = await this.up();
      if (exitCode !== 0) throw new Error(`The first update of ${this.stack} ended with ${exitCode}:\n${stdout}\n${stderr}`);
    });
  }

  get file(): string {
    return join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  /**
   * Sets config values in the stack file, comments kept; undefined takes a key away, also one of the base. Paths are below the
   * project's keys: `services.api.port`.
   */
  set(values: Readonly<Record<string, unknown>>): void {
    setInStackFile(this.file, values);
  }

  /** Runs the command line. Never throws for a failing command. */
  slipway(...args: string[]): Promise<CommandResult> {
    return this.slipwayWith({}, ...args);
  }

  /** Runs the command line with more environment variables, in a process that is there already. */
  slipwayWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandResult> {
    const killed = args.some((word) => word.startsWith("kill "));
    return runInHost({ ...this.#command(args, env), engine: killed ? "with checkpoints" : "without checkpoints" });
  }

  /** Runs the command line, and the program, in processes of their own. @param input standard input */
  slipwayAlone(input: string, ...args: string[]): Promise<CommandResult> {
    return runInProcess({ ...this.#command(args), script: join(root, "ops", "slipway.js"), input });
  }

  #command(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    if (["ci", "pulumi", "up"].includes(args[0] ?? "")) {
      if (this.imagesArePushed) this.push();
      if (this.secretsAreSet) this.setSecrets();
      if (this.usersAreMade) this.#asConfigured(makeConfiguredUsers);
    }
    return { script: join(root, "ops", "main.ts"), args, cwd: this.folder, env: { ...process.env, ...env } };
  }

  async up(...flags: string[]): Promise<CommandResult> {
    return this.slipway("up", "--stack", this.stack, "--yes", "--skip-preview", "--non-interactive", ...flags);
  }

  /** Updates the stack. @returns what was changed @throws Error with what the update said when it failed */
  async update(...flags: string[]): Promise<ChangeSet> {
    const { exitCode, stdout, stderr } = await this.up("--json", ...flags);
    if (exitCode !== 0) throw new Error(`The update of ${this.stack} ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return appliedChanges(stdout);
  }

  async refresh(...flags: string[]): Promise<CommandResult> {
    return this.slipway("refresh", "--stack", this.stack, "--yes", "--skip-preview", "--non-interactive", ...flags);
  }

  async destroy(): Promise<CommandResult> {
    return this.slipway("destroy", "--stack", this.stack, "--yes", "--skip-preview", "--non-interactive");
  }

  /** What an update would change, from the engine's own preview. */
  async preview(): Promise<ChangeSet> {
    return changesOf(await this.slipway("preview", "--stack", this.stack, "--json", "--non-interactive"));
  }

  /** Everything that exists in the simulated cloud but images, values of secrets and users of databases, which no stack makes; or all of one type. */
  live(type?: string): LiveObject[] {
    const all = openLiveStore(join(this.folder, ".slipway")).all(type);
    const value = ({ type: kind, properties }: LiveObject) => kind === parameterType && properties.type === "SecureString";
    return type === undefined ? all.filter((object) => ![imageType, userType].includes(object.type) && !value(object)) : all;
  }

  /** Pushes the images that the config names, as a pipeline does before an update; none of a config that is refused. */
  push(): void {
    this.#asConfigured(pushConfigured);
  }

  /** Sets the secrets that the config names and that have no value, as a person does; none of a config that is refused. */
  setSecrets(): void {
    this.#asConfigured(setConfiguredSecrets);
  }

  #asConfigured(act: (folder: string, config: StackConfig) => unknown): void {
    try {
      act(join(this.folder, ".slipway"), resolvedConfig(this.file));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }

  /** Deletes a live object without the engine, as somebody in the console does. */
  forget(id: string): void {
    const store = openLiveStore(join(this.folder, ".slipway"));
    for (const object of store.all().filter((candidate) => candidate.id === id)) store.delete(object);
  }

  /** Changes a live object without the engine, for kinds whose ids others share. */
  edit(object: LiveObject, change: (properties: LiveObject["properties"]) => void): void {
    const properties = structuredClone(object.properties);
    change(properties);
    openLiveStore(join(this.folder, ".slipway")).put({ ...object, properties });
  }

  /** Scales a colour of the service `api`, as its policies do without any update. */
  runTasks(colour: string, tasks: number): void {
    const service = this.live(serviceType).find(({ createdFor }) => createdFor.endsWith(`-api-${colour}`));
    if (service === undefined) throw new Error(`no service runs ${colour}`);
    scaleTasks(openLiveStore(join(this.folder, ".slipway")), service, tasks);
  }

  /** Weights of a service's rule in the simulated cloud: blue, green. */
  liveWeights(service: string): number[] {
    const rule = this.live("aws:lb/listenerRule:ListenerRule").find(({ createdFor }) => createdFor.endsWith(`-use1-${service}`));
    const actions = (rule?.properties.actions ?? []) as { forward: { targetGroups: { weight: number }[] } }[];
    return actions.flatMap(({ forward }) => forward.targetGroups.map(({ weight }) => weight));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Properties that name the object itself, in values that differ from run to run. */
const ownNames = new Set([
  ...["arn", "arnSuffix", "bucket", "bucketDomainName", "bucketRegionalDomainName", "dnsName", "name", "repositoryUrl"],
  ...["associationId", "keyId", "networkInterfaceId", "prefixListId", "publicDns", "publicIp", "resourceId", "uniqueId"],
]);

/**
 * The live cloud in a form that two runs can be compared by: random ids are replaced by what they were created for, and
 * values that can only be random are left out.
 */
export function canonical(all: readonly LiveObject[]): string[] {
  // Release records hold the times at which something happened. What is sealed may be drawn, and is another in each stack.
  const objects = all.filter(({ type }) => type !== "aws:dynamodb/table:Item");
  const names = new Map<string, string>();
  const label = ({ createdFor }: LiveObject) => createdFor.split("::").slice(2).join("::");
  for (const object of objects) {
    for (const [key, value] of Object.entries(object.properties)) {
      if (ownNames.has(key) && typeof value === "string" && value !== "") names.set(value, `<${label(object)}.${key}>`);
    }
    names.set(object.id, `<${label(object)}>`);
  }
  const ordered = [...names].sort(([a], [b]) => b.length - a.length);
  return objects
    .map((object) => {
      let text = `${label(object)} ${JSON.stringify(object.properties, (_, value: unknown) => (isPlain(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value))}`;
      for (const [id, name] of ordered) text = text.replaceAll(id, name);
      return text
        .replaceAll(/sealed:sha256:[0-9a-f]{64}/g, "<sealed>")
        .replaceAll(/terraform-[0-9a-f]{26}/g, "<version>")
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uuid>")
        .replaceAll(/"since":"[^"]+"/g, '"since":"<time>"')
        .replaceAll(/\b(?:eni|eipassoc|rtb|acl|sg|dopt|pl)-[0-9a-f]{8,17}\b/g, "<id>");
    })
    .sort();
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
