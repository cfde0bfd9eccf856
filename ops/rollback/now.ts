/** `slipway rollback now`: a service's traffic goes back at once, whatever state locks, engine, metrics and alarms are in. */
import { setTimeout as pause } from "node:timers/promises";
import pc from "picocolors";
import { latchName } from "../../infra/config/latch.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { refuseForeignState } from "../engine/foreignState.ts";
import { type State, stateInPlace } from "../engine/state.ts";
import { type Cluster, openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { nextLine } from "../project/nextCommand.ts";
import { inTime, reasonOf, recordPlaceIn } from "../release/recordTable.ts";
import { releasedServices } from "../release/releasedServices.ts";
import { rollbackTo } from "../release/situation.ts";
import { taggedState } from "../release/taggedState.ts";
import { UserError } from "../userError.ts";
import { moveBack } from "./moveBack.ts";
import type { RollbackFlags } from "./order.ts";
import { report } from "./report.ts";
import { requireReason, requireService, rollbackCommand } from "./rollback.ts";
import { type StackAtHand, stackAtHand } from "./stackAtHand.ts";

/** What is known before anything is asked of the service. */
interface Known {
  readonly state: State;
  /** Whose the credentials are. */
  readonly by: string;
  /** What could not be read in time. */
  readonly passed: readonly string[];
}

/**
 * Moves, latches, marks, reads back, and says what is left.
 * @returns 0 when traffic is back and all is written; 1 when something is left for a person
 * @throws UserError when nothing could be moved
 */
export async function rollbackNow(flags: RollbackFlags): Promise<number> {
  const { service, reason, whenReady = false } = flags;
  requireReason(reason);
  const stack = await stackAtHand(flags);
  requireService(stack, service);
  const { config } = stack;
  const aws = openAws(stack);
  // What an ARN names is asked and written without asking first whose the credentials are: AWS refuses it to every other account.
  const quick = openAws(stack, config.aws.region, "usual", false);
  try {
    const { state, by, passed } = await knownOf(stack, service, { aws, quick });
    const cluster = openCluster(stack, () => kubeconfigOf(stack));
    const place = placeIn(stack, service, { state, aws: quick, cluster });
    const region = config.aws.region;
    const order = {
      ...{ config, place, aws, by, reason, whenReady, rollbackTo: rollbackTo(state, service) },
      scaling: placeIn(stack, service, { state, aws, cluster }).scaling,
      record: recordPlaceIn(config, state, region, service),
      latch: { region, name: latchName(config, service) },
      say: (line: string) => console.error(pc.yellow(line)),
      wait: (seconds: number) => pause(seconds * 1000),
    };
    for (const line of [...stack.passed, ...passed]) order.say(`Passed over: ${line}`);
    return await report(stack, flags, await moveBack(order));
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === 2) throw error;
    throw new UserError([error.message, nextLine(rollbackCommand(service, flags, reason))].join("\n"));
  }
}

/** @throws UserError when the stack has no rule of the service */
function placeIn(
  stack: StackAtHand,
  service: string,
  update: { readonly state: State; readonly aws: Aws; readonly cluster: Pick<Cluster, "read" | "patch"> },
) {
  const { config, name } = stack;
  const found = releasedServices({ config, ...update }).find((one) => one.service === service && one.region === config.aws.region);
  if (found === undefined) throw new UserError(`${service} of ${name} has no rule that splits its traffic: it has not been updated yet.`);
  return found;
}

/** The state as it lies, within a second; else what tags tell. Whose the credentials are is asked at the same time. */
async function knownOf(stack: StackAtHand, service: string, { aws, quick }: { readonly aws: Aws; readonly quick: Aws }): Promise<Known> {
  const { backend, project, name, config } = stack;
  const passed: string[] = [];
  const pass = (what: string) => (error: unknown) => {
    passed.push(`${what}: ${error instanceof UserError ? error.message.split("\n")[0] : reasonOf(error)}`);
    return undefined;
  };
  const [identity, state] = await Promise.all([
    inTime(aws.identity()).catch((error: unknown) => {
      // Credentials that are wrong, or not there: there is nothing to go on with.
      if (error instanceof UserError && error.exitCode === 2) throw error;
      return pass("whose the credentials are")(error);
    }),
    inTime(stateInPlace({ backend, project, stack: name })).catch(pass("the state")),
  ]);
  if (state !== undefined) refuseForeignState(state.resources, backend, project, name);
  const by = identity?.arn ?? "somebody with the stack's credentials";
  return { by, passed, state: state ?? (await taggedState(config, service, quick)) };
}

/** The engine decrypts what config keeps encrypted, and nothing else is asked of it. */
async function kubeconfigOf(stack: StackAtHand): Promise<string> {
  const { openSession } = await import("../engine/commands.ts");
  const session = openSession(stack);
  try {
    return await secretKubeconfig(session);
  } finally {
    session.close();
  }
}
