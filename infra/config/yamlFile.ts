/** One YAML file of a stack's config as text: its values, and the line of each. */
import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument, type ScalarTag } from "yaml";

/** Keys and indices from the top of a file. */
type FilePath = readonly (string | number)[];

/** What a YAML file holds. */
export interface YamlFile {
  readonly document: Document;
  /** Values; what the parser could read when the file has errors. */
  readonly content: unknown;
  /** What is no YAML, each once, with its line from 1. */
  readonly errors: readonly { readonly message: string; readonly line: number }[];
  /** Line of the key of a path, or of a list's element, from 1; undefined when the file has no such path. */
  readonly lineOf: (path: FilePath) => number | undefined;
  /** Line of a node, from 1. */
  readonly lineAt: (node: Pick<Node, "range">) => number;
}

/** Integers that the engine's parser knows and YAML 1.2 does not: 0b11, 012 as octal, 1_000. */
const engineIntegers: ScalarTag = {
  identify: () => false,
  default: true,
  tag: "tag:yaml.org,2002:int",
  test: /^[-+]?(?:0b[01_]+|0[0-7_]+|[1-9][0-9]*_[0-9_]*)$/,
  resolve: (text) => {
    const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
    return Number(digits.replace(/^0(?=[0-7])/, "0o")) * (sign === "-" ? -1 : 1);
  },
};

/** Points in time, which the engine's parser knows and hands on as Go writes them: `2024-01-02 00:00:00 +0000 UTC`. */
const engineTimes: ScalarTag = {
  identify: () => false,
  default: true,
  tag: "tag:yaml.org,2002:timestamp",
  test: /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d))|(?: \d\d?:\d\d?:\d\d?(?:\.\d+)?))?$/,
  resolve: (text) => {
    const [year = "", month = "", day = "", hour = "0", minute = "0", second = "0"] = text.match(/\d+/g) ?? [];
    const two = (digits: string) => digits.padStart(2, "0");
    const date = `${year}-${two(month)}-${two(day)}`;
    const exists = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date) === true;
    if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return text;
    const fraction = /\.\d*[1-9]/.exec(text)?.[0] ?? "";
    const zone = /[-+]\d\d:\d\d$/.exec(text)?.[0].replace(":", "") ?? "+0000";
    return `${date} ${two(hour)}:${two(minute)}:${two(second)}${fraction} ${zone} ${zone === "+0000" ? "UTC" : zone}`;
  },
};

/** The last files by their text: a command asks for the project's and the stack's more than once. */
const lastRead = new Map<string, YamlFile>();

/** Reads a file's text as the engine does. Never throws: what is no YAML is in `errors`. */
export function readYaml(text: string): YamlFile {
  const known = lastRead.get(text);
  if (known !== undefined) return known;
  if (lastRead.size >= 8) lastRead.clear();
  const file = parsed(text);
  lastRead.set(text, file);
  return file;
}

function parsed(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    customTags: (tags) => [engineIntegers, engineTimes, ...tags],
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const errors = [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, line: lineAt(pos[0]) }));
  return {
    document,
    content: errors.length === 0 ? document.toJS() : undefined,
    errors,
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
    lineAt: ({ range }) => lineAt(range?.[0] ?? 0),
  };
}

/** Where the key of a path stands; for a list element, where the element stands. */
function offsetOf(document: Document, path: FilePath): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => String((key as Node & { value?: unknown }).value ?? key) === String(last));
    return (pair?.key as Node | undefined)?.range?.[0];
  }
  if (isSeq(parent) && typeof last === "number") return (parent.items[last] as Node | undefined)?.range?.[0];
  return undefined;
}

/** Whether a value is a map: neither a list nor nothing. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
