import { pulumiVariable } from "./commandVariables.ts";

/**
 * A command of Pulumi, as a person can run it who reads a message: by the program that was started. `slipway` names itself, since it
 * brings the engine, the backend and its passphrase along; under `pulumi` it is `pulumi`.
 * @param words what follows the program's name
 */
export function pulumiCommand(words: string): string {
  return `${process.env[pulumiVariable] ?? "pulumi"} ${words}`;
}
