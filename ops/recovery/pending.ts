/**
 * Operations that an update began and never finished. The engine warns about them and goes on, and what it goes on from
 * is the state before: a resource that was created is created again, a weight that was moved stays unseen.
 */

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CreatedObject, createdObject, openLiveStore } from "../../sandbox/sandbox.ts";
import { cloudFolder, simulatedOn } from "../engine/backend.ts";
import type { EngineResult, Session } from "../engine/session.ts";
import type { PendingOperation, State, StateResource } from "../engine/state.ts";
import { UserError } from "../userError.ts";

/**
 * Brings the state in line with what is live: takes in what was created, forgets what was not, reads everything again.
 * @throws UserError when a real provider's pending creation needs a person, with the commands for it
 */
export async function recover(session: Session, state: State): Promise<void> {
  if (state.pendingOperations.some(({ type }) => type === "creating")) await settleCreations(session, state);
  const refreshed = await session.capture(["refresh", "--yes", "--skip-preview"]);
  if (refreshed.exitCode !== 0) throw engineFailure("The state could not be brought in line with what is live", refreshed);
}

/**
 * Writes the creations that happened into the state and drops the others. The engine's own flag for it,
 * `--import-pending-creates`, forgets them instead (seen with 3.230).
 */
async function settleCreations(session: Session, state: State): Promise<void> {
  const adopted = resolveCreations(session, state);
  const exported = await session.capture(["stack", "export"]);
  if (exported.exitCode !== 0) throw engineFailure("The state could not be read", exported);
  const file = join(session.backend.folder, `recovery-${session.stack}-${process.pid}.json`);
  try {
    writeFileSync(file, JSON.stringify(withAdopted(JSON.parse(exported.stdout) as ExportedState, adopted)));
    const imported = await session.capture(["stack", "import", "--file", file]);
    if (imported.exitCode !== 0) throw engineFailure("The state could not be written", imported);
  } finally {
    rmSync(file, { force: true });
  }
}

interface ExportedState {
  readonly version: number;
  readonly deployment: { readonly resources?: readonly StateResource[]; readonly pending_operations?: readonly PendingOperation[] };
}

/** A state with the adopted objects as resources and no creation pending. Pure. @param adopted objects by URN */
export function withAdopted(state: ExportedState, adopted: ReadonlyMap<string, CreatedObject>): ExportedState {
  const pending = (state.deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
  const taken = pending.flatMap(({ resource }) => {
    if (resource.custom !== true) return [resource]; // an adopted child may have it as its parent
    const object = adopted.get(resource.urn);
    return object === undefined ? [] : [{ ...resource, id: object.id, outputs: { ...object.properties, ...resource.inputs } }];
  });
  // A creation that is pending under a name that the state has is half of a replacement: the old one is what is left to delete.
  const replaced = new Set(taken.map(({ urn }) => urn));
  return {
    ...state,
    deployment: {
      ...state.deployment,
      resources: [
        ...(state.deployment.resources ?? []).map((resource) => (replaced.has(resource.urn) ? { ...resource, delete: true } : resource)),
        ...taken,
      ],
      pending_operations: (state.deployment.pending_operations ?? []).filter(({ type }) => type !== "creating"),
    },
  };
}

/** One line for each operation that was begun. */
export function describePending(operations: readonly PendingOperation[]): string[] {
  return operations.map(({ type, resource }) => `${type} ${resource.type} ${resource.urn.split("::").at(-1)}`);
}

/** @returns the objects that exist, by URN */
function resolveCreations(session: Session, state: State): Map<string, CreatedObject> {
  const adopted = new Map<string, CreatedObject>();
  const byHand: PendingOperation[] = [];
  for (const operation of state.pendingOperations.filter(({ type }) => type === "creating")) {
    const { urn, type, custom } = operation.resource;
    if (custom !== true || type.startsWith("pulumi:providers:")) continue; // these exist in the engine alone
    if (simulatedOn(session.backend).some((name) => type.startsWith(`${name}:`))) {
      const known = new Set(state.resources.filter((resource) => resource.type === type).map(({ id }) => id));
      const object = createdObject(openLiveStore(cloudFolder(session.backend)), type, operation.resource.inputs ?? {}, known);
      if (object !== undefined) adopted.set(urn, object);
    } else byHand.push(operation);
  }
  if (byHand.length > 0) {
    throw new UserError(
      [
        "The last update ended while these were being created, and only the real account knows whether they exist:",
        ...describePending(byHand).map((line) => `  ${line}`),
        "Look each one up in the account. Delete those that exist, or take them in with",
        `  pulumi stack export --stack ${session.stack} --file state.json     move each from pending_operations to resources and add its id`,
        `  pulumi stack import --stack ${session.stack} --file state.json`,
        "To move traffic before that, update the rule alone, which is not kept back by what is pending:",
        `  slipway up --stack ${session.stack} --target '**ListenerRule::*-<service>'`,
        "And when nothing pending is left that exists:",
        `  pulumi refresh --stack ${session.stack} --clear-pending-creates`,
      ].join("\n"),
    );
  }
  return adopted;
}

function engineFailure(what: string, { stdout, stderr }: EngineResult): UserError {
  return new UserError(`${what}:\n${stdout}\n${stderr}`);
}
