/**
 * Operations that an update began and never finished. The engine warns about them and goes on, and what it goes on from
 * is the state before: a resource that was created is created again, a weight that was moved stays unseen.
 */

import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import { textIn } from "../../infra/config/textFile.ts";
import { type CreatedObject, createdObject, openLiveStore } from "../../sandbox/sandbox.ts";
import { cloudFolder, type LocalBackend, simulatedOn, stateFile } from "../engine/backend.ts";
import { checkpointIn } from "../engine/checkpoint.ts";
import type { EngineResult, Session } from "../engine/session.ts";
import type { Deployment, PendingOperation, State, StateResource } from "../engine/state.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { underLock } from "./locks.ts";
import { refreshed } from "./renewedCredential.ts";
import { trafficTargets } from "./trafficDrift.ts";

/**
 * Brings the state in line with what is live: takes in what was created, forgets what was not, reads everything again.
 * @throws UserError when a real provider's pending creation needs a person, with the commands for it
 */
export async function recover(session: Session, state: State): Promise<void> {
  const creations = state.pendingOperations.filter(({ type }) => type === "creating");
  if (creations.length > 0) refuseUnknown(session, state);
  const { backend } = session;
  // What is left at a shared backend of other clouds exists in the engine alone, and the engine drops it.
  const dropped = backend.kind === "shared" && !creations.some(({ resource }) => nameOnCluster(resource) !== undefined);
  if (creations.length > 0 && !dropped) await (backend.kind === "shared" ? settleThroughEngine(session) : settleInFile(session, backend));
  const more = creations.length > 0 && dropped ? ["--clear-pending-creates"] : [];
  const result = await refreshed(session, ["refresh", "--yes", "--skip-preview", ...more]);
  if (result.exitCode !== 0) throw engineFailure("The state could not be brought in line with what is live", result);
}

/**
 * Writes the creations that happened into the state and drops the others. The engine's own flag for it,
 * `--import-pending-creates`, forgets them instead (seen with 3.230).
 */
function settleInFile(session: Session, backend: LocalBackend): Promise<void> {
  const file = stateFile(backend, session.project, session.stack);
  const { project, stack } = session;
  return underLock({ backend, project, stack }, () => {
    const record = checkpointIn(textIn(file));
    const latest = (record.checkpoint.latest ?? {}) as Deployment;
    const settled = withAdopted(latest, createdObjects(session, latest));
    const draft = `${file}.${process.pid}.tmp`;
    writeText(draft, JSON.stringify({ ...record, checkpoint: { ...record.checkpoint, latest: settled } }));
    renameSync(draft, file);
  });
}

/** The same at a backend whose states only the engine writes. */
async function settleThroughEngine(session: Session): Promise<void> {
  const exported = await session.capture(["stack", "export"]);
  if (exported.exitCode !== 0) throw engineFailure("The state could not be read", exported);
  const { deployment = {}, ...record } = JSON.parse(exported.stdout) as { readonly deployment?: Deployment };
  const folder = mkdtempSync(join(tmpdir(), "slipway-state-"));
  try {
    const file = join(folder, "state.json");
    writeText(file, JSON.stringify({ ...record, deployment: withAdopted(deployment, createdObjects(session, deployment)) }));
    const imported = await session.capture(["stack", "import", "--file", file]);
    if (imported.exitCode !== 0) throw engineFailure("The state could not be written", imported);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A state with the adopted objects as resources and no creation pending. Pure. @param adopted objects by URN */
export function withAdopted(
  { resources = [], pending_operations: operations = [], ...more }: Deployment,
  adopted: ReadonlyMap<string, CreatedObject>,
): Deployment {
  const taken = operations.flatMap(({ type, resource }) => {
    if (type !== "creating") return [];
    if (resource.custom !== true) return [resource]; // an adopted child may have it as its parent
    const object = adopted.get(resource.urn);
    return object === undefined ? [] : [{ ...resource, id: object.id, outputs: { ...object.properties, ...resource.inputs } }];
  });
  // A creation that is pending under a name that the state has is half of a replacement: the old one is what is left to delete.
  const replaced = new Set(taken.map(({ urn }) => urn));
  return {
    ...more,
    resources: [...resources.map((resource) => (replaced.has(resource.urn) ? { ...resource, delete: true } : resource)), ...taken],
    pending_operations: operations.filter(({ type }) => type !== "creating"),
  };
}

/** One line for each operation that was begun. */
export function describePending(operations: readonly PendingOperation[]): string[] {
  return operations.map(({ type, resource }) => {
    const name = type === "creating" ? nameOnCluster(resource) : undefined;
    return `${type} ${resource.type} ${resourceName(resource.urn)}${name === undefined ? "" : `, whose id is ${name}`}`;
  });
}

/**
 * The id of an object of a cluster: namespace and name, which its inputs have, so that nobody has to look it up. Whether it is there the
 * refresh finds out. Undefined for one of another cloud, or without a name of its own.
 */
function nameOnCluster({ type, custom, inputs }: StateResource): string | undefined {
  const { namespace, name } = (inputs?.metadata ?? {}) as { readonly namespace?: unknown; readonly name?: unknown };
  if (custom !== true || !type.startsWith("kubernetes:") || typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

/** Creations that simulated providers began. */
function simulatedCreations(session: Session, operations: readonly PendingOperation[]): StateResource[] {
  const simulated = simulatedOn(session.backend);
  return creationsOf(operations).filter(({ type }) => simulated.some((name) => type.startsWith(`${name}:`)));
}

/** Creations that a provider began; components and providers exist in the engine alone. */
function creationsOf(operations: readonly PendingOperation[]): StateResource[] {
  return operations.flatMap(({ type, resource }) =>
    type === "creating" && resource.custom === true && !resource.type.startsWith("pulumi:providers:") ? [resource] : [],
  );
}

/** @returns the objects that exist of what was begun, or that a refresh drops, by URN */
function createdObjects(session: Session, { resources = [], pending_operations: operations = [] }: Deployment): Map<string, CreatedObject> {
  const named = creationsOf(operations).flatMap((resource) => {
    const id = nameOnCluster(resource);
    return id === undefined ? [] : [[resource.urn, { id, properties: {} }] as const];
  });
  const simulated = simulatedCreations(session, operations).filter((resource) => nameOnCluster(resource) === undefined);
  if (simulated.length === 0) return new Map(named);
  const live = openLiveStore(cloudFolder(session.backend));
  return new Map([
    ...named,
    ...simulated.flatMap(({ urn, type, inputs = {} }) => {
      const known = new Set(resources.filter((resource) => resource.type === type).map(({ id }) => id));
      const object = createdObject(live, type, inputs, known);
      return object === undefined ? [] : [[urn, object] as const];
    }),
  ]);
}

/** @throws UserError when only a real account knows whether something exists */
function refuseUnknown(session: Session, { pendingOperations, resources }: State): void {
  const known = new Set(simulatedCreations(session, pendingOperations));
  const unknown = creationsOf(pendingOperations).filter((resource) => !known.has(resource));
  if (unknown.every((resource) => nameOnCluster(resource) !== undefined)) return;
  const byHand = new Set(unknown);
  const traffic = trafficTargets(resources).map((target) => `  slipway up --stack ${session.stack} --target '${target}'`);
  throw new UserError(
    [
      "The last update ended while these were being created, and only the real account knows whether they exist:",
      ...describePending(pendingOperations.filter(({ resource }) => byHand.has(resource))).map((line) => `  ${line}`),
      "Look each one up in the account. Take in those that exist, since they may be in use already:",
      `  ${pulumiCommand(`stack export --stack ${session.stack} --file state.json`)}     move each from pending_operations to resources and add its id`,
      `  ${pulumiCommand(`stack import --stack ${session.stack} --file state.json`)}`,
      ...[...byHand].flatMap(entryPointLines),
      "Delete one only where you know that nothing uses it.",
      ...(traffic.length === 0
        ? []
        : ["To move traffic before that, update what splits it alone, which is not kept back by what is pending:"]),
      ...traffic,
      "And when nothing pending is left that exists:",
      `  ${pulumiCommand(`refresh --stack ${session.stack} --clear-pending-creates`)}`,
    ].join("\n"),
  );
}

/** Where Cloudflare tells the id of a ruleset: its dashboard has no page for the entry point of a phase. */
function entryPointLines({ type, inputs = {} }: StateResource): string[] {
  if (type !== "cloudflare:index/ruleset:Ruleset") return [];
  const url = `https://api.cloudflare.com/client/v4/zones/${String(inputs.zoneId)}/rulesets/phases/${String(inputs.phase)}/entrypoint`;
  return [
    "The id of a ruleset, which is in use from its creation on, is in the answer of",
    `  curl -sS -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" ${url}`,
  ];
}

function engineFailure(what: string, { stdout, stderr }: EngineResult): UserError {
  return new UserError(`${what}:\n${stdout}\n${stderr}`);
}
