/** The config of the branch that a change is meant for, as its files say it there. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import { baseNames } from "../../infra/config/baseFiles.ts";
import { readStackFile, type StackFile } from "../../infra/config/stackFile.ts";
import { textIn } from "../../infra/config/textFile.ts";
import { type ConfigLine, configLines } from "./configLines.ts";

/** Folder with the target branch's files at the top of the repository: the pipeline (`pr.yml`) checks them out there. */
export const targetBranchFolder = "target-branch";

/** How long git may take for one answer, milliseconds. */
const longest = 5_000;

const run = promisify(execFile);

/**
 * Lines that differ from the target branch's. Never throws: where git, or the files of that branch, cannot tell, nothing is said.
 * @param file of the stack
 * @returns undefined where nobody can tell
 */
export async function linesSince(file: string): Promise<readonly ConfigLine[] | undefined> {
  const folder = dirname(resolve(file));
  try {
    const checkedOut = checkedOutIn(folder, basename(file));
    const before =
      checkedOut === undefined
        ? await stackFileAt(file, await comparedWith(folder, [basename(file), ...baseNames(textIn(file))]))
        : readStackFile(checkedOut);
    const after = readStackFile(file);
    // What a base holds that nobody can read would look as if it had gone.
    return before.incomplete === true || after.incomplete === true ? undefined : configLines(before, after);
  } catch {
    return undefined;
  }
}

/** The same file in the pipeline's checkout of the target branch, which lies at the top of the repository. */
function checkedOutIn(folder: string, name: string): string | undefined {
  const above = folder.split(sep).map((_, index, parts) => parts.slice(0, parts.length - index).join(sep) || sep);
  return above.map((top) => join(top, targetBranchFolder, relative(top, folder), name)).find((file) => existsSync(file));
}

/** What a checkout is compared with: what was committed where files of the stack were edited since, the commit before on the main branch, else where it left that. */
async function comparedWith(folder: string, files: readonly string[]): Promise<string> {
  const edited = await git(folder, ["status", "--porcelain", "--", ...files]);
  if (edited !== "") return "HEAD";
  const [head, left] = [
    await git(folder, ["rev-parse", "HEAD"]),
    await git(folder, ["merge-base", "HEAD", "origin/HEAD"])
      .catch(() => git(folder, ["merge-base", "HEAD", "origin/main"]))
      .catch(() => ""),
  ];
  return left === "" || left === head ? "HEAD^" : left;
}

/** The stack file and its bases as a commit has them, read out of a folder that is gone afterwards. */
async function stackFileAt(file: string, commit: string): Promise<StackFile> {
  const [folder, old] = [dirname(file), mkdtempSync(join(tmpdir(), "slipway-target-"))];
  try {
    const name = basename(file);
    const text = await git(folder, ["show", `${commit}:./${name}`]);
    writeFileSync(join(old, name), `${text}\n`);
    for (const base of baseNames(text)) writeFileSync(join(old, basename(base)), `${await git(folder, ["show", `${commit}:./${base}`])}\n`);
    const project = await git(folder, ["show", `${commit}:./Pulumi.yaml`]).catch(() => undefined);
    if (project !== undefined) writeFileSync(join(old, "Pulumi.yaml"), `${project}\n`);
    const read = readStackFile(join(old, name));
    // Lines are asked for later, when the folder is gone.
    const places = new Map<string, ReturnType<StackFile["originOf"]>>();
    remember(read, [], read.raw, places);
    return { ...read, originOf: (path) => places.get(path.join("\0")) };
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

function remember(
  { originOf }: Pick<StackFile, "originOf">,
  path: readonly (string | number)[],
  value: unknown,
  places: Map<string, ReturnType<StackFile["originOf"]>>,
): void {
  if (path.length > 0) places.set(path.join("\0"), originOf(path));
  if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value))
      remember({ originOf }, [...path, Array.isArray(value) ? Number(key) : key], item, places);
}

async function git(folder: string, words: readonly string[]): Promise<string> {
  return (await run("git", ["-C", folder, ...words], { timeout: longest, maxBuffer: 16 << 20 })).stdout.trimEnd();
}
