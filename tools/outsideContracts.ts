/**
 * `npm run outside-contracts -- [<folder>]`: bounds, defaults, patterns and fallbacks that components and infra of a checkout hold
 * outside contracts, by file. Any tree will do: `git archive <commit> | tar -x -C <folder>`. What may stay is listed here, with its reason.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is counted, by what it is called. */
const counted = {
  /** Numbers that zod or a check by hand holds a value to. Checks without a number and sums of `Math` are none. */
  "numeric bounds":
    /(?<!Math)\.(?:min|max|gte|lte|gt|lt|length|multipleOf)\(\s*-?\d|\b(?:range|whole|text|keyName)\(\s*-?\d|\boutsideRange\((?:[^()]|\([^()]*\))*?,\s*-?\d/g,
  /** `flag` and `prefault` say what holds when nobody says anything, as well. */
  ".default(": /\.(?:default|prefault)\(|\bflag\(\s*(?:true|false)/g,
  "zod patterns": /\.regex\(|\bmatching\(\s*\//g,
  /** A number, a text, a truth or a list in place of what is missing; nothing in its place (`""`, `[]`, `{}`) is no default. */
  "?? literal": /\?\?\s*(?:-?\d|"[^"]|'[^']|`[^`]|true\b|false\b|\[\s*[^\]\s])/g,
};

type Kind = keyof typeof counted;
type Counts = Readonly<Record<Kind, number>>;

const kinds = Object.keys(counted) as Kind[];
const isContract = (path: string) => /(?:\/contract\/|[/a-z]contract\.ts$)/i.test(path);

/** Fallbacks that are no settings, by file: how many, and what each stands for. */
export const kept: Readonly<Record<string, readonly [count: number, reason: string]>> = {
  "components/access/applyPolicy.ts": [1, "services that IAM names no resource type for"],
  "components/backup/schedule.ts": [1, "a cron field without a step goes one by one"],
  "components/credential/credential.ts": [1, "a secret without a value is an empty JSON object"],
  "components/edge/expression/check.ts": [1, "a function that declares no optional argument has none"],
  "components/edge/wafv2/capacity.ts": [1, "a group that AWS does not tell the capacity of adds nothing"],
  "components/environment/rules/backup.ts": [1, "a schedule without a rhythm asks for no window"],
  "components/kubernetes/applied.ts": [3, "what an object on the cluster leaves out, by Kubernetes' own defaults"],
  "components/kubernetes/kubeconfig.ts": [1, "a word in a message"],
  "components/loadBalancer/weightedTargets.ts": [1, "a target group that a rule does not name gets nothing"],
  "infra/backup.ts": [1, "the output's word for a store without a class"],
  "infra/config/baseText.ts": [1, "what has no line is told of the first"],
  "infra/config/layers.ts": [1, "what has no line is told of the first"],
  "infra/config/parse.ts": [1, "a word in a message"],
  "infra/config/pulumiCommand.ts": [1, "the command's own name, where nothing says how this machine runs it"],
  "infra/config/projectFile.ts": [1, "what has no line is told of the first"],
  "infra/config/stackFile.ts": [1, "what has no line is told of the first"],
  "infra/config/yamlFile.ts": [1, "a node without a place is at the start"],
  "infra/engine/config.ts": [1, "the engine says nothing when no key is secret"],
  "infra/kubernetes.ts": [1, "without a stack file, paths are from where the program runs"],
  "infra/logMetrics.ts": [1, "a sentence made of the pattern's and the service's name"],
};

/** Counts in one text. Comments are left out. */
export function countsOf(text: string): Counts {
  const code = text.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "");
  return Object.fromEntries(kinds.map((kind) => [kind, code.match(counted[kind])?.length ?? 0])) as Counts;
}

/** Counts by file, of those that have any. @param root folder of a checkout */
export function outsideContracts(root: string): Readonly<Record<string, Counts>> {
  const files = globSync("{components,infra}/**/*.ts", { cwd: root }).filter((path) => !isContract(path) && !path.includes("node_modules"));
  const found = files.sort().map((path) => [path, countsOf(readFileSync(join(root, path), "utf8"))] as const);
  return Object.fromEntries(found.filter(([, counts]) => kinds.some((kind) => counts[kind] > 0)));
}

/** Sum over files. */
export function totalOf(files: Readonly<Record<string, Counts>>): Counts {
  return Object.fromEntries(kinds.map((kind) => [kind, Object.values(files).reduce((sum, counts) => sum + counts[kind], 0)])) as Counts;
}

if (import.meta.main) {
  const files = outsideContracts(process.argv[2] ?? join(import.meta.dirname, ".."));
  for (const [path, counts] of Object.entries(files))
    console.log(kinds.map((kind) => String(counts[kind]).padStart(4)).join(""), path, kept[path]?.[1] ?? "");
  console.log(JSON.stringify(totalOf(files)));
}
