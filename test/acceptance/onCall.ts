/**
 * `slipway status` and `slipway rollback now` on the largest example with the real provider: by themselves, while an update holds the lock and
 * both cores, and while CloudWatch answers late. Told are requests before the weight moves and how many of them wait for each other, processor
 * time, seconds, and the weight that is read back.
 */
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import Table from "cli-table3";
import { processorSeconds } from "../harness/processorTime.ts";
import type { AwsAccount, AwsServer, JournalEntry } from "./awsServer.ts";
import { type Checks, expect, Stopped } from "./checks.ts";
import { type Deployment, expectClean } from "./deployment.ts";
import { liveWeights, setLiveWeights } from "./live.ts";

/** What a rollback may cost, in any of the situations. */
const most = { processorSeconds: 0.8, requests: 10, oneAfterTheOther: 4, secondsUntilReadBack: 5 };
/** Rollbacks whose 95th percentile is told. */
const rounds = 20;
/** Seconds that each answer of the metrics store takes while it is ill. */
const late = 20;

/** Services that a rollback may ask, by the names that requests are signed for, and seconds that each answer takes while waiting is counted. */
const asked = ["application-autoscaling", "dynamodb", "ecs", "elasticloadbalancing", "s3", "ssm", "sts", "tagging"];
const slow = 0.4;

/** What the checks work with. */
export interface OnCallOptions {
  readonly checks: Checks;
  readonly server: AwsServer;
  readonly account: AwsAccount;
  /** Production of the largest example. */
  readonly deployment: Deployment;
  /** Service whose canary is rolled back. */
  readonly service: string;
}

/** One rollback as it was measured. */
interface Measured {
  /** Seconds until the load balancer had the new weight, and until the command had ended. */
  readonly moved: number;
  readonly ended: number;
  readonly processor: number;
  /** Requests until the weight moved, that one included. */
  readonly first: readonly JournalEntry[];
}

/** From nothing to nothing. Failures are printed, not thrown. */
export async function onCallChecks(options: OnCallOptions): Promise<void> {
  const { checks, server, deployment } = options;
  deployment.edit({ protect: false });
  try {
    await checks.required(`${deployment.stack} is there`, async () => {
      const outcome = await deployment.create();
      expectClean(outcome);
      return `${outcome.changes.create} resources`;
    });
    const rule = ruleOf(options);
    const measured = new Map<string, readonly Measured[]>();
    const measure = async (situation: string, count: number) => {
      const all: Measured[] = [];
      for (let round = 0; round < count; round++) all.push(await rolledBack(options, rule));
      measured.set(situation, all);
      return verdictOf(all);
    };
    await checks.check("rollback now, nothing else at work", () => measure("quiet", rounds));
    await checks.check("rollback now: requests that wait for each other before the weight moves", async () => {
      // Only where each takes its time do calls that are made together overlap.
      for (const service of asked) await server.setLate(service, slow);
      try {
        const { first } = await rolledBack(options, rule);
        const chain = chainOf(first);
        const found = `${chain} one after the other, of ${first.map(({ operation }) => operation).join(", ")}`;
        expect(chain <= most.oneAfterTheOther, found);
        return found;
      } finally {
        for (const service of asked) await server.setLate(service, 0);
      }
    });
    await checks.check("status, nothing else at work", () => status(options));
    await checks.check(`rollback now while CloudWatch takes ${late} s for each answer`, async () => {
      await server.setLate("monitoring", late);
      try {
        return await measure("no metrics", 3);
      } finally {
        await server.setLate("monitoring", 0);
      }
    });
    await checks.check("rollback now and status while an update holds the lock and both cores", async () => {
      deployment.edit({ "logs.retentionDays": 14 });
      const update = deployment.up();
      try {
        await server.takeJournal();
        while ((await server.takeJournal()).every(({ agent }) => !agent.includes("aws-sdk-go"))) await pause(500);
        const found = await measure("during up", rounds);
        return `${found}; ${await status(options)}`;
      } finally {
        await update;
      }
    });
    console.log(tableOf(measured));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
  await checks.check(`${deployment.stack} is destroyed`, async () => {
    const outcome = await deployment.destroy();
    expectClean(outcome);
    return `${outcome.changes.delete} resources`;
  });
}

/** Gives the candidate half of the traffic as somebody does in the console, and takes it back by the command. */
async function rolledBack({ server, account, deployment, service }: OnCallOptions, rule: string): Promise<Measured> {
  await setLiveWeights(account, rule, { blue: 50, green: 50 });
  await server.takeJournal();
  const [began, before] = [Date.now() / 1000, processorSeconds() - ownSeconds()];
  const { exitCode, stdout, stderr } = await deployment.own(
    "rollback",
    "now",
    "--service",
    service,
    "--reason",
    "measured by the acceptance",
  );
  const [ended, after] = [Date.now() / 1000, processorSeconds() - ownSeconds()];
  expect(exitCode === 0, `${stdout}\n${stderr}`);
  const { green } = await liveWeights(account, rule);
  expect(green === 0, `green has ${green} % after: ${stdout}\n${stderr}`);
  const calls = (await server.takeJournal()).filter(({ agent }) => agent.includes("aws-sdk-js"));
  const move = calls.find(({ operation }) => operation === "ModifyRule");
  if (move?.ended == null) throw new Error(`no rule was changed: ${stdout}\n${stderr}`);
  const first = calls.filter((call) => call.began <= move.began);
  return { moved: move.ended - began, ended: ended - began, processor: after - before, first };
}

/** Length of the longest chain of calls in which each began after the one before had ended. */
function chainOf(calls: readonly JournalEntry[]): number {
  const lengths: number[] = [];
  for (const [index, { began }] of calls.entries()) {
    const before = calls.slice(0, index).flatMap(({ ended }, earlier) => (ended !== null && ended <= began ? [lengths[earlier] ?? 0] : []));
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}

function verdictOf(all: readonly Measured[]): string {
  const worst = (figure: (one: Measured) => number) => Math.max(...all.map(figure));
  const found = [
    `${worst(({ first }) => first.length)} requests`,
    `${percentile(all, 50, ({ processor }) => processor).toFixed(2)} s of processor time`,
    `moved after ${percentile(all, 50, ({ moved }) => moved).toFixed(2)} s (p95 ${percentile(all, 95, ({ moved }) => moved).toFixed(2)} s)`,
    `load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ].join(", ");
  expect(worst(({ first }) => first.length) <= most.requests, found);
  expect(percentile(all, 50, ({ processor }) => processor) <= most.processorSeconds, found);
  expect(percentile(all, 95, ({ moved }) => moved) <= most.secondsUntilReadBack, found);
  return found;
}

/** @param percent 50 is the median */
function percentile(all: readonly Measured[], percent: number, figure: (one: Measured) => number): number {
  const sorted = all.map(figure).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

async function status({ server, deployment, service }: OnCallOptions): Promise<string> {
  await server.takeJournal();
  const [began, before] = [Date.now(), processorSeconds() - ownSeconds()];
  const { stdout, stderr } = await deployment.own("status");
  const seconds = (Date.now() - began) / 1000;
  expect(stdout.includes(service) && /^Next: /m.test(stdout), `${stdout}\n${stderr}`);
  const calls = (await server.takeJournal()).filter(({ agent }) => agent.includes("aws-sdk-js"));
  const processor = processorSeconds() - ownSeconds() - before;
  return `status after ${seconds.toFixed(1)} s, ${processor.toFixed(2)} s of processor time, ${calls.length} requests`;
}

function ruleOf({ deployment, service }: OnCallOptions): string {
  const rule = deployment.state().find(({ type, urn }) => type === "aws:lb/listenerRule:ListenerRule" && urn.endsWith(`-use1-${service}`));
  if (rule === undefined) throw new Error(`${deployment.stack} has no rule of ${service}`);
  return String(rule.outputs.arn);
}

/** What this process has used itself: the rest is its commands'. */
function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function tableOf(measured: ReadonlyMap<string, readonly Measured[]>): string {
  const table = new Table({
    head: ["rollback now", "rounds", "requests", "processor s", "moved s", "p95", "ended s"],
    style: { head: [], border: [] },
  });
  for (const [situation, all] of measured) {
    const figure = (of: (one: Measured) => number, percent = 50) => percentile(all, percent, of);
    table.push([
      ...[situation, all.length, figure(({ first }) => first.length, 100)],
      ...[
        figure(({ processor }) => processor),
        figure(({ moved }) => moved),
        figure(({ moved }) => moved, 95),
        figure(({ ended }) => ended),
      ].map((seconds) => seconds.toFixed(2)),
    ]);
  }
  return table.toString();
}
