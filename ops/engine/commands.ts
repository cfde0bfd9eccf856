/** `slipway preview|up|refresh|destroy`: the real engine, with what must happen before it. */
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pc from "picocolors";
import { askedVariable, partVariable, stateVariable } from "../../infra/config/commandVariables.ts";
import { unsetVariable } from "../../infra/config/newSecrets.ts";
import { examine } from "../../infra/config/parse.ts";
import type { PartialStackConfig } from "../../infra/config/stack.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";
import type { Fault } from "../../sandbox/sandbox.ts";
import { openAws } from "../aws/open.ts";
import { setInStackFile } from "../config/edit.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { findProject, stackFilePath } from "../project/project.ts";
import { type NamedStack, namedStack, type StackFlags, stackIn, stackWords } from "../project/stack.ts";
import { removeDamagedAttributes } from "../recovery/attributes.ts";
import { refuseHeld, releaseDeadLocks } from "../recovery/locks.ts";
import { describePending, recover } from "../recovery/pending.ts";
import { withRenewedCredential } from "../recovery/renewedCredential.ts";
import { adoptLiveTraffic, type Clouds, trafficDrift } from "../recovery/trafficDrift.ts";
import { heldTraffic, leftLines, moveAlone } from "../release/heldTraffic.ts";
import { keepImages } from "../release/images.ts";
import { requireTargets } from "../release/readiness.ts";
import { releaseReserves } from "../release/reserve.ts";
import { requireRunning } from "../release/running.ts";
import { tellUnsetSecrets } from "../release/secrets.ts";
import { recordIntents, recordResults } from "../release/updateRecords.ts";
import { UserError } from "../userError.ts";
import { type Backend, backendOf, banner } from "./backend.ts";
import { refuseBaseElement } from "./baseLists.ts";
import { changesOf } from "./changes.ts";
import { refuseUnanswered } from "./confirmation.ts";
import { onWhatIsLive } from "./livePreview.ts";
import { engineProgress } from "./progress.ts";
import { protectedStack, refuseProtected } from "./protection.ts";
import { withRefusal } from "./refusal.ts";
import { keepingStackFile } from "./removedStack.ts";
import { keepingStackFiles, refuseSandboxSecret } from "./sandboxSecrets.ts";
import { type EngineResult, namesConfigFile, Session } from "./session.ts";
import { readState, type State } from "./state.ts";
import type { StateCopy } from "./stateCopy.ts";
import { readyForUpdate } from "./stateRoom.ts";
import { namesPart, namesTargets, withParents } from "./targets.ts";

export type EngineCommand = "preview" | "up" | "refresh" | "destroy";

/** Flags of the engine commands. */
export interface EngineCommandOptions extends StackFlags {
  /** Where the state is. @default what the environment says */
  readonly backend?: Backend;
  /** Faults to inject into the simulated cloud. */
  readonly fault?: readonly Fault[];
  /** An update that moves traffic by itself and leaves out the rest has failed. @default false: it tells */
  readonly whole?: boolean;
  /** Values for the stack file, put there before it is read: `slipway:services.api.scaling.maximum=4`. @default none */
  readonly set?: readonly string[];
}

/**
 * Runs one engine command on a stack of the project in the current folder.
 * @returns the engine's exit code
 * @throws ConfigError before anything starts when the stack file has problems
 */
export function engineCommand(command: EngineCommand, options: EngineCommandOptions, flags: readonly string[]): Promise<number> {
  return onStack(command, options, flags, (session, args, env) => session.run(args, env));
}

/** Runs one engine command and takes its output, for those who read it: `slipway review` and the pipeline. */
export function capturedCommand(command: EngineCommand, options: EngineCommandOptions, flags: readonly string[]): Promise<EngineResult> {
  return onStack(command, options, flags, (session, args, env) => session.capture(args, env));
}

async function onStack<Result extends number | EngineResult>(
  command: EngineCommand,
  { fault = [], backend, whole = false, set = [], ...named }: EngineCommandOptions,
  flags: readonly string[],
  run: (session: Session, args: readonly string[], env?: StateCopy["environment"]) => Promise<Result>,
): Promise<Result> {
  if (set.length > 0) refuseUnanswered(command, stackWords(named), flags); // before anything is written
  const changed = setInStackFile(stackFilePath(findProject(), named.stack), set);
  const stack = namedStack(named, backend);
  if (flags.some(namesConfigFile)) throw otherFile(stack.name);
  if (command === "destroy" && stack.config.protect) throw protectedStack(stack.name, readStackFile(stack.file));
  if (command !== "preview") refuseUnanswered(command, stackWords({ ...named, stack: stack.name }), flags);
  const session = openSession(stack, fault);
  const opened = (): Clouds => ({ aws: openAws(stack), cluster: openCluster(stack, () => secretKubeconfig(session)) });
  const clouds = opened();
  try {
    await putRight(session, command, { ...named, stack: stack.name, services: Object.keys(stack.config.services) });
    let state = await readState(session);
    tellProgram(state, flags);
    console.error(pc.dim(`${stack.name}: ${banner(stack.backend, stack.config.aws.accountId)}`));
    for (const line of changed) say(`${basename(stack.file)}: ${line}. Commit it, or an update of a checkout without it takes it back.`);
    if (command === "destroy") refuseProtected(state, stack.name, flags);
    if (command === "up") await tellUnsetSecrets(stack.config, state, clouds.aws);
    if (command === "preview")
      return await onWhatIsLive(session, state, clouds, say, (extra, env) =>
        run(session, [command, ...withParents(flags, state), ...extra], env),
      );
    readyForUpdate(session);
    if (command !== "refresh" && (await recoverBefore(session, state, clouds, flags))) state = await readState(session);
    const once = (more: readonly string[]) => run(session, [command, ...flags, ...more]);
    if (command !== "up") return await withRenewedCredential(session, once, say);
    const before = { config: stack.config, state, ...clouds };
    const asked = await requireTargets({ ...before, ...named, stack: stack.name, say, wait });
    process.env[askedVariable] = asked.join(",");
    await keepImages(stack.config, state, clouds.aws, say);
    const begun = await recordIntents(before);
    for (const line of begun.told) say(line);
    const plan = async () => changesOf(await session.capture(["preview", "--json"]));
    const held = namesPart(flags) ? undefined : await heldTraffic({ ...before, plan });
    const update = (more: readonly string[]) => run(session, [command, ...withParents(flags, state), ...more]);
    const { result, reason } = await withRefusal(() => (held === undefined ? update([]) : moveAlone(held, update, say)));
    // Asked anew: what the engine made was not there when the cloud was first asked.
    const after = { config: stack.config, state: await readState(session), ...opened() };
    for (const line of [...(await recordResults(after, begun)), ...(await releaseReserves(after))]) say(line);
    const left = held === undefined ? [] : await leftLines(held, plan, stack.name);
    if (left.length > 0 && whole) throw new UserError(left.join("\n"));
    for (const line of left) say(line);
    const good = (typeof result === "object" ? result.exitCode : result) === 0 && held === undefined;
    if (good) await requireRunning({ ...after, asked, wait, say: namesPart(flags) ? say : undefined });
    if (reason !== undefined) console.error(pc.red(reason));
    return result;
  } finally {
    session.close();
  }
}

/** The program may ask the engine for the resources of a state that is there, and must not for one that is not. What is left out it is not told. */
function tellProgram({ resources }: State, flags: readonly string[]): void {
  if (namesPart(flags)) process.env[partVariable] = "named";
  else delete process.env[partVariable];
  delete process.env[unsetVariable];
  delete process.env[askedVariable];
  process.env[stateVariable] = resources.length > 0 ? "there" : "empty";
}

/** What was read and judged is the stack's own file: the engine would run another. */
function otherFile(stack: string): UserError {
  return new UserError(
    `--config-file would run another file than the one that was checked, Pulumi.${stack}.yaml. Name what it shares with it in a base ` +
      "(slipway:base, docs/config.md), or run pulumi itself with SLIPWAY_STACK_FILE=<that file>.",
    2,
  );
}

/** Commands of the engine that work on what a state holds; others may put a state right. */
const asksProviders = new Set(["destroy", "down", "import", "pre", "preview", "refresh", "up", "update", "watch"]);

/**
 * Runs any pulumi command in a stack's environment, also when its config has problems: it may fix them.
 * @returns its exit code
 * @throws UserError in the sandbox for what would write a secret under its public passphrase into a stack file, and for what would
 * put an element in the place of a base's list
 */
export async function passThrough(words: readonly string[], { stack, real }: StackFlags): Promise<number> {
  const { command, own } = stackInWords(words);
  const named = stackIn(findProject(), stack ?? own, readStackFile, (project) => backendOf(project, real));
  const local = named.backend.kind !== "shared";
  if (local) refuseSandboxSecret(command, named.name);
  refuseBaseElement(command, named.config);
  const session = openSession({ ...named, config: examine(named.config.raw).config });
  try {
    // A state on this machine costs nothing to read, and one of another cloud is refused.
    if (local && asksProviders.has(command[0] ?? "")) tellProgram(await readState(session), command);
    if (!local) return await session.run(command);
    return await keepingStackFiles(named.project.folder, () => session.run(keepingStackFile(command)));
  } finally {
    session.close();
  }
}

/** A command without the flag that names its stack, as `pulumi` takes it anywhere before `--`: the session names the stack itself. */
function stackInWords(words: readonly string[]): { readonly command: readonly string[]; readonly own?: string } {
  const end = words.indexOf("--");
  const at = words.findIndex((word, index) => /^(?:--stack(?:=|$)|-s$)/.test(word) && (end === -1 || index < end));
  const [, value] = /^--stack=(.*)$/.exec(words[at] ?? "") ?? [];
  const own = value ?? words[at + 1];
  if (at === -1 || own === undefined) return { command: words };
  return { command: words.toSpliced(at, value === undefined ? 2 : 1), own };
}

/** The simulated account is the stack's own, unless the environment says otherwise, and has the DNS zone that the stack names. */
export function openSession(
  { project, name: stack, file: stackFile, config: { aws, dns }, backend }: NamedStack<Pick<PartialStackConfig, "aws" | "dns">>,
  faults: readonly Fault[] = [],
): Session {
  const account = process.env.SLIPWAY_SANDBOX_ACCOUNT ?? aws?.accountId ?? "123456789012";
  const existing = dns === undefined ? [] : [dns.zoneId];
  const zone = dns?.provider === "cloudflare" ? { id: dns.zoneId, name: dns.zone } : undefined;
  return new Session({ project, stack, stackFile, backend, account, existing, zone, faults, progress: engineProgress() });
}

/** What an engine that was killed leaves on this machine and at the backend. @throws UserError beside one that runs */
async function putRight(session: Session, command: EngineCommand, named: Parameters<typeof refuseHeld>[0]): Promise<void> {
  removeDamagedAttributes(session.backend);
  // Whoever may only look at a shared state may delete nothing of it.
  const { released, held } = await releaseDeadLocks(session, command !== "preview" || session.backend.kind !== "shared");
  if (released > 0) say(`The engine that held the stack's lock is gone; ${released === 1 ? "its lock is" : "its locks are"} released.`);
  if (held !== undefined) refuseHeld(named, held, command);
}

/** Brings the state in line with what a crash or a hand in the console left, before anything is changed. @returns whether it wrote the state */
async function recoverBefore(session: Session, state: State, clouds: Clouds, flags: readonly string[]): Promise<boolean> {
  if (state.pendingOperations.length > 0) {
    say("The last update did not finish. Reading what is really there:");
    for (const line of describePending(state.pendingOperations)) say(`  ${line}`);
    // A person who names what to update, such as the rule in an emergency, is not kept from it.
    if (!namesTargets(flags)) {
      await recover(session, state);
      return true;
    }
    say("Only what is named is updated; the rest is left for a plain up.");
  }
  if ((await trafficDrift(state, clouds)) === "none") return false;
  for (const line of await adoptLiveTraffic(session, state, () => readState(session)))
    say(`Traffic was moved outside this stack. ${line}.`);
  return true;
}

const wait = (seconds: number) => pause(seconds * 1000);

function say(line: string): void {
  console.error(pc.yellow(line));
}
