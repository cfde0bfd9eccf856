/** Sets one value in the text of a YAML file, and leaves every other character where it is: a library that writes the file anew moves comments. */
import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isScalar, parse, parseDocument, stringify } from "yaml";

/**
 * The text with a value at a path; maps on the way are made.
 * @param path keys and indices from the top of the file
 * @throws Error where the text would not hold exactly that: a list on the way that is too short, an alias
 */
export function withValue(text: string, path: readonly (string | number)[], value: unknown): string {
  const edited = edit(text, path, value);
  const wanted = parseDocument(text);
  wanted.setIn(path, value);
  if (!isDeepStrictEqual(parse(edited) as unknown, wanted.toJS() as unknown))
    throw new Error(`${path.join(".")} cannot be set in this file; put it there by hand`);
  return edited;
}

function edit(text: string, path: readonly (string | number)[], value: unknown): string {
  const document = parseDocument(text);
  const found = document.getIn(path, true);
  if (isScalar(found) && found.range && found.source !== "") return splice(text, found.range[0], found.range[1], flow(value));
  if (isCollection(found) && found.range) {
    // A block's range ends with the line after it; what stands behind its last value is kept.
    const end = found.range[0] + text.slice(found.range[0], found.range[1]).trimEnd().length;
    return splice(text, found.range[0], end, flow(value));
  }
  const depth = path.findLastIndex((_, index) => isCollection(document.getIn(path.slice(0, index), true)));
  const holder = document.getIn(path.slice(0, depth), true);
  const rest = path.slice(depth + 1).reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
  const item = `${flow(path[depth])}: ${flow(rest)}`;
  if (!isMap(holder) || !holder.range) throw new Error(`${path.slice(0, depth).join(".")} is no map`);
  const [start] = holder.range;
  if (holder.flow === true) return splice(text, start + 1, start + 1, holder.items.length === 0 ? item : `${item}, `);
  const indent = start - (text.lastIndexOf("\n", start - 1) + 1);
  return splice(text, start, start, `${item}\n${" ".repeat(indent)}`);
}

/** On one line, as a flow; a text without quotes where it needs none. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}

function splice(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}
