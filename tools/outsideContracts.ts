/**
 * `npm run outside-contracts -- [<commit>]`: bounds, defaults and fallbacks that components and infra hold outside contracts, by
 * file, in a commit or in the files as they are. What stands here is either of one place alone or stands twice.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What is counted, by what it is called. */
const counted = {
  /** Numbers that zod or a check by hand holds a value to. Checks without a number and sums of `Math` are none. */
  "numeric bounds":
    /(?<!Math)\.(?:min|max|gte|lte|gt|lt|length|multipleOf)\(\s*-?\d|\b(?:range|whole|text|keyName)\(\s*-?\d|\boutsideRange\((?:[^()]|\([^()]*\))*?,\s*-?\d/g,
  ".default(": /\.default\(/g,
  /** A number, a text, a truth or a list in place of what is missing; nothing in its place (`""`, `[]`, `{}`) is no default. */
  "?? literal": /\?\?\s*(?:-?\d|"[^"]|'[^']|`[^`]|true\b|false\b|\[\s*[^\]\s])/g,
};

type Kind = keyof typeof counted;
type Counts = Readonly<Record<Kind, number>>;

const kinds = Object.keys(counted) as Kind[];
const isContract = (path: string) => /(?:\/contract\/|[/a-z]contract\.ts$)/i.test(path);

/** Counts in one text. */
export function countsOf(text: string): Counts {
  return Object.fromEntries(kinds.map((kind) => [kind, text.match(counted[kind])?.length ?? 0])) as Counts;
}

/** Counts by file, of those that have any. @param commit undefined for the files as they are */
export function outsideContracts(commit?: string): Readonly<Record<string, Counts>> {
  const found = [...texts(commit)].map(([path, text]) => [path, countsOf(text)] as const);
  return Object.fromEntries(found.filter(([path, counts]) => !isContract(path) && kinds.some((kind) => counts[kind] > 0)));
}

/** Texts of the files, comments left out. */
function texts(commit: string | undefined): ReadonlyMap<string, string> {
  const where = commit === undefined ? ["--untracked", ""] : ["", commit];
  const lines = execFileSync("git", ["grep", "--null", "-I", ...where, "--", "components/*.ts", "infra/*.ts"], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  }).split("\n");
  const files = new Map<string, string>();
  for (const line of lines) {
    const [name = "", text = ""] = line.split("\0");
    if (/^\s*(?:\/?\*|\/\/)/.test(text)) continue;
    const path = commit === undefined ? name : name.slice(commit.length + 1);
    files.set(path, `${files.get(path) ?? ""}${text}\n`);
  }
  return files;
}

/** Sum over files. */
export function totalOf(files: Readonly<Record<string, Counts>>): Counts {
  return Object.fromEntries(kinds.map((kind) => [kind, Object.values(files).reduce((sum, counts) => sum + counts[kind], 0)])) as Counts;
}

if (import.meta.main) {
  const files = outsideContracts(process.argv[2]);
  for (const [path, counts] of Object.entries(files)) console.log(kinds.map((kind) => String(counts[kind]).padStart(4)).join(""), path);
  console.log(JSON.stringify(totalOf(files)));
}
