/** Lists of a base: the engine's `config set` knows none of them, and would put a list of one element in their place. */
import { Document } from "yaml";
import { valueIn } from "../../infra/config/layers.ts";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import { formatConfigPath, parseConfigPath, setCommandOf, stackOf } from "../../infra/config/problem.ts";
import type { StackFile } from "../../infra/config/stackFile.ts";
import { UserError } from "../userError.ts";
import { namesConfigFile } from "./session.ts";

/**
 * Refuses a `pulumi config set --path` that sets an element of a list which only a base has.
 * @throws UserError with the whole list, as the stack file would have to hold it
 */
export function refuseBaseElement(command: readonly string[], { file, raw, filesOf, originOf, stacksOn }: StackFile): void {
  if (command[0] !== "config" || !command.includes("--path") || command.some(namesConfigFile)) return;
  for (const [key, text] of settings(command)) {
    const value = /^-?\d+$/.test(text) ? Number(text) : text === "true" || text === "false" ? text === "true" : text;
    const path = parseConfigPath(key.slice(keyPrefix.length));
    const list = path.slice(
      0,
      path.findIndex((part) => typeof part === "number"),
    );
    const [holder = file] = list.length === path.length || list.length === 0 ? [] : filesOf(list);
    const found = valueIn(raw, list);
    if (holder === file || !Array.isArray(found)) continue;
    const document = new Document({});
    const [area, ...below] = [`${keyPrefix}${path[0]}`, ...path.slice(1)];
    document.setIn([area, ...below.slice(0, list.length - 1)], document.createNode(found));
    document.setIn([area, ...below], value);
    throw new UserError(
      [
        `slipway:${formatConfigPath(list)} is a list of ${holder} line ${originOf(list)?.line}, and ${file} has none. Nothing was written.`,
        `A list takes the place of a base's as a whole: this command would leave one of ${found.length} elements. Put the whole list into ${file}, below config:`,
        document.toString({ lineWidth: 0 }).trimEnd().replaceAll(/^/gm, "  "),
        `or change it in the base, for ${stacksOn(holder).join(" and ")}:`,
        `  ${setCommandOf(stackOf(file) ?? "<stack>", path, value, holder)}`,
      ].join("\n"),
      2,
    );
  }
}

/** Keys of Slipway that a command sets, each with its value. */
function settings(command: readonly string[]): [string, string][] {
  return command.flatMap((word, index): [string, string][] => {
    if (!word.startsWith(keyPrefix)) return [];
    const [, key = word, value] = /^(slipway:[^=]+)=(.*)$/s.exec(word) ?? [];
    return [[key, value ?? command[index + 1] ?? "VALUE"]];
  });
}
