/** One YAML file of a stack's config as text: its values, and the line of each. */
import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";

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
  /** A node as it is written. */
  readonly textOf: (node: Pick<Node, "range">) => string;
}

/** The last files by their text: a command asks for the project's and the stack's more than once. */
const lastRead = new Map<string, YamlFile>();

/** Reads a file's text. What the engine reads otherwise: `twoReadings`. Never throws: what is no YAML is in `errors`. */
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const errors = [
    ...strangeText(text),
    ...[...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, line: lineAt(pos[0]) })),
  ];
  if (document.directives?.yaml.explicit === true)
    errors.push({ message: "it names a version, %YAML, which not every reader goes by", line: 1 });
  let content: unknown;
  try {
    content = errors.length === 0 ? document.toJS() : undefined;
  } catch (error) {
    // Aliases of aliases that come to more than anybody means.
    errors.push({ message: error instanceof Error ? error.message : String(error), line: 1 });
  }
  return {
    document,
    content,
    errors,
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
    lineAt: ({ range }) => lineAt(range?.[0] ?? 0),
    textOf: ({ range }) => (range ? text.slice(range[0], range[1]) : ""),
  };
}

/** What no reader, or not each, takes for text of a file: other encodings, control characters, line ends of YAML 1.1. */
function strangeText(text: string): YamlFile["errors"][number][] {
  const line = (offset: number) => text.slice(0, offset).split("\n").length;
  const foreign = text.search(/[\0\uFFFD]/);
  if (foreign !== -1) return [{ message: "it is not UTF-8; save it as UTF-8", line: line(foreign) }];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
  const control = text.search(/[\x01-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028\u2029\uFFFE\uFFFF]/);
  if (control === -1) return [];
  const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, "0");
  return [{ message: `it has the character U+${code}; write it as \\u${code} in double quotes`, line: line(control) }];
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
