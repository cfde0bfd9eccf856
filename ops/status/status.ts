/** `slipway status`: what is going on with a stack, on one screen, and what to run next. It starts no engine and needs no lock. */
import { setTimeout as pause } from "node:timers/promises";
import { approvalRegion, failsOver } from "../../components/environment/contract/failover.ts";
import { notifiedRegions } from "../../infra/config/notifiedRegions.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { cloudOf, operatedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { keptOut, mends } from "../waf/keptOut.ts";
import { advice } from "./advice.ts";
import { alarmsOf } from "./alarms.ts";
import type { Asked } from "./asked.ts";
import { backupsOf } from "./backups.ts";
import { complaints } from "./complaints.ts";
import { databasesOf } from "./databases.ts";
import { deepOf } from "./deep.ts";
import { foreignRules } from "./foreignRules.ts";
import { pastUpdates } from "./history.ts";
import { barredOf, latchesOf } from "./holds.ts";
import { heldLocks } from "./locks.ts";
import { from, known, patience, reading } from "./reading.ts";
import { regionsOf } from "./regions.ts";
import { replicasOf } from "./replicas.ts";
import { screen, type Told } from "./screen.ts";
import { secretsOf } from "./secrets.ts";
import { servicesOf } from "./services.ts";
import type { StackStatus } from "./stackStatus.ts";
import { lastTestOf, subscriptionsOf } from "./told.ts";
import { unreadIn } from "./unread.ts";
import { strayRecords } from "./zoneRecords.ts";

/** Flags of the command. */
export interface StatusFlags extends StackFlags {
  /** Print JSON. @default a screen for people */
  readonly json?: boolean;
  /** Seconds between two looks, until somebody ends it; true for ten. @default one look */
  readonly watch?: number | true;
  /** Look at what somebody made or deleted by hand, too, and at quotas. @default no */
  readonly deep?: boolean;
}

/** Seconds between two looks of `--watch`. */
const usualPause = 10;

/**
 * Looks and prints; again and again with `watch`.
 * @returns 0 when all is well, 1 when there is something to do, 2 when something could not be asked and nothing else is to do
 */
export async function status({ json = false, watch, deep = false, ...flags }: StatusFlags): Promise<number> {
  if (watch === 0) throw new UserError("--watch is 0; give one second at least.", 2);
  for (;;) {
    const told = await look(flags, deep);
    if (watch !== undefined && !json && process.stdout.isTTY) console.clear();
    console.log(json ? JSON.stringify({ ...told, exitCode: exitCodeOf(told) }, undefined, 2) : screen(told));
    if (watch === undefined) return exitCodeOf(told);
    await pause((watch === true ? usualPause : watch) * 1000);
  }
}

function exitCodeOf({ findings, unread }: Told): number {
  if (findings.length > 0) return 1;
  return unread.length > 0 ? 2 : 0;
}

async function look(flags: StackFlags, deep: boolean): Promise<Told> {
  const stack = operatedStack(flags);
  const session = openSession(stack);
  try {
    const aws = openAws(stack, approvalRegion(stack.config), "short");
    const cluster = openCluster(stack, () => secretKubeconfig(session));
    const state = readState(session);
    const [seen, kept] = await Promise.all([statusOf({ stack, aws, cluster }, () => state, deep), keptOutOf({ stack, aws }, state)]);
    const unread = unreadIn(seen);
    const named = { ...flags, stack: stack.name };
    return {
      ...seen,
      unread,
      ...advice(seen, unread, named),
      complaints: complaints(stack.config, named, aws.now(), mends(stack, named, kept)),
    };
  } finally {
    session.close();
  }
}

/** How far back requests are looked at that a firewall kept out, milliseconds. */
const recently = 3_600_000;

/** For who is called by users that are blocked. What nobody can tell `slipway waf blocked` explains. */
async function keptOutOf({ stack, aws }: Pick<Asked, "stack" | "aws">, state: ReturnType<typeof readState>) {
  if (stack.config.edge.provider === "none") return [];
  const found = await reading(() => keptOut({ stack, aws, since: recently }, async () => (await state).resources), patience.part);
  return known(found)?.requests ?? [];
}

/** Pages of alarms that a record explains which somebody has deleted. */
const recordPages: readonly string[] = ["certificate-renewal", "endpoint-unreachable"];

function mayBeRecords(alarms: StackStatus["alarms"]): boolean {
  return (known(alarms)?.ringing ?? []).some(({ runbook, follows }) => follows === undefined && recordPages.includes(runbook ?? ""));
}

/** Looks at everything side by side. Never throws: what cannot be read says why. @param read the stack's state  @param deep whether to look at what only that tells. @default no */
export async function statusOf(asked: Asked, read: () => ReturnType<typeof readState>, deep = false): Promise<StackStatus> {
  const { stack, aws } = asked;
  const { config } = stack;
  const state = reading(read, patience.look);
  const withState = from(state, async (found) => {
    if (found.resources.length === 0) throw new Error(`${stack.name} was never updated`);
    return { ...asked, state: found };
  });
  const deeper = deep ? deepOf(withState) : undefined;
  const tested = notifiedRegions(config).length > 0 ? reading(() => lastTestOf(asked), patience.look) : undefined;
  const alarms = reading(async () => alarmsOf(asked, known(await state)), patience.look);
  const records = alarms.then((found) => (!deep && mayBeRecords(found) ? from(withState, strayRecords, patience.part) : undefined));
  const [services, told, lock, latches, barred, databases, replicas, regions, subscriptions, backups, secrets, rules, changes] =
    await Promise.all([
      from(withState, servicesOf),
      alarms,
      reading(() => heldLocks(asked), patience.look),
      reading(() => latchesOf(asked), patience.look),
      from(withState, barredOf),
      from(withState, databasesOf),
      from(withState, replicasOf),
      failsOver(config) ? reading(() => regionsOf(asked), patience.look) : undefined,
      from(withState, subscriptionsOf),
      from(withState, backupsOf),
      from(withState, secretsOf),
      from(withState, foreignRules),
      reading(() => pastUpdates(asked), patience.look),
    ]);
  const found = await records;
  const counted = await from(state, async ({ resources, pendingOperations }) => ({
    resources: resources.length,
    unfinished: pendingOperations.length,
  }));
  return {
    ...{ stack: stack.name, cloud: cloudOf(stack), at: aws.now().toISOString(), state: counted },
    ...(config.alarms.phase === undefined ? {} : { phase: config.alarms.phase }),
    ...{ services, alarms: told, lock, latches, barred, databases, replicas },
    ...(regions === undefined ? {} : { regions }),
    ...(tested === undefined ? {} : { alarmTest: await tested }),
    ...{ subscriptions, backups, secrets, rules, changes },
    ...(found === undefined ? {} : { records: found }),
    ...(deeper === undefined ? {} : { deep: await deeper }),
  };
}
