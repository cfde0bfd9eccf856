/** A pipeline's machines with the real AWS provider: each checkout a copy of the project, the state in a bucket, scripts run by a shell. */
import { spawn } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import type { CommandResult } from "../harness/host/commandProcess.ts";
import type { Machine, Moment, Variables } from "../harness/pipeline/machine.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import type { AwsAccount } from "./awsServer.ts";
import { expect } from "./checks.ts";
import { Deployment, expectClean } from "./deployment.ts";
import { liveWeights } from "./live.ts";
import { killTree } from "./processTree.ts";

const repository = join(import.meta.dirname, "..", "..");

/** Operations of the API whose answer is kept back at each moment. */
const operations: Readonly<Record<Moment["at"], string>> = { traffic: "ModifyRule", tasks: "UpdateService" };

/** What the machines work with. */
export interface RealMachineOptions {
  readonly account: AwsAccount;
  /** The real provider plugin. */
  readonly plugin: string;
  /** Address of the state. */
  readonly backend: string;
  /** What encrypts its secrets. */
  readonly secretsProvider: string;
  readonly zoneId: string;
  readonly copied: () => Project;
  /** Told of each deployment, for the end of the acceptance. */
  readonly started: (deployment: Deployment) => void;
}

/** Of the stack `staging`, small. */
export class RealMachine implements Machine {
  readonly stack = "staging";
  readonly pushesAhead = false;
  readonly #options: RealMachineOptions;
  readonly #deployments = new Map<string, Deployment>();
  /** The stack file that each checkout begins with. */
  #stackFile: string | undefined;

  constructor(options: RealMachineOptions) {
    this.#options = options;
  }

  get backend(): string {
    return this.#options.backend;
  }

  /** The first update, by a person. @returns how many resources there are */
  async create(): Promise<number> {
    const folder = this.checkout();
    const deployment = this.#deployment(folder);
    deployment.edit({ ...unwatched, ...onlyApi, "dns.provider": "route53", "dns.zoneId": this.#options.zoneId });
    const { exitCode, stdout, stderr } = await deployment.engine("stack", "init", "--secrets-provider", this.#options.secretsProvider);
    expect(exitCode === 0, `${stdout}\n${stderr}`);
    const outcome = await deployment.create();
    expectClean(outcome);
    this.#stackFile = readFileSync(stackFilePath(deployment.project, this.stack), "utf8");
    return outcome.changes.create ?? 0;
  }

  /** Deletes everything. */
  async destroy(folder: string): Promise<number> {
    const outcome = await this.#deployment(folder).destroy();
    expectClean(outcome);
    const { exitCode, stderr } = await this.#deployment(folder).engine("stack", "rm", "--yes");
    expect(exitCode === 0, stderr);
    return outcome.changes.delete ?? 0;
  }

  checkout(): string {
    const { account, plugin, backend, copied, started } = this.#options;
    const project = copied();
    const { folder } = project;
    symlinkSync(join(repository, "ops"), join(folder, "ops"));
    if (this.#stackFile !== undefined) writeFileSync(stackFilePath(project, this.stack), this.#stackFile);
    const deployment = new Deployment({ project, stack: this.stack, environment: account.environment, plugin, sharedState: backend });
    started(deployment);
    this.#deployments.set(folder, deployment);
    return folder;
  }

  async run(folder: string, script: string, variables: Variables, moment?: Moment): Promise<CommandResult> {
    const deployment = this.#deployment(folder);
    if (/ ci (?:preview|apply) /.test(script)) await deployment.pushImages();
    const child = spawn("bash", ["--norc", "-ec", script], {
      cwd: folder,
      env: { ...deployment.environment, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { server } = this.#options.account;
    if (moment !== undefined) await server.hold(operations[moment.at]);
    const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 137)));
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    if (moment !== undefined) {
      const came = await Promise.race([server.untilHeld().then(() => true), ended.then(() => false)]);
      if (came && moment.happens === "kill") killTree(child.pid ?? 0);
      else if (came && moment.happens !== "kill") await moment.happens();
      await server.release();
    }
    const [exitCode, [stdout, stderr]] = await Promise.all([ended, said]);
    return { exitCode, stdout, stderr };
  }

  byHand(folder: string, command: readonly string[]): Promise<CommandResult> {
    const words = command.map((word) => `'${word}'`).join(" ");
    return this.run(folder, `node ops/slipway.js ${words} --stack ${this.stack}`, {});
  }

  async weights(service: string): Promise<readonly number[]> {
    const [deployment] = [...this.#deployments.values()].slice(-1);
    const resources = (await deployment?.exported()) ?? [];
    const rules = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs.trafficRules as Readonly<Record<string, string>>;
    const { blue, green } = await liveWeights(this.#options.account, rules[service] ?? "");
    return [blue, green];
  }

  /** @throws Error for a folder that is no checkout of this one */
  #deployment(folder: string): Deployment {
    const found = this.#deployments.get(folder);
    if (found === undefined) throw new Error(`${folder} is no checkout`);
    return found;
  }
}
