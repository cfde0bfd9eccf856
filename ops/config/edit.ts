/** Values that a command puts into a stack file before it runs: what a person on call changes is in the config at once, and stays. */
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { valueIn } from "../../infra/config/layers.ts";
import { keyPrefix } from "../../infra/config/ownKeys.ts";
import { type ConfigPath, formatConfigPath, parseConfigPath, quote } from "../../infra/config/problem.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";
import { textIn } from "../../infra/config/textFile.ts";
import { withValue } from "../../infra/config/yamlEdit.ts";
import { refuseBaseElement } from "../engine/baseLists.ts";
import { writeText } from "../textFile.ts";
import { UserError } from "../userError.ts";
import { resolvedConfig } from "./show.ts";

/** The flag of `slipway up` that sets one value, as a shell takes it: `--set 'slipway:services.api.scaling.maximum=4'`. */
export function setFlag(path: ConfigPath, value: unknown): string {
  const text = typeof value === "string" && parse(value) === value ? value : JSON.stringify(value);
  return `--set ${quote(`${keyPrefix}${formatConfigPath(path)}=${text}`)}`;
}

/**
 * Sets values in a stack file, all or none; comments stay.
 * @param settings `slipway:<path>=<value>`, the value in YAML: a number, a text, `[a, b]`
 * @returns a line for each value that is another now
 * @throws UserError for a setting that is none, ConfigError for values that the config refuses: the file is as it was then
 */
export function setInStackFile(file: string, settings: readonly string[]): string[] {
  if (settings.length === 0) return [];
  const before = textIn(file);
  const stackFile = readStackFile(file);
  let text = before;
  const told: string[] = [];
  for (const setting of settings) {
    const { path, value, words } = settingIn(setting);
    refuseBaseElement(["config", "set", "--path", `${keyPrefix}${formatConfigPath(path)}`, words], stackFile);
    const [area, ...below] = path;
    const keys = ["config", `${keyPrefix}${area}`, ...below];
    const found = valueIn(parse(text), keys);
    if (isDeepStrictEqual(found, value)) continue;
    text = withValue(text, keys, value);
    const was = found === undefined ? "" : `, was ${JSON.stringify(found)}`;
    told.push(`slipway:${formatConfigPath(path)} is ${JSON.stringify(value)}${was}`);
  }
  if (told.length === 0) return [];
  writeText(file, text);
  try {
    resolvedConfig(file);
  } catch (error) {
    writeText(file, before);
    throw error;
  }
  return told;
}

function settingIn(setting: string): { readonly path: ConfigPath; readonly value: unknown; readonly words: string } {
  const at = setting.indexOf("=");
  const path = at === -1 ? [] : parseConfigPath(setting.slice(0, at).replace(new RegExp(`^${keyPrefix}`), ""));
  if (path.length < 2)
    throw new UserError(
      `--set is ${setting}. Give a path of the config and a value, such as --set 'slipway:services.api.scaling.maximum=4'. Nothing was changed.`,
      2,
    );
  const words = setting.slice(at + 1);
  return { path, value: parse(words) as unknown, words };
}
