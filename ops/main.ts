/** The `slipway` command line: runs the command, and says what went wrong in one message and an exit code. */
import { pulumiVariable } from "../infra/config/commandVariables.ts";
import { rehearsals } from "../rehearsal/commands.ts";
import { commandLine } from "./commandLine.ts";
import { UserError } from "./userError.ts";

// Read by `pulumiCommand`, also in the program that an engine runs.
process.env[pulumiVariable] = "npx slipway pulumi";

try {
  await commandLine(rehearsals).parseAsync();
} catch (error) {
  process.exitCode = await report(error);
}

async function report(error: unknown): Promise<number> {
  if (isCommanderExit(error)) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) {
    console.error(error.message);
    return error.exitCode;
  }
  const { ConfigError } = await import("../infra/config/problem.ts");
  const { StackFileError } = await import("../infra/config/stackFile.ts");
  const { NoEngineError } = await import("../sandbox/engine/engine.ts");
  if (error instanceof ConfigError || error instanceof StackFileError) {
    console.error(error.message);
    return 2;
  }
  if (error instanceof NoEngineError) {
    console.error(error.message);
    return 1;
  }
  const { DamagedObjectError } = await import("../sandbox/sandbox.ts");
  const { systemError } = await import("./systemError.ts");
  const sentence = error instanceof DamagedObjectError ? error.message : systemError(error);
  if (sentence !== undefined) {
    console.error(sentence);
    return 2;
  }
  console.error("slipway failed in a way that it does not know. Please report this:");
  console.error(error);
  return 70;
}

function isCommanderExit(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.") && "exitCode" in error;
}
