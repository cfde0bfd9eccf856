/** One thing that is wrong with a stack's config, and how it is printed. */

/** Keys and indices from the top of the config, without the project name: `["services", "api", "port"]`. */
export type ConfigPath = readonly (string | number)[];

/** What was found, worded to follow the path. */
export type Finding = `${"is" | "has"} ${string}`;

/** One thing that is wrong, or that only the cloud can judge. */
export interface Problem {
  readonly path: ConfigPath;
  /** What was found, worded to follow the path: `is 250`, `is missing`. Never a secret value. */
  readonly found: Finding;
  /** Why it is refused, when the allowed values do not say it. */
  readonly reason?: string;
  /** What would be accepted. */
  readonly allowed?: string;
  /** Command that fixes it. */
  readonly fix?: string;
  /** A warning is told and refuses nothing. @default "error" */
  readonly severity?: "error" | "warning";
  /** A person has to choose the value; the command is shown with a place for it. */
  readonly choose?: true;
}

/** Where the problems were found. */
export interface ProblemSource {
  /** Name of the stack file, for example `Pulumi.production.yaml`. */
  readonly file: string;
  /** Line of a path in the file, from 1; undefined when the file cannot tell. */
  readonly lineOf: (path: ConfigPath) => number | undefined;
}

/** The config of a stack cannot be used. The message lists every problem and is meant to be printed as it is. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], source: ProblemSource) {
    super(formatProblems(problems, source));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** All problems as text, in the order of the file. @param what they are. @default "problem" */
export function formatProblems(problems: readonly Problem[], source: ProblemSource, what: "problem" | "warning" = "problem"): string {
  const located = problems
    .map((problem) => ({ problem, line: source.lineOf(problem.path), path: `slipway:${formatConfigPath(problem.path)}` }))
    .sort((a, b) => (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER) || a.path.localeCompare(b.path));
  // Without a stack the command would change whichever stack happens to be selected.
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(source.file)?.[1];
  const withStack = (fix: string) =>
    stack === undefined ? fix : fix.replaceAll(/(pulumi config (?:set|rm)) --path/g, `$1 --stack ${stack} --path`);
  const pathWidth = Math.min(60, Math.max(...located.map(({ path }) => path.length)));
  const lines = located.flatMap(({ problem, line, path }) => {
    const fix = problem.fix ?? (problem.choose === true ? `${setCommand(problem.path, "VALUE")}   # with a value of yours` : undefined);
    const place = line === undefined ? "" : `line ${line}`;
    const details = [problem.reason, problem.allowed && `allowed: ${problem.allowed}`, fix && `fix:     ${withStack(fix)}`];
    return [
      "",
      `  ${place.padEnd(8)}  ${path.padEnd(pathWidth)}   ${problem.found}`,
      ...details.filter((text) => text !== undefined && text !== "").map((text) => `            ${text}`),
    ];
  });
  return [`${source.file} has ${problems.length} ${what}${problems.length === 1 ? "" : "s"}:`, ...lines].join("\n");
}

/** `services.api.hosts[0]`, in the form that `pulumi config set --path` reads. */
export function formatConfigPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[^.[\]"\s]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Command that sets one value. Text that reads like a number has to be called text, or the engine stores a number. */
export function setCommand(path: ConfigPath, value: string | number | boolean): string {
  // The engine takes digits for an integer, true and false for a boolean, and everything else for text.
  const looksTyped = typeof value === "string" && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value);
  const type = looksTyped ? " --type string" : typeof value === "number" && !Number.isInteger(value) ? " --type float" : "";
  return `pulumi config set --path ${quote(`slipway:${formatConfigPath(path)}`)} ${quote(String(value))}${type}`;
}

/** Command that removes one key. */
export function removeCommand(path: ConfigPath): string {
  return `pulumi config rm --path ${quote(`slipway:${formatConfigPath(path)}`)}`;
}

/** A found value for people: short, on one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return "missing";
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function quote(word: string): string {
  return /^[\w.:/@=+-]+$/.test(word) && !word.includes(":/") && !word.startsWith("slipway:") && !word.startsWith("-")
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
