/**
 * A copy of a stack's state in a folder of its own. A preview that has to read what is live first reads it into the copy:
 * the state stays as it is, nobody is locked out, and only what is asked for is read.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../userError.ts";
import type { Session } from "./session.ts";
import { storedState } from "./stateFiles.ts";

/** The copy; `remove` it when it is no longer needed. */
export interface StateCopy {
  /** Environment variables for engine commands that work on the copy. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** Whether the engine can work on a copy: secrets of Pulumi's own service can be read nowhere else. */
export function copiesState(session: Session): boolean {
  return session.backend.kind !== "shared" || /^(s3|gs|azblob|file):/.test(session.backend.url);
}

/** Copies the state as it is, its secrets encrypted. @throws UserError when the backend cannot be read */
export async function copyState(session: Session): Promise<StateCopy> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-state-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const file = join(folder, ".pulumi", "stacks", session.project.name, `${session.stack}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(join(folder, ".pulumi", "meta.yaml"), "version: 1\n"); // stacks lie in a folder of their project
    const text = (await storedState(session)) ?? (session.backend.kind === "shared" ? await exported(session) : undefined);
    if (text !== undefined) writeFileSync(file, text);
  } catch (error) {
    remove();
    throw error;
  }
  return { environment: { PULUMI_BACKEND_URL: `file://${folder}` }, remove };
}

/** What the backend exports, in the form in which a folder keeps it. */
async function exported(session: Session): Promise<string> {
  const { exitCode, stdout, stderr } = await session.capture(["stack", "export"]);
  if (exitCode !== 0) throw new UserError(`The state of ${session.stack} could not be read:\n${stderr.trim()}`);
  const { version, deployment } = JSON.parse(stdout) as { readonly version: number; readonly deployment: unknown };
  const stack = `organization/${session.project.name}/${session.stack}`;
  return JSON.stringify({ version, checkpoint: { stack, latest: deployment } });
}
