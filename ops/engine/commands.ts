/** `slipway preview|up|refresh|destroy`: the real engine, with what must happen before it. */
import pc from "picocolors";
import type { Fault } from "../../sandbox/faults/faults.ts";
import type { PackageName } from "../../sandbox/sandbox.ts";
import { resolvedConfig } from "../config/show.ts";
import { findProject, stackFilePath } from "../project/project.ts";
import { releaseDeadLocks } from "../recovery/locks.ts";
import { describePending, recover } from "../recovery/pending.ts";
import { adoptLiveTraffic, trafficDrifted } from "../recovery/trafficDrift.ts";
import { engineProgress } from "./progress.ts";
import { Session } from "./session.ts";
import { readState } from "./state.ts";

export type EngineCommand = "preview" | "up" | "refresh" | "destroy";

export interface EngineCommandOptions {
  readonly stack?: string;
  /** Providers whose real plugins are used. */
  readonly real?: readonly PackageName[];
  /** Faults to inject into the simulated cloud. */
  readonly fault?: readonly Fault[];
}

/**
 * Runs one engine command on a stack of the project in the current folder.
 * @returns the engine's exit code
 * @throws ConfigError before anything starts when the stack file has problems
 */
export async function engineCommand(command: EngineCommand, options: EngineCommandOptions, flags: readonly string[]): Promise<number> {
  const session = await openSession(options);
  try {
    const extra = await prepare(session, command);
    return await session.run([command, ...flags, ...extra]);
  } finally {
    session.close();
  }
}

/** Runs any pulumi command in a stack's environment, also when its config has problems: it may mend them. @returns its exit code */
export async function passThrough(stack: string | undefined, command: readonly string[]): Promise<number> {
  const project = findProject();
  const stackFile = stackFilePath(project, stack);
  const session = await Session.open({ project, stack: stack ?? "", stackFile, account: sandboxAccount(), progress: engineProgress() });
  try {
    return await session.run(command);
  } finally {
    session.close();
  }
}

/** Opens a session on a stack of the project in the current folder. @throws ConfigError when its file has problems */
export async function openSession({ stack, real, fault }: EngineCommandOptions): Promise<Session> {
  const project = findProject();
  const stackFile = stackFilePath(project, stack);
  const config = resolvedConfig(stackFile);
  const account = sandboxAccount(config.aws.accountId);
  return Session.open({
    project,
    stack: stack ?? "",
    stackFile,
    account,
    real: real ?? [],
    faults: fault ?? [],
    progress: engineProgress(),
  });
}

/** Account that the sandbox's credentials belong to: the stack's own, unless the environment says otherwise. */
function sandboxAccount(own = "123456789012"): string {
  return process.env.SLIPWAY_SANDBOX_ACCOUNT ?? own;
}

/** What has to be put right first. @returns flags that the command needs besides */
async function prepare(session: Session, command: EngineCommand): Promise<string[]> {
  const locks = releaseDeadLocks(session);
  if (locks > 0) say(`The engine that held the stack's lock is gone; ${locks === 1 ? "its lock is" : "its locks are"} released.`);
  if (command === "refresh") return [];
  const state = await readState(session);
  if (command === "preview") {
    if (state.pendingOperations.length === 0 && !(await trafficDrifted(session, state))) return [];
    say(
      state.pendingOperations.length > 0
        ? "The last update did not finish; the preview reads what is live."
        : "The live traffic weights are not those in the state; the preview reads what is live.",
    );
    return ["--refresh"];
  }
  if (state.pendingOperations.length > 0) {
    say("The last update did not finish. Reading what is really there:");
    for (const line of describePending(state.pendingOperations)) say(`  ${line}`);
    await recover(session, state);
    return [];
  }
  for (const line of await adoptLiveTraffic(session, state, () => readState(session)))
    say(`Traffic was moved outside this stack. ${line}.`);
  return [];
}

function say(line: string): void {
  console.error(pc.yellow(line));
}
