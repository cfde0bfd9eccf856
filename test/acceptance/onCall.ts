/**
 * `slipway status` and `slipway rollback now` on the largest example with the real provider: by themselves, while an update holds the lock and
 * both cores, and while CloudWatch answers late. Told are requests before the weight moves and how many of them wait for each other, processor
 * time, seconds, and the weight that is read back.
 */
import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { processorSeconds } from "../harness/processorTime.ts";
import type { AwsAccount, AwsServer } from "./awsServer.ts";
import { type Checks, expect, Stopped } from "./checks.ts";
import { type Deployment, expectClean, ownCommand } from "./deployment.ts";
import { liveWeights, setLiveWeights } from "./live.ts";
import { chainOf, type Measured, most, percentile, tableOf, verdictOf } from "./rollbackFigures.ts";
import { Updates } from "./updates.ts";

/** Rollbacks whose 95th percentile is told. */
const rounds = 20;
/** Looks, and the seconds that one may take where nothing else is at work. */
const looks = { rounds: 20, beside: 5, seconds: 5 };
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
    await checks.check("status, nothing else at work", () => looked(options, looks.rounds, looks.seconds));
    await checks.check(`rollback now while CloudWatch takes ${late} s for each answer`, async () => {
      await server.setLate("monitoring", late);
      try {
        return await measure("no metrics", 3);
      } finally {
        await server.setLate("monitoring", 0);
      }
    });
    await checks.check("rollback now and status while updates hold the lock and both cores, one after the other", async () => {
      const updates = new Updates(deployment);
      try {
        await server.takeJournal();
        while ((await server.takeJournal()).every(({ agent }) => !agent.includes("aws-sdk-go"))) await pause(500);
        const found = await measure("during up", rounds);
        return `${found}; ${await looked(options, looks.beside)}; ${updates.begun} updates`;
      } finally {
        await updates.ended();
      }
    });
    console.log(tableOf(measured));
    await checks.check("status --deep finds nothing that nobody made by hand", () => untouched(deployment));
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
  const calls = (await server.takeJournal()).filter(({ agent }) => agent.includes(`app/${ownCommand}`));
  const move = calls.find(({ operation }) => operation === "ModifyRule");
  if (move?.ended == null) throw new Error(`no rule was changed: ${stdout}\n${stderr}`);
  const first = calls.filter((call) => call.began <= move.began);
  const moved = move.ended;
  const back = calls.find((call) => call.operation === "DescribeRules" && call.began >= moved);
  if (back?.ended == null) throw new Error(`the rule was not read back: ${stdout}\n${stderr}`);
  return { moved: moved - began, readBack: back.ended - began, ended: ended - began, processor: after - before, first };
}

/** Looks again and again. @param longest seconds that the 95th percentile may be. @default it is only told: others have the cores */
async function looked(options: OnCallOptions, count: number, longest = Number.POSITIVE_INFINITY): Promise<string> {
  const all: Look[] = [];
  for (let round = 0; round < count; round++) all.push(await look(options));
  const of = (percent: number, figure: (one: Look) => number) => percentile(all, percent, figure);
  const found = [
    `status after ${of(50, ({ seconds }) => seconds).toFixed(1)} s (p95 ${of(95, ({ seconds }) => seconds).toFixed(1)} s of ${count})`,
    `${of(50, ({ processor }) => processor).toFixed(2)} s of processor time`,
    `${of(100, ({ requests }) => requests)} requests`,
    `load ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ].join(", ");
  expect(of(95, ({ seconds }) => seconds) <= longest, found);
  return found;
}

const nothing = z.object({ answer: z.literal("read"), value: z.array(z.unknown()).length(0) });
const deepLook = z.object({ rules: nothing, deep: z.object({ policies: nothing, records: nothing }) });

/** What the provider makes beside what it is asked for must not be taken for somebody's own. */
async function untouched(deployment: Deployment): Promise<string> {
  const { stdout, stderr } = await deployment.own("status", "--deep", "--json");
  const { error } = deepLook.safeParse(JSON.parse(stdout));
  expect(error === undefined, `${error}\n${stdout.slice(0, 4000)}\n${stderr}`);
  return "rules, policies, records";
}

/** One look at the status as it was measured. */
interface Look {
  readonly seconds: number;
  readonly processor: number;
  readonly requests: number;
}

async function look({ server, deployment, service }: OnCallOptions): Promise<Look> {
  await server.takeJournal();
  const [began, before] = [Date.now(), processorSeconds() - ownSeconds()];
  const { stdout, stderr } = await deployment.own("status");
  const seconds = (Date.now() - began) / 1000;
  expect(stdout.includes(service) && /^Next: /m.test(stdout), `${stdout}\n${stderr}`);
  const calls = (await server.takeJournal()).filter(({ agent }) => agent.includes(`app/${ownCommand}`));
  const processor = processorSeconds() - ownSeconds() - before;
  return { seconds, processor, requests: calls.length };
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
