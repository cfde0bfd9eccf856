/** `slipway secrets`: which secrets have a value, and setting one. */
import type { Command } from "commander";
import { ending, ofStack } from "../flags.ts";
import type { SecretFlags } from "./secrets.ts";

/** Adds the commands. */
export function addSecrets(program: Command): void {
  const parent = program.command("secrets").description("see which secrets have a value, and set one; values are never shown");
  const about = (name: string, description: string) =>
    ofStack(parent.command(name))
      .description(description)
      .option("--region <region>", "standby region: parameters are set in each region by themselves");
  about("status", "tell for every secret of a stack whether it has a value").action(
    ending(async (flags: SecretFlags) => (await import("./secrets.ts")).secretStatus(flags)),
  );
  about("set <name>", "set a secret to what is typed (not shown) or piped in").action(async (name: string, flags: SecretFlags) => {
    const { setSecret } = await import("./secrets.ts");
    await setSecret(name, flags);
  });
}
