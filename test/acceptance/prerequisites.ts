/** What the acceptance needs and does not bring along: the real AWS provider plugin, and Python for the API server. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import semver from "semver";
import { cacheFolder } from "../../sandbox/engine/engine.ts";

/** Something is not installed. The message says what, and how to get it. */
export class MissingPrerequisite extends Error {}

const binary = "pulumi-resource-aws";

/** Versions of the SDKs, for which the engine asks: a plugin has to match the one of its provider. */
export const sdkVersions = { aws: versionOf("@pulumi/aws"), kubernetes: versionOf("@pulumi/kubernetes") } as const;
const sdkVersion = sdkVersions.aws;

function versionOf(sdk: string): string {
  return (createRequire(import.meta.url)(`${sdk}/package.json`) as { readonly version: string }).version;
}

/**
 * The plugin: on PATH, else installed for the user, the newest that fits the SDK.
 * @throws MissingPrerequisite
 */
export function findPlugin(): string {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, binary));
  const plugins = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  const installed = existsSync(plugins) ? readdirSync(plugins).filter((name) => semver.satisfies(versionIn(name), `^${sdkVersion}`)) : [];
  const newestFirst = installed.sort((a, b) => semver.rcompare(versionIn(a), versionIn(b))).map((name) => join(plugins, name, binary));
  const found = [...onPath, ...newestFirst].find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new MissingPrerequisite(
    [
      `The real AWS provider plugin is not installed: there is no ${binary} on PATH and no resource-aws-v${sdkVersion} in ${plugins}.`,
      "Get it with one of these, then run the command again:",
      `  - pulumi plugin install resource aws ${sdkVersion}`,
      `  - a folder with ${binary} in front of PATH: PATH=<folder>:$PATH npm run acceptance`,
    ].join("\n"),
  );
}

/** Version that a plugin says it has. @throws MissingPrerequisite when the file is no provider plugin */
export async function pluginVersion(plugin: string): Promise<string> {
  const { stdout, exitCode } = await execa(plugin, ["-version"], { reject: false, stdin: "ignore", timeout: 60_000 });
  const version = semver.valid(stdout.trim());
  if (exitCode === 0 && version !== null) return version;
  throw new MissingPrerequisite(`${plugin} -version ended with ${exitCode} and without a version: it is no provider plugin.`);
}

function versionIn(folder: string): string {
  return folder.match(/^resource-aws-v(.+)$/)?.[1] ?? "";
}

/** Python packages that a check needs. */
export interface PythonPackages {
  /** What they are, for messages: `the API server's`. */
  readonly whose: string;
  /** A `requirements.txt`. */
  readonly requirements: string;
  /** Folder of the cache that they are kept under. */
  readonly folder: string;
}

/** Python with the API server's packages, in the cache; made once. @returns the interpreter @throws MissingPrerequisite */
export function findPython(progress: (step: string) => void): Promise<string> {
  return pythonWith(
    { whose: "the API server's", requirements: join(import.meta.dirname, "requirements.txt"), folder: "acceptance" },
    progress,
  );
}

/**
 * Python with packages, in the cache; made once.
 * @returns the interpreter
 * @throws MissingPrerequisite when Python or one of the packages cannot be had
 */
export async function pythonWith({ whose, requirements, folder: kept }: PythonPackages, progress: (step: string) => void): Promise<string> {
  const { stdout: version, exitCode } = await execa("python3", ["-c", "import sys; print(sys.version)"], { reject: false });
  if (exitCode !== 0)
    throw new MissingPrerequisite(
      "Python is not installed: there is no python3 on PATH. Get Python 3.10 or newer from https://www.python.org",
    );
  const wanted = createHash("sha256").update(readFileSync(requirements)).update(String(version)).digest("hex");
  const folder = join(cacheFolder(), kept, "python");
  const stamp = join(folder, "made-from");
  const python = join(folder, "bin", "python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  progress(`installing ${whose} Python packages, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps = [
    ["python3", "-m", "venv", folder],
    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
  ] as const;
  for (const [command, ...args] of steps) {
    const result = await execa(command, args, { reject: false, all: true });
    if (result.exitCode !== 0)
      throw new MissingPrerequisite(
        `${whose} Python packages could not be installed. This failed:\n  ${[command, ...args].join(" ")}\n${result.all.trim()}`,
      );
  }
  writeFileSync(stamp, wanted);
  return python;
}
