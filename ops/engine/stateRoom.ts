/** A state on a disk of this machine: room for it and a whole copy before an update, and what is left of one that was cut off. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";
import { UserError } from "../userError.ts";
import { type Backend, stateAddress } from "./backend.ts";
import { checkpointIn } from "./checkpoint.ts";
import type { StateOwner } from "./stateFiles.ts";

/** Bytes that an update may need at least: the state of some hundred resources, its version before, its history and its backup. */
const leastRoom = 16_000_000;

/** An update writes the state beside its version before, and at its end twice more. */
const copies = 4;

/**
 * Asks for room before an update, and keeps the state as it is. An engine that cannot write goes on, and leaves both files cut off.
 * @throws UserError where there is too little
 */
export function readyForUpdate(owner: StateOwner): void {
  const file = stateOnDisk(owner);
  if (file === undefined) return;
  const folder = nearest(dirname(file));
  const needed = Math.max(leastRoom, copies * (statSync(file, { throwIfNoEntry: false })?.size ?? 0));
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < needed)
    throw new UserError(
      `${megabytes(bavail * bsize)} free in ${folder}, and an update may write ${megabytes(needed)} of state there: nothing was changed.\nMake room, and run the command again.`,
    );
  if (!existsSync(file)) return;
  const copy = copyFromBefore(owner);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(file, copy);
}

/** What to do about a state that cannot be read. Only copies that are whole are named. */
export function damagedState(owner: StateOwner, error: unknown): UserError {
  const { backend, stack } = owner;
  const file = stateOnDisk(owner);
  const where = file ?? `The state of ${stack} in ${stateAddress(backend)}`;
  const whole = file === undefined ? undefined : copiesOf(owner, file).find(isWhole);
  return new UserError(
    [
      `${where} is damaged: ${error instanceof Error ? error.message : String(error)}`,
      ...(file === undefined ? ofBucket(stack) : whole === undefined ? none(stack, backend) : taken(stack, file, whole)),
    ].join("\n"),
    2,
  );
}

function taken(stack: string, file: string, copy: string): string[] {
  return [
    `A whole one, of ${statSync(copy).mtime.toISOString()}; what was made since is not in it:`,
    `  cp '${copy}' '${file}'`,
    `  slipway refresh --stack ${stack}`,
  ];
}

function none(stack: string, backend: Backend): string[] {
  return [
    "No copy of it is whole. What exists can be taken in, one by one, into an empty state (move the damaged file away first):",
    backend.kind === "shared" ? "  what exists: by the tags System and Environment in the account" : "  what exists: slipway sandbox list",
    `  ${pulumiCommand(`import --stack ${stack} <type> <name> <id>`)}`,
  ];
}

function ofBucket(stack: string): string[] {
  return [
    "A bucket with versions has the one before: restore it there, or",
    `  ${pulumiCommand(`stack import --stack ${stack} --file <version>`)}`,
  ];
}

/** Best first: the version before, the state before the last update, those from the ends of updates. */
function copiesOf(owner: StateOwner, file: string): string[] {
  const folder = join(dirname(file), "..", "..", "backups", owner.project.name, owner.stack);
  const backups = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  return [
    `${file}.bak`,
    copyFromBefore(owner),
    ...backups
      .sort()
      .reverse()
      .map((name) => join(folder, name)),
  ];
}

function isWhole(file: string): boolean {
  try {
    checkpointIn(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

function stateOnDisk({ backend, project, stack }: StateOwner): string | undefined {
  const address = stateAddress(backend);
  return address.startsWith("file:///") ? join(fileURLToPath(address), ".pulumi", "stacks", project.name, `${stack}.json`) : undefined;
}

function copyFromBefore({ backend, project, stack }: StateOwner): string {
  return join(backend.folder, "before", project.name, `${stack}.json`);
}

/** The first folder on the way up that is there: a first update makes the others. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
