/** Builds the Pulumi CLI and its Node.js language host from the Go module proxy. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Progress } from "./engine.ts";
import { sourceEngine, sourceLanguageHost } from "./versions.ts";

interface Binary {
  /** Folder beside this file with the pinned `go.mod` and `go.sum`. */
  readonly module: string;
  readonly packagePath: string;
  readonly version: string;
  readonly file: string;
}

const binaries: readonly Binary[] = [
  { module: "cli", packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version: sourceEngine, file: "pulumi" },
  {
    module: "host",
    packagePath: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: sourceLanguageHost,
    file: "pulumi-language-nodejs-host",
  },
];

/**
 * The language host of 3.65 does not receive `runtime.options` of Pulumi.yaml from a newer CLI, so they come in through
 * the environment.
 */
const languageHostWrapper = `#!/bin/sh
exec "$(dirname "$0")/pulumi-language-nodejs-host" -typescript="\${SLIPWAY_RUNTIME_TYPESCRIPT:-false}" -nodeargs="\${SLIPWAY_RUNTIME_NODEARGS:-}" "$@"
`;

/** Folder of the built engine inside the cache; its name changes with every pinned version and platform. */
export async function sourceFolder(cache: string): Promise<string> {
  const pins = await Promise.all(
    binaries.flatMap(({ module }) => ["go.mod", "go.sum"].map((file) => readFile(join(import.meta.dirname, module, file)))),
  );
  const stamp = createHash("sha256")
    .update(Buffer.concat(pins))
    .update(languageHostWrapper)
    .update(`${process.platform} ${process.arch}`)
    .digest("hex")
    .slice(0, 12);
  return join(cache, "engine", `${sourceEngine}-${stamp}`);
}

/**
 * Builds both binaries into the cache; the folder appears only when complete. About three minutes on two cores.
 * @throws Error when Go is absent or the build fails, with the end of Go's own output
 */
export async function buildFromSource(cache: string, progress: Progress): Promise<string> {
  const folder = await sourceFolder(cache);
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    for (const binary of binaries) await build(binary, draft, progress);
    const wrapper = join(draft, "pulumi-language-nodejs");
    await writeFile(wrapper, languageHostWrapper);
    await chmod(wrapper, 0o755);
    if (!existsSync(folder)) await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

async function build({ module, packagePath, version, file }: Binary, folder: string, progress: Progress): Promise<void> {
  const go = { cwd: join(import.meta.dirname, module), env: { GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" } };
  progress(`downloading the sources of ${file} ${version}`);
  const list = await execa("go", ["list", "-deps", packagePath], { ...go, reject: false });
  if (list.exitCode !== 0) throw new Error(list.code === "ENOENT" ? "Go is not installed" : lastLines(list.stderr));
  const total = list.stdout.split("\n").length;
  const flags = ["-v", "-trimpath", "-ldflags", `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`];
  const compile = execa("go", ["build", ...flags, "-o", join(folder, file), packagePath], { ...go, reject: false });
  let compiled = 0;
  compile.stderr.on("data", (chunk: Buffer) => {
    compiled += chunk.toString().split("\n").length - 1;
    progress(`compiling ${file} ${version}`, Math.min(compiled / total, 0.99));
  });
  progress(`compiling ${file} ${version}`, 0);
  const result = await compile;
  if (result.exitCode !== 0) throw new Error(lastLines(result.stderr));
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
