/**
 * Finds the real Pulumi engine: `pulumi` on PATH, a cached one, the npm package's download, a build from the Go module
 * proxy, in this order.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, constants, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import type { Progress } from "./progress.ts";
import { buildFromSource, sourceFolder } from "./source.ts";
import { goVersion, npmEngine, type SourceEngine, sourceEngines } from "./versions.ts";

/** A Pulumi CLI that can run Node.js programs. */
export interface Engine {
  /** Path of the `pulumi` binary. */
  readonly pulumi: string;
  /** Folder with the language host that belongs to it. */
  readonly folder: string;
  readonly version: string;
  readonly origin: "PATH" | "cache" | "npm" | "source";
}

/** None of the ways to get an engine worked. The message says what was tried and what to install. */
export class NoEngineError extends Error {}

/** Where Slipway keeps what it can always make again. `SLIPWAY_CACHE`, else the user's cache folder. */
export function cacheFolder(): string {
  return process.env.SLIPWAY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir() || userInfo().homedir, ".cache"), "slipway");
}

/** Version that every command of a pipeline is to run, `SLIPWAY_ENGINE`; undefined where any supported one will do. */
function pinnedVersion(): string | undefined {
  const version = process.env.SLIPWAY_ENGINE;
  const made = [sourceEngines.newest, npmEngine];
  if (version === undefined || version === "" || made.some((one) => one === version)) return version || undefined;
  throw new NoEngineError(`SLIPWAY_ENGINE is ${version}, which Slipway can neither get nor build. Set it to ${made.join(" or ")}.`);
}

/**
 * Finds an engine, downloading or building one when there is none.
 * @throws NoEngineError when every way fails
 */
export async function findEngine(progress: Progress, cache = cacheFolder()): Promise<Engine> {
  const pinned = pinnedVersion();
  return firstOf("No Pulumi engine was found, and none could be made:", [
    () => onPath(pinned),
    () => inCache(cache, pinned),
    ...(pinned === sourceEngines.newest ? [] : [() => fromNpm(cache, progress)]),
    ...(pinned === npmEngine ? [] : [() => builtEngine("newest", progress, cache)]),
  ]);
}

/** The engine that is here already: nothing is downloaded, nothing built. @throws NoEngineError when there is none */
export function presentEngine(cache = cacheFolder()): Promise<Engine> {
  return firstOf("No Pulumi engine is here yet:", [() => onPath(pinnedVersion()), () => inCache(cache, pinnedVersion())]);
}

async function firstOf(none: string, ways: readonly (() => Promise<Engine>)[]): Promise<Engine> {
  const tried: string[] = [];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new NoEngineError(
    [
      none,
      ...tried.map((reason) => `  - ${reason.replaceAll("\n", "\n    ")}`),
      "Install one of these, then run the command again:",
      `  - the Pulumi CLI ${sourceEngines.oldest} or newer (https://www.pulumi.com/docs/install), or`,
      `  - Go ${goVersion} or newer (https://go.dev/dl), from which Slipway builds the CLI in about three minutes`,
    ].join("\n"),
  );
}

async function onPath(pinned: string | undefined): Promise<Engine> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const pulumi = join(folder, "pulumi");
    if (folder === "" || !(await isExecutable(pulumi))) continue;
    const version = await versionOf(pulumi);
    if (version === undefined || semver.lt(version, sourceEngines.oldest)) {
      throw new Error(`PATH: ${pulumi} is version ${version ?? "unknown"}; ${sourceEngines.oldest} or newer is needed`);
    }
    if (pinned !== undefined && version !== pinned) throw new Error(`PATH: ${pulumi} is version ${version}; SLIPWAY_ENGINE is ${pinned}`);
    return { pulumi, folder, version, origin: "PATH" };
  }
  throw new Error("PATH: no pulumi");
}

async function inCache(cache: string, pinned: string | undefined): Promise<Engine> {
  const downloaded = npmFolder(cache);
  if (pinned !== sourceEngines.newest && existsSync(join(downloaded, "pulumi"))) return checked(downloaded, npmEngine, "cache");
  const built = await sourceFolder(cache, "newest");
  if (pinned !== npmEngine && existsSync(join(built, "pulumi"))) return checked(built, sourceEngines.newest, "cache");
  throw new Error(`cache: nothing in ${cache}`);
}

async function fromNpm(cache: string, progress: Progress): Promise<Engine> {
  const server = "https://get.pulumi.com";
  progress(`looking for ${server}`);
  await fetch(server, { method: "HEAD", signal: AbortSignal.timeout(5000) }).catch(() => {
    throw new Error(`npm: the package pulumi downloads from ${server}, which does not answer`);
  });
  const prefix = join(cache, "npm");
  await mkdir(prefix, { recursive: true });
  progress(`downloading pulumi ${npmEngine}`);
  await execa("npm", ["install", "--prefix", prefix, "--no-audit", "--no-fund", "--loglevel=error", `pulumi@${npmEngine}`]);
  const run = join(prefix, "node_modules", "pulumi", "run.js");
  await execa(process.execPath, [run, "version"], {
    env: { PULUMI_HOME: join(cache, "npm-home"), PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 300_000,
  });
  return checked(npmFolder(cache), npmEngine, "npm");
}

/**
 * One of the engines that are built from source, from the cache when it was built before; about three minutes otherwise.
 * @throws Error when it cannot be built, or is not the version that its pin says
 */
export async function builtEngine(engine: SourceEngine, progress: Progress, cache = cacheFolder()): Promise<Engine> {
  try {
    const folder = await sourceFolder(cache, engine);
    if (existsSync(join(folder, "pulumi"))) return await checked(folder, sourceEngines[engine], "cache");
    return await checked(await buildFromSource(cache, engine, progress), sourceEngines[engine], "source");
  } catch (error) {
    throw new Error(`source: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where the npm package puts its download below its PULUMI_HOME. */
function npmFolder(cache: string): string {
  return join(cache, "npm-home", "versions", npmEngine, "bin");
}

async function checked(folder: string, expected: string, origin: Engine["origin"]): Promise<Engine> {
  const pulumi = join(folder, "pulumi");
  const version = await versionOf(pulumi);
  if (version !== expected)
    throw new Error(
      `${origin}: ${pulumi} is version ${version ?? "unknown"}, expected ${expected}; delete ${dirname(folder)} and run again`,
    );
  return { pulumi, folder, version, origin };
}

/** Asks a binary once and keeps the answer for as long as the file is the same: a start takes half a second. */
async function versionOf(pulumi: string): Promise<string | undefined> {
  const { ino, size, ctimeMs } = await stat(pulumi);
  const stamp = createHash("sha256").update(`${pulumi} ${ino} ${size} ${ctimeMs}`).digest("hex").slice(0, 16);
  const note = join(cacheFolder(), "versions", stamp);
  const known = await readFile(note, "utf8").catch(() => undefined);
  if (known !== undefined && semver.valid(known) !== null) return known;
  const result = await execa(pulumi, ["version"], { reject: false, env: { PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const version = semver.valid(semver.coerce(result.stdout, { includePrerelease: true })) ?? undefined;
  if (version !== undefined) await writeWhole(note, version);
  return version;
}

/** Others may read the file at any moment: it is there whole or not at all. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
