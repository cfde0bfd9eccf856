/**
 * `npm pack` and `npm publish` run this in a package's folder: builds `dist/` there, in each of the package's formats, with types and
 * with the files that are read as they are, such as functions' code. Types are checked by `npm test`, and not again here.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Format, importedBy, type Package, packageOf, packages, pathIn, root, withPackageImports } from "./packages.ts";

/** What stays in the repository: it installs what the repository pins, and shows it. */
const unpacked = /^(?:ops\/install\.js|rehearsal\/demo\/.*|[^/]+\/(?:package\.json|README\.md|LICENSE))$/;

const own = packageOf(basename(process.cwd()));
const dist = join(root, own.workspace, "dist");
rmSync(dist, { recursive: true, force: true });
for (const format of own.formats) compile(format);
const imported = new Set(own.formats.flatMap((format) => build(own, format)));
refuseUndeclared(own, imported);
copyFileSync(join(root, "LICENSE"), join(root, own.workspace, "LICENSE"));

/** Compiles what all packages are made of, or what changed of it. */
function compile(format: Format): void {
  const { status, stdout } = spawnSync("tsc", ["--project", join(import.meta.dirname, `tsconfig.${format}.json`)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`The packages cannot be compiled (${format}):\n${stdout}`);
}

/** Writes one format of a package. @returns names of the packages that it imports */
function build(own: Package, format: Format): string[] {
  const found: string[] = [];
  for (const file of own.folders.flatMap(filesIn)) {
    const target = join(dist, format, pathIn(own, file));
    mkdirSync(dirname(target), { recursive: true });
    if (!/\.(?:ts|js|cjs)$/.test(file)) {
      copyFileSync(join(root, file), target);
      continue;
    }
    for (const [from, to] of sourcesOf(own, file, target, format)) {
      const text = withPackageImports(readFileSync(from, "utf8"), own, file);
      found.push(...importedBy(text).map(packageNameOf));
      writeFileSync(to, text);
    }
  }
  writeFileSync(join(dist, format, "package.json"), `${JSON.stringify({ type: format === "esm" ? "module" : "commonjs" })}\n`);
  return found;
}

/** What becomes of a source: JavaScript and, where somebody imports it, types. Those of every format are made with CommonJS. */
function sourcesOf({ formats }: Package, file: string, target: string, format: Format): (readonly [string, string])[] {
  if (!file.endsWith(".ts")) return [[join(root, file), target]];
  const compiled = (kind: Format, extension: string) => join(root, "node_modules/.cache/packages", kind, file.replace(/\.ts$/, extension));
  const script = [compiled(format, ".js"), target.replace(/\.ts$/, ".js")] as const;
  return formats.includes("cjs") ? [script, [compiled("cjs", ".d.ts"), target.replace(/\.ts$/, ".d.ts")]] : [script];
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.startsWith(join(folder, "dist/")) && !unpacked.test(file));
}

function packageNameOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** A package that somebody else installs has what its manifest names, and nothing else of this repository. */
function refuseUndeclared({ workspace, name }: Package, imported: ReadonlySet<string>): void {
  const manifest = join(root, workspace, "package.json");
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, "utf8")) as Record<string, Record<string, string>>;
  const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  const missing = [...imported].filter((each) => each !== name && !declared.has(each));
  // A package of ours that is declared brings types of its own along; any other that nobody imports is a leftover.
  const unused = [...declared].filter((each) => !imported.has(each) && !packages.some((other) => other.name === each));
  if (missing.length + unused.length === 0) return;
  throw new Error(
    [
      `${workspace}/package.json does not say what ${name} is made of:`,
      ...missing.map((each) => `  dependencies.${each} is missing; it is imported. Run: npm install --workspace ${workspace} ${each}`),
      ...unused.map((each) => `  dependencies.${each} is imported nowhere. Run: npm uninstall --workspace ${workspace} ${each}`),
    ].join("\n"),
  );
}
