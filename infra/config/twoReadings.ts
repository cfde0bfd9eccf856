/**
 * What two readers of YAML take differently: the engine's knows forms of YAML 1.1 (010 is 8, 1_000 is 1000, a date is a point in time), others know
 * 1.2. Such a value is refused, so that it means the same to the engine, to Slipway, to an editor and to whoever reads the file. Pure.
 */
import { isAlias, isCollection, isNode, isPair, isScalar, isSeq, type Scalar, visit } from "yaml";
import { shapeAtPath } from "./areaShape.ts";
import { keyPrefix } from "./ownKeys.ts";
import { type ConfigPath, type Problem, setCommand } from "./problem.ts";
import type { YamlFile } from "./yamlFile.ts";

/** A number as every reader takes it. */
const plainNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** What one reader or another takes for a number. */
const anyNumber = /^[-+]?(?:0[box][\da-f_]+|(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:e[-+]?\d+)?|\.(?:inf|nan))$/i;

/** What the engine takes for a point in time. */
const anyTime = /^\d{4}-\d\d?-\d\d?(?:[Tt ]\s*\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d?(?::?\d\d)?)?)?$/;

/** Escapes of JSON that the engine's reader does not know: a slash, and halves of a character. */
const oddEscape = /(?<!\\)(?:\\\\)*(\\\/|\\u[dD][89a-fA-F][\da-fA-F]{2})/;

/**
 * Slipway's values in a file that may be read in two ways.
 * @param file its name from the stack file's folder
 * @param keyOf full name of a key below `config:`. @default as it stands there
 */
export function twoReadings(yaml: YamlFile, file: string, keyOf: (key: string) => string = (key) => key): Problem[] {
  const problems: Problem[] = [];
  const tell = (nodes: readonly unknown[], problem: Pick<Problem, "found"> & Partial<Problem>) => {
    const path = configPath(nodes, keyOf);
    const node = nodes.findLast(isNode);
    if (path === undefined || node === undefined) return;
    problems.push({ path, at: { file, line: yaml.lineAt(node), path }, ...problem });
  };
  visit(yaml.document, (place, node, above) => {
    const nodes = [...above, node];
    if (isPair(node)) {
      const key: unknown = node.key;
      if (isScalar(key) && (typeof key.value === "string" || key.source === "<<")) return;
      const written = isScalar(key) ? (key.source ?? "") : isAlias(key) ? `*${key.source}` : "a collection";
      tell([...nodes, key], { found: `has a key that is no text, ${written}`, allowed: "a key that is text, if need be in quotes" });
    } else if (isNode(node) && place !== "key" && !isAlias(node) && node.tag !== undefined) {
      tell(nodes, { found: `has the tag ${node.tag}`, allowed: "the value without it, in quotes where it is text" });
    } else if (isScalar(node) && node.type === "QUOTE_DOUBLE") {
      const [, written] = oddEscape.exec(yaml.textOf(node)) ?? [];
      if (written !== undefined)
        tell(nodes, { found: `has ${written} in double quotes, which the engine cannot read`, allowed: "the character itself" });
    } else if (isScalar(node) && node.type === "PLAIN" && place !== "key") {
      const path = configPath(nodes, keyOf);
      const odd = path === undefined ? undefined : oddScalar(node, above, path);
      if (odd !== undefined) tell(nodes, odd);
    }
  });
  return problems;
}

/** What is said of a text without quotes that not every reader takes for the same. */
function oddScalar(node: Scalar, above: readonly unknown[], path: ConfigPath): (Pick<Problem, "found"> & Partial<Problem>) | undefined {
  const { source = "" } = node;
  if (above.some((holder) => isCollection(holder) && holder.flow === true) && /\?/.test(source))
    return { found: "has a ? and no quotes, in a map or list on one line, which the engine cannot read", allowed: "the text in quotes" };
  if (anyTime.test(source))
    return {
      found: `is ${source}, which the engine reads as a point in time`,
      allowed: "the text in quotes",
      fix: setCommand(path, source),
    };
  if (!anyNumber.test(source) || (plainNumber.test(source) && isExact(Number(source)))) return undefined;
  const allowed = "a number as 12 or 0.5, or text in quotes";
  const decimal = source
    .replaceAll("_", "")
    .replace(/^([-+]?)0+(?=\d)/, "$1")
    .replace(/^\+/, "");
  const number = Number(plainNumber.test(decimal) ? decimal : Number.NaN);
  const octal = /^[-+]?0[0-7_]+$/.test(source)
    ? `, which YAML reads as ${Number.parseInt(source.replaceAll("_", ""), 8)} and people as ${decimal}`
    : "";
  const found = `is ${source}${octal === "" ? ", a number that not every reader of YAML reads, or not as this one" : octal}` as const;
  const type = shapeAtPath(path, undefined)?.type;
  if (type !== "integer" && type !== "number") return { found, allowed, fix: setCommand(path, source) };
  return isExact(number) ? { found, allowed, fix: setCommand(path, number) } : { found, allowed, choose: true };
}

/** Whether a number is the same in each program that holds it. */
function isExact(number: number): boolean {
  return (
    Number.isFinite(number) &&
    !Object.is(number, -0) &&
    (!Number.isInteger(number) || Number.isSafeInteger(number) || Math.abs(number) >= 1e21)
  );
}

/** Path of the last node among Slipway's keys; undefined where it is none of them. */
export function configPath(nodes: readonly unknown[], keyOf: (key: string) => string = (key) => key): ConfigPath | undefined {
  const [top, area, ...rest] = nodes.flatMap((node, index): (string | number)[] => {
    const holder = nodes[index - 1];
    if (isPair(node)) return [isScalar(node.key) ? String(node.key.source ?? node.key.value) : ""];
    return isSeq(holder) ? [holder.items.indexOf(node)] : [];
  });
  const key = keyOf(String(area ?? ""));
  return top === "config" && key.startsWith(keyPrefix) ? [key.slice(keyPrefix.length), ...rest] : undefined;
}
