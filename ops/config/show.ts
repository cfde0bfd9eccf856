/** `slipway config show`: the config of a stack file as the program sees it. */
import { Document, isCollection, isMap, isPair, isScalar, isSeq, type Scalar, visit } from "yaml";
import { parseConfig } from "../../infra/config/parse.ts";
import type { ConfigPath, ProblemSource } from "../../infra/config/problem.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";

/**
 * Config of a stack file after defaults.
 * @param warn takes what it is warned of. @default nobody: the program itself warns at every preview
 * @throws ConfigError with every problem
 */
export function resolvedConfig(file: string, warn?: (text: string) => void): StackConfig {
  return sourcedConfig(file, warn).config;
}

/** The same, and where each value is from. */
export function sourcedConfig(
  file: string,
  warn?: (text: string) => void,
): { readonly config: StackConfig; readonly source: ProblemSource } {
  const { raw, secretKeys, ...source } = readStackFile(file);
  return { config: parseConfig(raw, source, { secretKeys, ...(warn === undefined ? {} : { warn }) }), source };
}

/**
 * The resolved config as YAML with sorted keys and no anchors, so that two of them can be compared line by line.
 * @param source says where values are from, which stands behind each of them. @default not told
 */
export function showConfig(config: StackConfig, source?: ProblemSource): string {
  const document = new Document(config, { sortMapEntries: true, aliasDuplicateObjects: false });
  if (source !== undefined)
    visit(document, {
      Pair: (_, { key, value }, above) => {
        if (isMap(value) && value.items.length > 0) return;
        // Behind the first line of what is shown: the value's, or the key's where the value has lines of its own.
        const told = isCollection(value) ? (key as Scalar) : (value as Scalar);
        told.comment = ` ${originOf([...pathOf(above), String((key as Scalar).value)], source)}`;
      },
    });
  // An empty map or list with a comment at its key would begin a line of its own.
  return document.toString({ lineWidth: 0 }).replaceAll(/^(.*:) (# .*)\n +(\{\}|\[\])$/gm, "$1 $3 $2");
}

/** Path of the nodes above a pair, from the top. */
function pathOf(above: readonly unknown[]): ConfigPath {
  return above.flatMap((node, index): (string | number)[] => {
    const holder = above[index - 1];
    return isPair(node) && isScalar(node.key) ? [String(node.key.value)] : isSeq(holder) ? [holder.items.indexOf(node)] : [];
  });
}

/** `base.yaml:12`; `default` for what no file says. */
function originOf(path: ConfigPath, source: ProblemSource): string {
  const origin = source.originOf(path);
  if (origin === undefined || origin.path.length < path.length) return "default";
  const under = source.replacedList(path)?.origin;
  return `${origin.file}:${origin.line}${under === undefined ? "" : `, in place of ${under.file}:${under.line}`}`;
}
