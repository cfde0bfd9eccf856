/** Builds the Pulumi CLI and its Node.js language host from the Go module proxy. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Progress } from "./progress.ts";
import { type SourceEngine, sourceEngines, sourceLanguageHost } from "./versions.ts";

interface Binary {
  /** Folder beside this file with the pinned `go.mod` and `go.sum`. */
  readonly module: string;
  readonly packagePath: string;
  readonly version: string;
  readonly file: string;
}

/** The CLI, and the language host that goes with either. */
function binariesOf(engine: SourceEngine): readonly Binary[] {
  return [
    { module: engine, packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version: sourceEngines[engine], file: "pulumi" },
    {
      module: "host",
      packagePath: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      version: sourceLanguageHost,
      file: "pulumi-language-nodejs-host",
    },
  ];
}

/**
 * The language host of 3.65 does not receive `runtime.options` of Pulumi.yaml from a newer CLI, so they come in through
 * the environment.
 */
const languageHostWrapper = `#!/bin/sh
exec "$(dirname "$0")/pulumi-language-nodejs-host" -typescript="\${SLIPWAY_RUNTIME_TYPESCRIPT:-false}" -nodeargs="\${SLIPWAY_RUNTIME_NODEARGS:-}" "$@"
`;

/**
 * That host gives the program an address of its own, behind which it forwards the calls of its day: `registerResourceTransform`,
 * hooks and parameterized packages ended in the SDK's own TypeError. The program gets the engine's address instead.
 */
const forwarded = 'fmt.Sprintf("127.0.0.1:%d", handle.Port), pipes.directory())';
const direct = "req.GetMonitorAddress(), pipes.directory())";

/** Folder of a built engine inside the cache; its name changes with every pinned version and platform. */
export async function sourceFolder(cache: string, engine: SourceEngine): Promise<string> {
  const pins = await Promise.all(
    binariesOf(engine).flatMap(({ module }) => ["go.mod", "go.sum"].map((file) => readFile(join(import.meta.dirname, module, file)))),
  );
  const stamp = createHash("sha256")
    .update(Buffer.concat(pins))
    .update(languageHostWrapper + direct)
    .update(`${process.platform} ${process.arch}`)
    .digest("hex")
    .slice(0, 12);
  return join(cache, "engine", `${sourceEngines[engine]}-${stamp}`);
}

/**
 * Builds both binaries into the cache; the folder appears only when complete. About three minutes on two cores.
 * @throws Error when Go is absent or the build fails, with the end of Go's own output
 */
export async function buildFromSource(cache: string, engine: SourceEngine, progress: Progress): Promise<string> {
  const folder = await sourceFolder(cache, engine);
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    for (const binary of binariesOf(engine)) await build(binary, draft, progress);
    await rm(join(draft, "host"), { recursive: true });
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
  const list = await execa("go", ["list", "-deps", "-f", "{{.Dir}}", packagePath], { ...go, reject: false });
  if (list.exitCode !== 0) throw new Error(list.code === "ENOENT" ? "Go is not installed" : lastLines(list.stderr));
  const sources = list.stdout.split("\n");
  const flags = ["-v", "-trimpath", "-ldflags", `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`];
  const what =
    module === "host" ? { ...go, cwd: await hostSources(sources.at(-1) ?? "", go.cwd, folder), from: "." } : { ...go, from: packagePath };
  const compile = execa("go", ["build", ...flags, "-o", join(folder, file), what.from], { cwd: what.cwd, env: go.env, reject: false });
  let compiled = 0;
  compile.stderr.on("data", (chunk: Buffer) => {
    compiled += chunk.toString().split("\n").length - 1;
    progress(`compiling ${file} ${version}`, Math.min(compiled / sources.length, 0.99));
  });
  progress(`compiling ${file} ${version}`, 0);
  const result = await compile;
  if (result.exitCode !== 0) throw new Error(lastLines(result.stderr));
}

/** The host's own files beside its pins, as a module of ours: Go lets nobody replace a file of a module that it downloaded. */
async function hostSources(published: string, pins: string, folder: string): Promise<string> {
  const copy = join(folder, "host");
  await mkdir(copy);
  for (const file of ["go.mod", "go.sum"]) await copyFile(join(pins, file), join(copy, file));
  for (const file of (await readdir(published)).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))) {
    const text = await readFile(join(published, file), "utf8");
    if (file === "main.go" && text.split(forwarded).length !== 2) throw new Error(`${published}/main.go starts the program in another way`);
    await writeFile(join(copy, file), text.replace(forwarded, direct));
  }
  return copy;
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join("\n");
}
