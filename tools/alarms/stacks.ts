/** The production stacks that the project ships, read from their files. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../infra/config/parse.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { readStackFile } from "../../infra/config/stackFile.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");

/** Config of each example's production stack, by the example's name. */
export function shippedStacks(): Record<string, StackConfig> {
  const systems = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(
    systems
      .map(({ name }) => name)
      .sort()
      .map((system) => {
        const { raw, secretKeys, ...source } = readStackFile(join(examples, system, "Pulumi.production.yaml"));
        return [system, parseConfig(raw, source, { secretKeys })];
      }),
  );
}
