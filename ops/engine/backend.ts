/**
 * Where a stack's state lives, and with it the cloud that a command speaks of: state in the project's `.slipway` folder is the
 * simulated cloud's, so that everything works without an account; any other backend's is the real one's, always.
 */
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type PackageName, packageNames } from "../../sandbox/sandbox.ts";
import type { Project } from "../project/project.ts";
import { UserError } from "../userError.ts";

/** State in `.slipway`, the simulated cloud beside it. */
export interface SandboxBackend {
  readonly kind: "sandbox";
  /** Holds state, live cloud, engine home. */
  readonly folder: string;
  /** Providers whose real plugins are used all the same, for tests. Their states are kept in a folder of their own. */
  readonly real: readonly PackageName[];
}

/** State that people and pipelines share: that of real resources throughout. */
export interface SharedBackend {
  readonly kind: "shared";
  /** Scratch of this machine. */
  readonly folder: string;
  /** As `PULUMI_BACKEND_URL` or `backend.url` in `Pulumi.yaml` names it, such as `s3://<bucket>?region=<region>`. */
  readonly url: string;
}

/** A copy of a stack's state in a folder of this machine: it speaks of the cloud that the original speaks of. */
export interface CopiedBackend {
  readonly kind: "copy";
  /** Holds the copied state. */
  readonly folder: string;
  readonly of: SandboxBackend | SharedBackend;
}

export type Backend = SandboxBackend | SharedBackend | CopiedBackend;

/** A backend whose state is a file of this machine, in a folder that Slipway keeps. */
export type LocalBackend = SandboxBackend | CopiedBackend;

/**
 * The backend of a project: `PULUMI_BACKEND_URL`, else `backend.url` of `Pulumi.yaml`, else `.slipway`, which `file://.slipway` names.
 * @param real providers whose real plugins are used on a state in `.slipway`, for tests. @default none
 * @throws UserError when the address leads to somewhere within `.slipway`, or when `real` is given for a shared state
 */
export function backendOf(project: Project, real: readonly PackageName[] = []): SandboxBackend | SharedBackend {
  const url = process.env.PULUMI_BACKEND_URL || project.backendUrl;
  const { folder } = sandboxOf(project);
  const inside = url === undefined ? "" : placeWithin(folder, url, project);
  if (url === undefined || inside === "") return sandboxOf(project, real);
  if (inside !== undefined) throw simulatedState(url);
  if (real.length > 0) throw realAnyway(url);
  return { kind: "shared", folder, url };
}

/** The project's state in `.slipway`. @param real providers whose real plugins are used. @default none */
export function sandboxOf(project: Project, real: readonly PackageName[] = []): SandboxBackend {
  const folder = join(project.folder, ".slipway");
  const names = [...new Set(real)].sort();
  return { kind: "sandbox", folder: names.length === 0 ? folder : join(folder, `real-${names.join("-")}`), real: names };
}

/** Where a copy of a stack's state is kept, in place of the copy before. */
export function copyOf(backend: SandboxBackend | SharedBackend, stack: string): CopiedBackend {
  return { kind: "copy", folder: join(backend.folder, `copy-${stack}`), of: backend };
}

/** Whether a command on this backend asks the real side of a provider. */
export function isReal(backend: Backend, name: PackageName): boolean {
  const { kind } = backend;
  return kind === "copy" ? isReal(backend.of, name) : kind === "shared" || backend.real.includes(name);
}

/** Folder of the simulated cloud that goes with the backend. */
export function cloudFolder(backend: Backend): string {
  return backend.kind === "copy" ? backend.of.folder : backend.folder;
}

/** Providers that are simulated on this backend. */
export function simulatedOn(backend: Backend): readonly PackageName[] {
  return packageNames.filter((name) => !isReal(backend, name));
}

/** The cloud that a command speaks of, for messages: `AWS account 123456789012`, `the simulated cloud in .slipway`. */
export function cloudName(backend: Backend, accountId: string): string {
  if (isReal(backend, "aws")) return `AWS account ${accountId}`;
  return `the simulated cloud in ${relative(process.cwd(), cloudFolder(backend)) || "."}`;
}

const titles: Readonly<Record<PackageName, string>> = { aws: "AWS", cloudflare: "Cloudflare", kubernetes: "Kubernetes" };

/** What a run of the engine works on, in one line: the cloud and where the state is, and in tests what is real and what is not. */
export function banner(backend: Backend, accountId: string): string {
  const { kind } = backend;
  if (kind === "copy") return `${banner(backend.of, accountId)}, on a copy`;
  if (kind === "shared") return `AWS account ${accountId}, state in ${backend.url}`;
  if (backend.real.length === 0) return cloudName(backend, accountId);
  const sides = packageNames.map((name) => `${titles[name]} ${isReal(backend, name) ? "real" : "simulated"}`);
  return `${sides.join(", ")}; state in ${relative(process.cwd(), backend.folder)}`;
}

/** Folder of a local state. */
export function stateFolder(backend: LocalBackend): string {
  return join(backend.folder, "state");
}

/** Address of the state, as the engine takes it. */
export function stateAddress(backend: Backend): string {
  return backend.kind === "shared" ? backend.url : pathToFileURL(stateFolder(backend)).href;
}

/** File of a stack's local state; it exists once the stack was created. */
export function stateFile(backend: LocalBackend, project: Project, stack: string): string {
  return join(stateFolder(backend), ".pulumi", "stacks", project.name, `${stack}.json`);
}

/** Where below a folder a `file:` address leads; empty for the folder itself, undefined for anywhere else. */
function placeWithin(folder: string, url: string, project: Project): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const [address = url] = url.split("?");
  const path = address.startsWith("file:///") ? fileURLToPath(address) : address.slice("file://".length);
  const inside = relative(folder, resolve(project.folder, path));
  return inside.startsWith("..") ? undefined : inside;
}

function realAnyway(url: string): UserError {
  const words = process.argv.slice(2).filter((word, index, all) => word !== "--real" && all[index - 1] !== "--real");
  return new UserError(
    [
      `The state is in ${url}, where every provider is the real one; --real exchanges one simulated provider on a state in .slipway, for tests.`,
      `Nothing was done. Leave it out:   slipway ${words.filter((word) => !word.startsWith("--real=")).join(" ")}`,
    ].join("\n"),
    2,
  );
}

function simulatedState(url: string): UserError {
  return new UserError(
    [
      `The backend is ${url}, which is where the simulated cloud keeps its states.`,
      "Nothing was done. For the simulated cloud:   export PULUMI_BACKEND_URL=file://.slipway",
    ].join("\n"),
    2,
  );
}
