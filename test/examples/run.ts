/**
 * `npm run examples`: every example stack on the real engine and the simulated cloud, in the order of docs/first-up.md. Preview; the ground, which
 * ends with the commands that push images; images and secrets; the services, whose tasks have to run, by `slipway up` in production and by plain
 * `pulumi up` in staging; another update that must change nothing, unprotect, destroy, and nothing may be left. Prints one table; exit code 1
 * when a stack fails.
 */
import { join } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import { type ConfiguredImage, configuredImages } from "../../infra/config/configuredImages.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { runningTasks, serviceType } from "../../sandbox/cloud/aws/tasks.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { exampleStacks } from "../harness/config.ts";
import type { CommandResult } from "../harness/host/commandProcess.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** What one stack did, in the order in which it was asked. */
interface Row {
  readonly stack: string;
  readonly resources: number;
  /** Tasks that run after the second update. */
  readonly tasks: number;
  readonly seconds: {
    readonly preview: number;
    readonly ground: number;
    readonly up: number;
    readonly again: number;
    readonly destroy: number;
  };
}

/** A stack with services on ECS is not made in one update: what they stand on is, and every image is asked for. */
function expectGround({ exitCode, stdout, stderr }: CommandResult, images: readonly ConfiguredImage[], services: number): void {
  const said = stdout + stderr;
  const ended = images.length === 0 || (exitCode !== 0 && services === 0 && images.every(({ digest }) => said.includes(digest)));
  if (!ended || said.includes("docker push") !== images.length > 0)
    throw new Error(`the first up ended with ${exitCode} and ${services} services, for ${images.length} images:\n${tail(said)}`);
}

/** @throws Error unless each service on ECS runs what it is told to run, and each service's live colour runs anything */
function runningIn(project: StackUnderTest): number {
  const store = openLiveStore(join(project.folder, ".slipway"));
  const services = project.live(serviceType).map((service) => {
    const [running, wanted] = [runningTasks(store, service), Number(service.properties.desiredCount)];
    if (running !== wanted) throw new Error(`${service.id} runs ${running} of ${wanted} tasks`);
    return { running, name: service.createdFor };
  });
  const { services: configured } = resolvedConfig(project.file);
  for (const [name, { compute, release }] of Object.entries(configured))
    if (compute === "ecs" && !services.some(({ name: made, running }) => made.endsWith(`-${name}-${release.live}`) && running > 0))
      throw new Error(`no task of ${name}'s colour ${release.live} runs`);
  return services.reduce((sum, { running }) => sum + running, 0);
}

/** What Cloudflare keeps of a zone when its resource is deleted (docs/components/edge.md, "What outlives a stack"). */
const zoneKeeps = ["cloudflare:index/zoneSetting:ZoneSetting", "cloudflare:index/zoneDnssec:ZoneDnssec"];

/** Stacks that run at the same time: the machine has two processors, and the engine uses one. */
const atOnce = 2;

async function exercise(stack: string): Promise<Row> {
  const project = new StackUnderTest(stack);
  project.imagesArePushed = false;
  project.secretsAreSet = false;
  project.usersAreMade = false;
  try {
    const [previewed, preview] = await timed(() => project.preview());
    const images = configuredImages(resolvedConfig(project.file));
    const [first, ground] = await timed(() => project.up());
    expectGround(first, images, project.live(serviceType).length);
    project.push();
    project.setSecrets();
    expectSuccess(await project.slipway("database", "init", "--stack", project.stack), "database init");
    const plainly = ["pulumi", "--stack", project.stack, "up", "--yes", "--skip-preview", "--non-interactive"];
    const [created, up] = await timed(() => (project.stack === "staging" ? project.slipway(...plainly) : project.up()));
    expectSuccess(created, "up");
    const tasks = runningIn(project);
    const [second, again] = await timed(() => project.up());
    expectSuccess(second, "the next up");
    if (!/Resources:\n\s+\d+ unchanged/.test(second.stdout)) throw new Error(`the next up changed something:\n${tail(second.stdout)}`);
    project.set({ protect: false });
    expectSuccess(await project.up(), "up with protect: false");
    const [destroyed, destroy] = await timed(() => project.destroy());
    expectSuccess(destroyed, "destroy");
    const left = project.live().filter(({ type }) => !zoneKeeps.includes(type));
    if (left.length > 0) throw new Error(`${left.length} objects are left: ${left.map(({ type, id }) => `${type} ${id}`).join(", ")}`);
    return { stack, resources: previewed.total, tasks, seconds: { preview, ground, up, again, destroy } };
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
  head: ["stack", "resources", "preview", "ground", "up", "tasks", "next up", "changes", "destroy", "left"],
  style: { head: [], border: [] },
  colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "right", "right"],
});
for (const { stack, resources, tasks, seconds } of rows.sort((a, b) => (a.stack < b.stack ? -1 : 1)))
  table.push([
    stack,
    resources,
    ...[seconds.preview, seconds.ground, seconds.up].map((time) => `${time.toFixed(1)} s`),
    tasks,
    `${seconds.again.toFixed(1)} s`,
    0,
    `${seconds.destroy.toFixed(1)} s`,
    0,
  ]);
console.log(table.toString());
for (const { stack, reason } of failures) console.log(`${pc.red("FAILED")} ${stack}: ${reason}`);
console.log(`${rows.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
