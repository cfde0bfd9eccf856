/** What stands in a base: plain values of Slipway, in the shape of a stack file, and nothing that belongs to one stack alone. Pure. */
import { isAlias, isNode, visit } from "yaml";
import { showValue } from "../../components/contract/rule.ts";
import type { Layer } from "./layers.ts";
import { fileValue, isSecret, keyPrefix, ownValues } from "./ownKeys.ts";
import { type Finding, type Problem, removeCommand, stackOf } from "./problem.ts";
import { pulumiCommand } from "./pulumiCommand.ts";
import { configPath, twoReadings } from "./twoReadings.ts";
import { isRecord, readYaml, type YamlFile } from "./yamlFile.ts";

/** Key that names the bases of a stack. */
export const baseKey = "base";

/** A base as read. */
export interface Base {
  /** What it holds; undefined when it cannot be read. */
  readonly layer?: Layer;
  readonly problems: readonly Problem[];
}

/** Reads the text of a base. @param file its name from the stack file's folder @param stackFile the stack file that names it */
export function readBase(text: string, file: string, stackFile: string): Base {
  const yaml = readYaml(text);
  const lineOr = (path: Parameters<typeof yaml.lineOf>[0]) => yaml.lineOf(path) ?? 1;
  const problem = (line: number, found: Finding, more: Partial<Problem> = {}): Problem => ({
    path: [baseKey],
    at: { file, line, path: [baseKey] },
    found,
    ...more,
  });
  if (yaml.errors.length > 0) return { problems: yaml.errors.map(({ message, line }) => problem(line, `is no good YAML: ${message}`)) };
  const allowed = `config:, and below it keys of Slipway, as in ${stackFile}`;
  const { config, ...others } = isRecord(yaml.content) ? yaml.content : {};
  const beside = Object.keys(others).map((key) => problem(lineOr([key]), `has ${key}: at its top`, { allowed }));
  if (!isRecord(config)) return { problems: [...beside, problem(lineOr(["config"]), "has no map below config:", { allowed })] };
  const own = ownValues(config);
  const command = (words: string) => pulumiCommand(`config ${words.replace(/^\w+/, `$& --stack ${stackOf(stackFile) ?? stackFile}`)}`);
  const foreign = Object.keys(config)
    .filter((key) => !key.startsWith(keyPrefix))
    .map((key) =>
      problem(lineOr(["config", key]), `has ${key}, which is no key of Slipway`, {
        reason: "Providers are given what the stack file itself says.",
        allowed: `${key} in ${stackFile}`,
        fix: `${command(`rm --config-file ${file} ${key}`)}\n${command(`set ${key} ${isRecord(config[key]) ? "VALUE" : String(config[key])}`)}`,
      }),
    );
  const nested = Object.hasOwn(own, baseKey)
    ? [
        problem(lineOr(["config", `${keyPrefix}${baseKey}`]), `has a base of its own, ${showValue(own[baseKey])}`, {
          allowed: `all bases in ${stackFile}, the first under the second`,
          fix: command(`rm --config-file ${file} ${keyPrefix}${baseKey}`),
        }),
      ]
    : [];
  const layer: Layer = {
    file,
    values: Object.fromEntries(Object.entries(own).flatMap(([key, value]) => (key === baseKey ? [] : [[key, fileValue(value)]]))),
    lineOf: ([area, ...rest]) => yaml.lineOf(["config", `${keyPrefix}${area}`, ...rest]),
  };
  return { layer, problems: [...beside, ...foreign, ...nested, ...impureValues(yaml, file, command), ...twoReadings(yaml, file)] };
}

/** Encrypted values, and values that stand somewhere else than where they are read. */
function impureValues(yaml: YamlFile, file: string, command: (words: string) => string): Problem[] {
  const problems: Problem[] = [];
  visit(yaml.document, (_, node, above) => {
    if (!isNode(node)) return;
    const path = configPath([...above, node]) ?? [];
    const at = { file, line: yaml.lineAt(node), path };
    if (isSecret(node.toJS(yaml.document)))
      problems.push({
        path,
        at,
        found: "is encrypted",
        reason: "It can be read with the key of one stack, and a base is of several.",
        fix: `${command(`set --secret --path '${keyPrefix}${path.join(".")}'`)}   # asks for the value\n${removeCommand(path)}`,
      });
    else if (isAlias(node))
      problems.push({ path, at, found: `is an alias, *${node.source}`, allowed: "the value itself: an alias has no line" });
    else if (node.anchor !== undefined)
      problems.push({ path, at, found: `has an anchor, &${node.anchor}`, allowed: "the value without it" });
  });
  return problems;
}
