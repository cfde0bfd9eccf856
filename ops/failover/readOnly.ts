/** `slipway failover read-only`: whether the services of a region write, and tasks that know it. */
import { regionRoles } from "../../components/environment/contract/failover.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { requireReason } from "../project/reason.ts";
import type { NamedStack, StackFlags } from "../project/stack.ts";
import type { ReleasedService } from "../release/releasedService.ts";
import { releasedServices } from "../release/releasedServices.ts";
import { restartColours } from "../restart/restart.ts";
import { type Runner, runnersOf } from "../restart/runners.ts";
import { UserError } from "../userError.ts";
import { failingOver, failoverCloud } from "./failover.ts";
import { otherWriters } from "./safety.ts";
import { setWriteMode, type WriteMode } from "./writeMode.ts";

/** Flags of the command. */
export interface WriteFlags extends StackFlags {
  readonly region: string;
  readonly writes: string;
  readonly reason: string;
  readonly force?: boolean;
}

/** @returns 0 when every task of the region knows it @throws UserError when a safety rule is against it, before anything is changed */
export async function setWrites(flags: WriteFlags): Promise<number> {
  const reason = requireReason(flags.reason);
  const stack = failingOver(flags);
  const { config } = stack;
  const { region, writes } = flags;
  const regions = regionRoles(config).map((role) => role.region);
  if (!regions.includes(region)) throw new UserError(`--region ${region} is none of ${stack.name}. There is: ${regions.join(", ")}.`, 2);
  if (writes !== "taken" && writes !== "refused") throw new UserError(`--writes is ${writes}; allowed: taken, refused`, 2);
  const aws = openAws(stack);
  const others = writes === "taken" ? await otherWriters(aws, config, failoverCloud(stack), region, true) : [];
  if (others.length > 0 && flags.force !== true)
    throw new UserError(
      `${region} does not take writes: ${others.map(({ why }) => why).join("; ")}: two would. Nothing was changed. Who knows better: the same with --force.`,
    );
  const code = await openWrites(stack, region, writes, reason, flags);
  if (code === 0) console.log(nextLine(slipwayCommand("status", flags)));
  return code;
}

/** Sets the mode and starts the region's tasks anew, service by service. @returns 0 when all run and the caller says what is next, 1 otherwise */
export async function openWrites(
  stack: NamedStack,
  region: string,
  writes: WriteMode["writes"],
  reason: string,
  flags: StackFlags,
): Promise<number> {
  const { config } = stack;
  const aws = openAws(stack);
  const { arn } = await aws.identity();
  await setWriteMode(aws, config, region, writes);
  console.log(`Services in ${region} of ${aws.cloud} are told that writes are ${writes}, by ${arn}: ${reason}`);
  const session = openSession(stack);
  try {
    const [state, cluster] = [await readState(session), openCluster(stack, () => secretKubeconfig(session))];
    const update = { config, state, aws, cluster };
    const there = runnersOf(update).filter((one) => one.region === region);
    return await restartAll(there, releasedServices(update), reason, flags);
  } finally {
    session.close();
  }
}

/** Service by service: one that does not start keeps no other from it. What comes next is said once, at the end. @returns 0 when all run, 1 otherwise */
export async function restartAll(
  runners: readonly Runner[],
  released: readonly ReleasedService[],
  reason: string,
  flags: StackFlags,
  print: (line: string) => void = console.log,
): Promise<number> {
  let failed = 0;
  for (const service of new Set(runners.map((one) => one.service))) {
    try {
      const own = runners.filter((one) => one.service === service);
      failed += await restartColours(own, { service, reason, released }, print);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed += 1;
      print(error.message);
    }
  }
  if (failed > 0) print(nextLine(slipwayCommand("status", flags)));
  return failed === 0 ? 0 : 1;
}
