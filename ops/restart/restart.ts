/** `slipway restart`: tasks of a service started anew, of what they are made of now. Needs no engine and no lock, and the next update has nothing to do. */
import { setTimeout as pause } from "node:timers/promises";
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { latchName } from "../../infra/config/latch.ts";
import { type Colour, colours } from "../../infra/config/release.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import { requireOne } from "../project/requireOne.ts";
import { type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import type { ReleasedService } from "../release/releasedService.ts";
import { releasedServices } from "../release/releasedServices.ts";
import { taskLook as look } from "../release/taskLook.ts";
import { endOfHold } from "../rollback/endOfHold.ts";
import { readLatch } from "../rollback/latches.ts";
import { latchRegions, stateOf } from "../rollback/rollback.ts";
import { UserError } from "../userError.ts";
import { type Needed, neededBy, wake } from "./idleColour.ts";
import { type Runner, runnersOf } from "./runners.ts";

/** Flags of the command. */
export interface RestartFlags extends StackFlags {
  readonly service: string;
  readonly reason: string;
  /** @default each colour that runs tasks */
  readonly colour?: Colour;
  /** @default the stack's own */
  readonly region?: string;
}

/** Restarts one colour after the other. @returns 0 when all run, 1 otherwise @throws UserError when there is nothing to restart */
export async function restart(flags: RestartFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = operatedStack(flags);
  const { config } = stack;
  const { region = config.aws.region, service } = flags;
  const regions = regionRoles(config).map((role) => role.region);
  requireOne("--region", region, regions, stack.name);
  requireOne("--service", service, Object.keys(config.services), stack.name);
  if (flags.colour !== undefined) requireOne("--colour", flags.colour, colours, stack.name);
  const session = openSession(stack);
  try {
    const [state, aws] = [await readState(session), openAws(stack)];
    const cluster = openCluster(stack, () => secretKubeconfig(session));
    const update = { config, state, aws, cluster };
    const runners = runnersOf(update).filter((one) => one.service === service && one.region === region);
    const { arn } = await aws.identity();
    console.log(`Restart of ${service} in ${region} of ${aws.cloud}, by ${arn}: ${reason}`);
    const again = slipwayCommand("restart", flags, restartWords(flags));
    const after = await afterRestart(stack, aws, { ...flags, region });
    return await restartColours(runners, { ...flags, reason, again, after, released: releasedServices(update) });
  } finally {
    session.close();
  }
}

/** A latch that a rollback left holds the colour still; where none does, or nobody can tell, the whole is looked at. */
export async function afterRestart(
  { config }: Pick<NamedStack, "config">,
  aws: Aws,
  { service, region, ...flags }: StackFlags & { readonly service: string; readonly region: string },
): Promise<string> {
  const look = slipwayCommand("status", flags);
  if (!latchRegions(config).includes(region)) return look;
  const state = await readLatch(aws, { region, name: latchName(config, service) }).then(stateOf, () => "absent" as const);
  if (typeof state === "string" && state !== "unreadable") return look;
  return endOfHold(service, config.services[service]?.release.candidateWeight ?? 0, flags);
}

/** What a restart of a service is told in a command: `--service api --colour blue --reason '…'`. */
export function restartWords({ service, colour, region, reason }: Pick<RestartFlags, "service" | "colour" | "region" | "reason">): string {
  const words = [`--service ${service}`, colour && `--colour ${colour}`, region && `--region ${region}`];
  return [...words, `--reason '${reason.replaceAll("'", "’")}'`].filter(Boolean).join(" ");
}

/** What `restartColours` is told. */
interface Wanted extends RestartFlags {
  /** The command itself, to be repeated. @default whoever calls says what comes next */
  readonly again?: string;
  /** What comes when the tasks run. @default nothing is left */
  readonly after?: string;
  /** Services with their traffic: who is told to run no task, and has some, is asked to run. */
  readonly released: readonly ReleasedService[];
}

/** A colour that is told to run no task, and what it has to run. */
interface Idle {
  readonly runner: Runner;
  readonly needed: Needed;
}

/**
 * The same on a service's own runners, for tests.
 * @param wait seconds, between two looks
 * @throws UserError when there is nothing to restart, or a deployment is under way
 */
export async function restartColours(
  runners: readonly Runner[],
  { service, colour, again, after, released }: Wanted,
  print: (line: string) => void = console.log,
  wait: (seconds: number) => Promise<unknown> = (seconds) => pause(seconds * 1000),
): Promise<number> {
  const meant = runners.filter((one) => colour === undefined || one.colour === colour);
  const read = await Promise.all(meant.map(async (runner) => ({ runner, before: await runner.read() })));
  const running = read.filter(({ before }) => before.wanted > 0);
  const told = read.filter(({ before }) => before.wanted === 0);
  const idle = await Promise.all(told.map(async ({ runner }): Promise<Idle> => ({ runner, needed: await neededBy(runner, released) })));
  const unread = idle.flatMap(({ runner, needed }) =>
    needed.answer === "unread"
      ? [`${runner.where} is told to run no task, and nobody can tell whether users need it: ${needed.reason}`]
      : [],
  );
  if (running.length === 0 && idle.every(({ needed }) => needed.answer !== "tasks")) {
    const which = colour === undefined ? service : `${service}-${colour}`;
    const why = "is told to run no task, so there is nothing to restart: the next tasks read what there is then.";
    throw new UserError(unread.length > 0 ? unread.join("\n") : `${which} ${why}`);
  }
  const busy = running.filter(({ before }) => before.rollout.state === "inProgress").map(({ runner }) => runner.where);
  // Who has users and no task is not kept waiting by the other colour's deployment.
  const results = await Promise.all(idle.map((one) => woken(one, released, print, wait)));
  if (busy.length > 0)
    throw new UserError(
      [
        `${busy.join(" and ")}: a deployment is under way, and its tasks read what there is now. Nothing was restarted.`,
        ...(again === undefined ? [] : [nextLine(again)]),
      ].join("\n"),
    );
  for (const line of unread) print(line);
  let failed = results.filter((good) => !good).length;
  for (const { runner, before } of running) {
    await runner.restart();
    const problem = await settled(runner, wait, before.wanted);
    if (problem !== undefined) failed += 1;
    print(`${runner.where}: ${problem ?? `${before.wanted} tasks run that were started now`}.`);
  }
  if (again !== undefined) print(nextLine(failed === 0 ? after : again));
  return failed === 0 ? 0 : 1;
}

/** Has an idle colour run what it has to, and waits for it. @returns false when it does not */
async function woken(
  { runner, needed }: Idle,
  released: readonly ReleasedService[],
  print: (line: string) => void,
  wait: (seconds: number) => Promise<unknown>,
): Promise<boolean> {
  if (needed.answer !== "tasks") return true;
  const { tasks, why } = needed;
  const refused = await wake(runner, released, tasks);
  if (refused.length > 0) {
    print(`${runner.where} ${why} and was told to run no task; asking for ${tasks} was refused: ${refused.join("; ")}`);
    return false;
  }
  print(`${runner.where} ${why} and was told to run no task: ${tasks} are asked for.`);
  const problem = await settled(runner, wait, tasks);
  print(`${runner.where}: ${problem ?? `${tasks} tasks run`}.`);
  return problem === undefined;
}

/** @param least tasks that were asked for @returns what is wrong after all; undefined when its tasks run */
async function settled(runner: Runner, wait: (seconds: number) => Promise<unknown>, least: number): Promise<string | undefined> {
  for (let left = look.times; ; left -= 1) {
    const { wanted: told, running, rollout } = await runner.read();
    // What was asked for may not be told yet.
    const wanted = Math.max(told, least);
    if (rollout.state === "failed")
      return `the new tasks did not start, and ${running} of before run on: ${rollout.reason}. What stops them: docs/runbooks/unhealthy-targets.md`;
    if (rollout.state === "completed" && running >= wanted) return undefined;
    if (left === 0)
      return `${running} of ${wanted} tasks run after ${(look.times * look.seconds) / 60} minutes, and ECS or the cluster goes on`;
    await wait(look.seconds);
  }
}
