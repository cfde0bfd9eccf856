/** The engine's own record of a stack, as far as Slipway reads it. */
import { UserError } from "../userError.ts";
import { checkpointIn } from "./checkpoint.ts";
import { refuseForeignState } from "./foreignState.ts";
import type { Session } from "./session.ts";
import { type StateOwner, storedState } from "./stateFiles.ts";
import { damagedState } from "./stateRoom.ts";

/** One resource in the state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** False for components and the stack itself, which exist in the engine alone. */
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** URNs of all that it depends on. */
  readonly dependencies?: readonly string[];
  readonly protect?: boolean;
  /** What is left of a replacement: the next update deletes it. */
  readonly delete?: boolean;
  /** Why it does not get ready, though it is there: the engine updates it again in each update. */
  readonly initErrors?: readonly string[];
}

/** An operation that was begun and never reported done. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

/** What the engine believes to exist, and what it began without finishing. */
export interface State {
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** A state as the engine writes it. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

/**
 * The stack's state; empty before the first update. It is read where it lies, else through the engine.
 * @throws UserError when it is damaged, or that of another cloud
 */
export async function readState(session: Session): Promise<State> {
  const { backend, project, stack } = session;
  const state = (await stateInPlace(session)) ?? stateOf(await elsewhere(session));
  refuseForeignState(state.resources, backend, project, stack);
  return state;
}

/**
 * The state as it lies in its file: no engine is asked.
 * @returns undefined where there is none, or where only the engine can reach it
 * @throws UserError when it is damaged
 */
export async function stateInPlace(owner: StateOwner): Promise<State | undefined> {
  const text = await storedState(owner);
  return text === undefined ? undefined : stateOf(deploymentIn(text, owner));
}

function stateOf({ resources = [], pending_operations: pendingOperations = [] }: Deployment): State {
  return { resources, pendingOperations };
}

function deploymentIn(text: string, owner: StateOwner): Deployment {
  try {
    return (checkpointIn(text).checkpoint.latest ?? {}) as Deployment;
  } catch (error) {
    throw damagedState(owner, error);
  }
}

/** What only the engine can reach. No provider is started for it. */
async function elsewhere(session: Session): Promise<Deployment> {
  if (session.backend.kind !== "shared") return {};
  const result = await session.capture(["stack", "export"]);
  if (result.exitCode !== 0) {
    if (/no stack named/i.test(result.stderr)) return {};
    // Without the state nobody knows what an interrupted update left; going on as if there were none would be worse.
    throw new UserError(`The state of ${session.stack} could not be read:\n${result.stderr.trim()}`);
  }
  return (JSON.parse(result.stdout) as { readonly deployment?: Deployment }).deployment ?? {};
}
