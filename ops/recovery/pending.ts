/**
 * Operations that an update began and never finished. The engine warns about them and goes on, and what it goes on from
 * is the state before: a resource that was created is created again, a weight that was moved stays unseen.
 */

import { seal } from "../../sandbox/cloud/liveStore.ts";
import { equal, isObject, type Properties, reveal, type Value } from "../../sandbox/provider/values.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import type { Session } from "../engine/session.ts";
import type { PendingOperation, State } from "../engine/state.ts";
import { UserError } from "../userError.ts";

/** What is to be done about the creations that were begun. */
export interface Recovery {
  /** Ids of objects that exist, by URN. */
  readonly adopt: ReadonlyMap<string, string>;
  /** Creations of which nothing exists. */
  readonly forget: readonly string[];
}

/**
 * Brings the state in line with what is live: adopts what was created, forgets what was not, reads everything else.
 * @throws UserError when a real provider's pending creation needs a person, with the command for it
 */
export async function recover(session: Session, state: State): Promise<void> {
  const { adopt, forget } = resolveCreations(session, state);
  const imports = [...adopt].flatMap(([urn, id]) => ["--import-pending-creates", urn, "--import-pending-creates", id]);
  const clear = forget.length > 0 && adopt.size === 0 ? ["--clear-pending-creates"] : [];
  const result = await session.capture(["refresh", "--yes", "--skip-preview", ...imports, ...clear]);
  if (result.exitCode !== 0)
    throw new UserError(`The state could not be brought in line with what is live:\n${result.stdout}\n${result.stderr}`);
  if (forget.length > 0 && adopt.size > 0) await session.capture(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}

/** One line for each operation that was begun. */
export function describePending(operations: readonly PendingOperation[]): string[] {
  return operations.map(({ type, resource }) => `${type} ${resource.type} ${resource.urn.split("::").at(-1)}`);
}

function resolveCreations(session: Session, state: State): Recovery {
  const creations = state.pendingOperations.filter(({ type }) => type === "creating");
  const adopt = new Map<string, string>();
  const forget: string[] = [];
  const byHand: PendingOperation[] = [];
  for (const operation of creations) {
    const { urn, type } = operation.resource;
    const simulated = session.simulated.some((name) => type.startsWith(`${name}:`));
    if (!type.startsWith("pulumi:providers:") && !simulated) {
      byHand.push(operation);
      continue;
    }
    const id = simulated ? liveId(session, operation, state) : undefined;
    if (id === undefined) forget.push(urn);
    else adopt.set(urn, id);
  }
  if (byHand.length > 0) {
    throw new UserError(
      [
        "The last update ended while these were being created, and only the real account knows whether they exist:",
        ...describePending(byHand).map((line) => `  ${line}`),
        "Look each one up in the account. Then, with the id of each that exists:",
        `  pulumi refresh --stack ${session.stack} --import-pending-creates '<urn>' --import-pending-creates '<id>'`,
        "or, when none of them exists:",
        `  pulumi refresh --stack ${session.stack} --clear-pending-creates`,
      ].join("\n"),
    );
  }
  return { adopt, forget };
}

/** The one live object that has exactly the wanted inputs and that the state does not know. */
function liveId(session: Session, { resource }: PendingOperation, state: State): string | undefined {
  const wanted = reveal((resource.inputs ?? {}) as Properties).plain;
  const known = new Set(state.resources.filter(({ type }) => type === resource.type).map(({ id }) => id));
  const candidates = openLiveStore(session.backend.folder)
    .all(resource.type)
    .filter(
      ({ id, properties }) =>
        !known.has(providerId(id, properties)) &&
        Object.entries(wanted).every(([key, value]) => key === "__defaults" || covers(properties[key], value)),
    );
  const [found] = candidates;
  return found === undefined ? undefined : providerId(found.id, found.properties);
}

/** Live objects that share ids are kept apart by another key; the engine knows them by their id. */
function providerId(key: string, properties: Properties): string {
  return typeof properties.family === "string" && key.includes(":task-definition/") ? properties.family : key;
}

function covers(live: Value | undefined, wanted: Value): boolean {
  if (equal(live, wanted) || live === seal(wanted)) return true;
  if (Array.isArray(live) && Array.isArray(wanted))
    return live.length === wanted.length && wanted.every((item, index) => covers(live[index], item));
  return isObject(live) && isObject(wanted) && Object.entries(wanted).every(([key, value]) => covers(live[key], value));
}
