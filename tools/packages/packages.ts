/** The packages that are made of this repository, and how a file of one names a file of another. */
import { dirname, join, relative, sep } from "node:path";

/** The repository. */
export const root = join(import.meta.dirname, "..", "..");

/** How a package's files load each other. */
export type Format = "esm" | "cjs";

/** One package as it is built. */
export interface Package {
  /** Workspace: the folder with its manifest. */
  readonly workspace: string;
  readonly name: string;
  /** Folders of the repository whose files are in it. The first is the workspace's own. */
  readonly folders: readonly [string, ...string[]];
  /** Formats that its files are built in. Who imports nothing of it, as nobody does of a command line, needs one. */
  readonly formats: readonly [Format, ...Format[]];
}

export const packages: readonly Package[] = [
  { workspace: "components", name: "@slipway/components", folders: ["components"], formats: ["esm", "cjs"] },
  { workspace: "infra", name: "@slipway/program", folders: ["infra"], formats: ["esm", "cjs"] },
  { workspace: "ops", name: "slipway", folders: ["ops", "rehearsal", "sandbox", "docs/runbooks"], formats: ["esm"] },
];

/** The package of a workspace. @throws Error naming the workspaces */
export function packageOf(workspace: string): Package {
  const found = packages.find((candidate) => candidate.workspace === workspace);
  if (found !== undefined) return found;
  throw new Error(`${workspace} is no workspace with a package; there are ${packages.map((each) => each.workspace).join(", ")}`);
}

/** Where a file of the repository lies in a package's build: a package of one folder has its files at the top. */
export function pathIn({ folders }: Package, file: string): string {
  return folders.length === 1 ? relative(folders[0], file) : file;
}

const specifiers = /\b((?:from|import|require)\b\s*\(?\s*)"([\w@./-]+)"/g;

/** What a built file imports that is no file of its package, as it stands there. */
export function importedBy(text: string): string[] {
  return [...text.matchAll(specifiers)].flatMap(([, , specifier = ""]) => (/^(?:\.|node:)/.test(specifier) ? [] : [specifier]));
}

/**
 * A built file's text with imports that hold in its package: what another package has is imported by that one's name, and `.ts`
 * is what became of it.
 * @param file the source's path in the repository
 * @throws Error when it imports a file that is in no package
 */
export function withPackageImports(text: string, own: Package, file: string): string {
  return text.replaceAll(specifiers, (whole, start: string, specifier: string) => {
    // In types, the compiler itself names what the workspaces have, by the source's file.
    if (!specifier.startsWith("."))
      return packages.some(({ name }) => specifier.startsWith(`${name}/`)) ? `${start}"${specifier.replace(/\.ts$/, "")}"` : whole;
    const built = specifier.replace(/\.ts$/, ".js");
    const target = join(dirname(file), built);
    const [folder = ""] = target.split(sep);
    if (own.folders.includes(folder)) return `${start}"${built}"`;
    const other = packages.find(({ folders }) => folders.includes(folder));
    if (other === undefined) throw new Error(`${file} imports ${specifier}, which is in no package`);
    return `${start}"${other.name}/${pathIn(other, target).replaceAll(sep, "/").replace(/\.js$/, "")}"`;
  });
}
