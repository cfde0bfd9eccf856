/** A scratch folder with projects and their open sessions, all gone when it is closed. */

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { keyPrefix } from "../infra/config/ownKeys.ts";
import { readStackFile } from "../infra/config/stackFile.ts";
import { resolvedConfig } from "../ops/config/show.ts";
import { sandboxOf } from "../ops/engine/backend.ts";
import { engineProgress } from "../ops/engine/progress.ts";
import { Session } from "../ops/engine/session.ts";
import { findProject, type Project } from "../ops/project/project.ts";
import { pushConfigured } from "../rehearsal/sandbox/images.ts";
import { setConfiguredSecrets } from "../rehearsal/sandbox/secrets.ts";
import { stack } from "./projects.ts";

/** Account of the stack file that is measured; the simulated credentials belong to it. */
export const account = "123456789012";

/** Projects and sessions of one bench run. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  /** This repository. */
  readonly source = findProject(join(import.meta.dirname, ".."));
  readonly #sessions: Session[] = [];

  /** Text of the stack file that is measured, the bench's own, with what its base says: what the project's stacks get besides must not change figures. */
  get model(): string {
    const { raw } = readStackFile(join(import.meta.dirname, "stack", `Pulumi.${stack}.yaml`));
    return stringify({ config: Object.fromEntries(Object.entries(raw).map(([key, value]) => [`${keyPrefix}${key}`, value])) });
  }

  /** Folder of a project in here. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Opens a session on a project in here, with the given stack file. */
  async open(project: Project, stackText: string): Promise<Session> {
    setStack(project, stackText);
    // A compile cache of its own: what is measured as a first run must be one.
    process.env.NODE_COMPILE_CACHE = compileCache(project);
    const stackFile = stackFileOf(project);
    const backend = sandboxOf(project);
    const config = resolvedConfig(stackFile);
    pushConfigured(backend.folder, config);
    setConfiguredSecrets(backend.folder, config);
    const session = new Session({ project, stack, stackFile, backend, account, progress: engineProgress() });
    this.#sessions.push(session);
    return session;
  }

  /** Stops the simulated providers and removes the folder. */
  close(): void {
    for (const session of this.#sessions) session.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes a project's stack file. */
export function setStack(project: Project, text: string): void {
  writeFileSync(stackFileOf(project), text);
}

/** Gives a project the state and the cloud of another, before its session is opened. */
export function copyCloud(from: Project, to: Project): void {
  cpSync(join(from.folder, ".slipway"), join(to.folder, ".slipway"), { recursive: true });
}

/** Forgets what Node.js has compiled and ts-node has checked for a project, as on a fresh machine. */
export function forgetCaches(project: Project): void {
  for (const cache of [compileCache(project), checkCache(project)]) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
  }
}

/** Where ts-node keeps what it has checked for a project. */
export function checkCache(project: Project): string {
  return join(project.folder, ".cache", "ts-node");
}

function compileCache(project: Project): string {
  return join(project.folder, ".cache", "node");
}

function stackFileOf(project: Project): string {
  return join(project.folder, `Pulumi.${stack}.yaml`);
}
