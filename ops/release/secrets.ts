/** Whether the secrets that new tasks read have values: asked of the stores' lists, which every role that updates may read. */

import { newSecrets, unsetVariable } from "../../infra/config/newSecrets.ts";
import { namedTypes } from "../../infra/config/physicalNames.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import type { State } from "../engine/state.ts";
import { presenceOf } from "../secrets/values.ts";
import { UserError } from "../userError.ts";

/** Asks, and hands the answer to the program that the engine is about to run. Where a store does not tell, the program asks by itself. */
export async function tellUnsetSecrets(config: StackConfig, { resources }: State, aws: Aws): Promise<void> {
  const definitions = resources.flatMap(({ urn, type, outputs }) =>
    type === namedTypes.taskDefinition ? [[resourceName(urn), String(outputs?.containerDefinitions)] as const] : [],
  );
  const secrets = newSecrets(config, new Map(definitions)).map(({ name, place }) => ({ name, ...place }));
  if (secrets.length === 0) return;
  try {
    const asked = [...Map.groupBy(secrets, ({ region }) => region)].map(async ([region, there]) =>
      [...(await presenceOf(aws, there))].map(([name, { kind }]) => ({ kind, secret: `${region} ${name}` })),
    );
    const answers = (await Promise.all(asked)).flat();
    if (answers.some(({ kind }) => kind === "unknown")) return;
    process.env[unsetVariable] = JSON.stringify(answers.flatMap(({ kind, secret }) => (kind === "missing" ? [secret] : [])));
  } catch (error) {
    // What is wrong with the credentials the engine finds out, too.
    if (!(error instanceof UserError)) throw error;
  }
}
