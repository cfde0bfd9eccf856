/** Config in `Pulumi.yaml`: the engine puts it where the stack file says nothing, so that it lies over a base. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layer, RawConfig } from "./layers.ts";
import { fileValue, keyPrefix } from "./ownKeys.ts";
import { isRecord, readYaml } from "./yamlFile.ts";

const file = "Pulumi.yaml";

/**
 * Slipway's values of the project in a folder, without those of which the stack says something: there the engine passes over them.
 * @param stack values of the stack file
 */
export function projectLayer(folder: string, stack: RawConfig): Layer | undefined {
  if (!existsSync(join(folder, file))) return undefined;
  const { content, lineOf } = readYaml(readFileSync(join(folder, file), "utf8"));
  if (!isRecord(content) || !isRecord(content.config)) return undefined;
  const given = Object.entries(content.config).flatMap(([key, declared]) => {
    const name = (key.includes(":") ? key : `${content.name}:${key}`).replace(keyPrefix, "");
    const value = isRecord(declared) ? (declared.default ?? declared.value) : declared;
    return name.includes(":") || value === undefined || value === null || Object.hasOwn(stack, name) ? [] : [{ key, name, value }];
  });
  if (given.length === 0) return undefined;
  return {
    file,
    values: Object.fromEntries(given.map(({ name, value }) => [name, fileValue(value)])),
    // What a declaration gives stands as a whole below `default` or `value`.
    lineOf: ([area]) => {
      const key = given.find(({ name }) => name === area)?.key;
      return key === undefined ? undefined : lineOf(["config", key]);
    },
  };
}
