/** What the workflows run: `node ops/install.js ops/ci/ci.ts <command>`. docs/ci.md says how they fit together. */
import { Command, InvalidArgumentError } from "commander";
import { ConfigError } from "../../infra/config/problem.ts";
import { findProject } from "../project/project.ts";
import { UserError } from "../userError.ts";
import { applyStack } from "./apply.ts";
import { lookForDrift, reportDrift } from "./drift.ts";
import { previewStack } from "./preview.ts";
import { commentOnPullRequest } from "./pullComment.ts";
import { onlyStack, readStacks, writeMatrices } from "./stacks.ts";
import { type UnlockMode, unlock, unlockModes } from "./unlock.ts";
import { summarise, variable } from "./variables.ts";

const program = new Command("ci").description("the steps of the pipeline").enablePositionalOptions().exitOverride();

program
  .command("stacks")
  .description("check SLIPWAY_STACKS and write the matrices of the workflow")
  .option("--only <stack>", "that stack alone")
  .action(({ only }: { readonly only?: string }) => {
    const stacks = readStacks(variable("SLIPWAY_STACKS"));
    writeMatrices(only === undefined ? stacks : onlyStack(stacks, only), process.env.GITHUB_OUTPUT);
  });

program
  .command("preview")
  .description("preview a stack and leave its review")
  .requiredOption("--stack <name>", "stack")
  .requiredOption("--out <folder>", "folder of the artefact")
  .option("--without-secrets", "on a copy of the state in which every secret is replaced; needs no key", false)
  .action(async ({ stack, out, withoutSecrets }: { readonly stack: string; readonly out: string; readonly withoutSecrets: boolean }) => {
    process.exitCode = await previewStack(stack, out, withoutSecrets);
  });

program
  .command("comment")
  .description("write or edit the pull request's comment")
  .requiredOption("--in <folder>", "folder with the artefacts of all stacks")
  .action(async ({ in: folder }: { readonly in: string }) => {
    const names = JSON.parse(process.env.SLIPWAY_STACK_NAMES ?? "[]") as readonly string[];
    console.log(`comment ${await commentOnPullRequest(folder, findProject().name, names)}`);
  });

program
  .command("apply")
  .description("apply a stack when the change set is the approved one")
  .requiredOption("--stack <name>", "stack")
  .requiredOption("--approved <file>", "review.json that was approved")
  .option("--health-seconds <seconds>", "how long the health addresses may take", seconds, 300)
  .argument("[pulumi flags...]", "handed to the update as they are")
  .allowUnknownOption()
  .passThroughOptions()
  .action(
    async (flags: readonly string[], options: { readonly stack: string; readonly approved: string; readonly healthSeconds: number }) => {
      const health = JSON.parse(process.env.SLIPWAY_HEALTH ?? "[]") as readonly string[];
      process.exitCode = await applyStack({ ...options, health, backup: process.env.SLIPWAY_BACKUP === "true" }, flags);
    },
  );

program
  .command("drift")
  .description("look for drift and keep the stack's issue")
  .requiredOption("--stack <name>", "stack")
  .action(async ({ stack }: { readonly stack: string }) => {
    const drift = await lookForDrift(stack);
    const done = await reportDrift(drift);
    summarise(`\`${stack}\`: issue ${done}`);
    console.log(`${stack}: ${drift.live.changes.length} differences live, ${drift.config.changes.length} in config; issue ${done}`);
  });

program
  .command("unlock")
  .description("free a lock that nobody holds any more")
  .requiredOption("--stack <name>", "stack")
  .requiredOption("--mode <mode>", unlockModes.join(" or "), mode)
  .option("--stale-minutes <minutes>", "age from which a lock is stale", seconds, 120)
  .action(
    async ({ stack, mode: wanted, staleMinutes }: { readonly stack: string; readonly mode: UnlockMode; readonly staleMinutes: number }) => {
      const reason = process.env.SLIPWAY_REASON ?? "";
      const backend = variable("PULUMI_BACKEND_URL");
      process.exitCode = await unlock({ project: findProject().name, stack, backend, mode: wanted, reason, staleMinutes });
    },
  );

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = told(error);
}

function told(error: unknown): number {
  if (error instanceof Error && "code" in error && String(error.code).startsWith("commander.") && "exitCode" in error)
    return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError || error instanceof ConfigError) {
    console.error(error.message);
    return error instanceof UserError ? error.exitCode : 2;
  }
  console.error(error);
  return 70;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError("Give a number.");
  return value;
}

function mode(text: string): UnlockMode {
  const found = unlockModes.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed: ${unlockModes.join(", ")}.`);
  return found;
}
