/** The schema of the provider plugin that belongs to the SDK in `package.json`, as the engine prints it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineProgress } from "../../ops/engine/progress.ts";
import { findEngine } from "../../sandbox/engine/engine.ts";
import { type PackageSchema, parseSchema } from "./schema.ts";

/**
 * Asks the plugin, which the engine downloads where it may.
 * @param packageName as in `@pulumi/<name>`
 * @param root folder of `package.json`
 * @throws Error when there is no plugin, with the command that installs it, and when the plugin prints a schema without types
 */
export async function schemaOfPlugin(packageName: string, root: string): Promise<PackageSchema> {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const version = dependencies[`@pulumi/${packageName}`];
  if (version === undefined) throw new Error(`package.json has no @pulumi/${packageName}: which version of the plugin is meant?`);
  const { pulumi } = await findEngine(engineProgress());
  const source = `${packageName}@${version}`;
  const { stdout, stderr, exitCode } = await execa(pulumi, ["package", "get-schema", source], {
    reject: false,
    maxBuffer: 1_000_000_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const instead = `Install it: pulumi plugin install resource ${packageName} ${version}; or give the schema as a file: --schema <file>`;
  // After a download that failed comes one line more, which tells nothing.
  const reason = stderr.match(/\berror: .*/g)?.at(-1) ?? stderr.trim();
  if (exitCode !== 0) throw new Error(`\`pulumi package get-schema ${source}\`: ${reason}\n${instead}`);
  const schema = parseSchema(stdout, source);
  if (Object.keys(schema.resources).length === 0)
    throw new Error(`The plugin ${source} prints a schema without resource types.\n${instead}`);
  return schema;
}
