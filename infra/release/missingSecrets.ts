/** Secrets that new tasks read and that have no value. */
import type { SecretPlace } from "../../components/environment/contract/secrets.ts";
import { newSecrets, type ReadSecret, unsetVariable } from "../config/newSecrets.ts";
import { namedTypes } from "../config/physicalNames.ts";
import { resourceName } from "../config/resourceName.ts";
import type { StackConfig } from "../config/stack.ts";
import type { StateResources } from "./releaseInState.ts";

/**
 * Asks for the secrets that tasks are about to read for the first time. A command that has asked the stores itself hands its answer over:
 * pipelines may ask for what the provider cannot.
 * @param has whether a store has a value
 * @throws what `has` throws: nobody can tell
 */
export async function missingSecrets(
  config: StackConfig,
  state: StateResources,
  has: (place: SecretPlace) => Promise<boolean>,
): Promise<ReadSecret[]> {
  const definitions = Object.entries(state).flatMap(([urn, { type, outputs }]) =>
    type === namedTypes.taskDefinition ? [[resourceName(urn), String(outputs.containerDefinitions)] as const] : [],
  );
  const secrets = newSecrets(config, new Map(definitions));
  const answer = process.env[unsetVariable];
  if (answer !== undefined) {
    const unset = JSON.parse(answer) as readonly string[];
    return secrets.filter(({ name, place }) => unset.includes(`${place.region} ${name}`));
  }
  const asked = await Promise.all(secrets.map(async (secret) => ((await has(secret.place)) ? [] : [secret])));
  return asked.flat();
}

/** What to do about them, for people. @param stack as `slipway --stack` names it @param home the stack's own region @param simulated whether AWS is */
export function setCommands(secrets: readonly ReadSecret[], stack: string, home: string, simulated: boolean): string[] {
  const commands = secrets.map(({ name, place, region }) => {
    const there = place.fixed || region === home ? "" : ` --region ${region}`;
    return `slipway secrets set --stack ${stack}${there} ${name}`;
  });
  const all = simulated && commands.length > 0 ? [`slipway sandbox secrets set --stack ${stack}   # here, all of them`] : [];
  return [...new Set(commands), ...all];
}
