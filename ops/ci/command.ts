/** `slipway ci`: the steps of the pipeline, as the workflows run them. docs/ci.md says how they fit together. */
import type { Command } from "commander";
import { type FaultFlags, takingFaults } from "../engine/faultFlag.ts";
import { ending, oneOf, seconds } from "../flags.ts";
import type { ApplyOptions } from "./apply.ts";
import type { PreviewOptions } from "./preview.ts";
import type { UnlockOptions } from "./unlock.ts";
import { staleMinutes as longest, unlockModes } from "./unlockMode.ts";

interface OfStack {
  readonly stack: string;
}

/** Adds the commands. */
export function addCi(program: Command): void {
  const parent = program.command("ci").description("the steps of the pipeline").enablePositionalOptions();
  const ofStack = (name: string, description: string) =>
    parent.command(name).description(description).requiredOption("--stack <name>", "stack");

  parent
    .command("stacks")
    .description("check SLIPWAY_STACKS and write the matrices of the workflow")
    .option("--only <stack>", "that stack alone")
    .action(async ({ only }: { readonly only?: string }) => {
      const { onlyStack, readStacks, variable, writeMatrices } = await load(import("./stacks.ts"));
      const stacks = readStacks(variable("SLIPWAY_STACKS"));
      writeMatrices(only === undefined ? stacks : onlyStack(stacks, only), process.env.GITHUB_OUTPUT);
    });

  parent
    .command("engine")
    .description("have the engine here that the other steps run, SLIPWAY_ENGINE, before there are credentials")
    .action(async () => {
      const [{ findEngine }, { engineProgress }] = await Promise.all([
        import("../../sandbox/engine/engine.ts"),
        import("../engine/progress.ts"),
      ]);
      const { version, origin } = await findEngine(engineProgress());
      console.log(`pulumi ${version} (${origin})`);
    });

  parent
    .command("changed")
    .description("write the matrices of the stacks that are to be applied")
    .requiredOption("--in <folder>", "folder with the artefacts of all plans")
    .action(async ({ in: folder }: { readonly in: string }) => {
      const { changedStacks, GitHub, readReviews, readStacks, variable, writeOutputs } = {
        ...(await load(import("./stacks.ts"))),
        ...(await import("./github.ts")),
        ...(await import("../review/review.ts")),
      };
      // Whoever waits for traffic to return does not wait for an answer to this.
      const isAlone = await new GitHub().runsUnderWay("deploy.yml").then(
        (runs) => runs <= 1,
        () => false,
      );
      const waves = changedStacks(readStacks(variable("SLIPWAY_STACKS")), readReviews(folder), isAlone);
      writeOutputs(waves, process.env.GITHUB_OUTPUT);
    });

  ofStack("preview", "preview a stack and leave its review")
    .requiredOption("--out <folder>", "folder of the artefact")
    .option("--without-secrets", "on a copy of the state in which every secret is replaced; needs no key", false)
    .option("--reviewed", "say whether it is what the reviewers of the merged pull request read", false)
    .action(ending(async (options: PreviewOptions) => (await import("./preview.ts")).previewStack(options)));

  parent
    .command("comment")
    .description("write or edit the pull request's comment")
    .requiredOption("--in <folder>", "folder with the artefacts of all stacks")
    .action(async ({ in: folder }: { readonly in: string }) => {
      const { commentOnPullRequest, findProject, listIn } = await load(import("./pullComment.ts"));
      const names = listIn("SLIPWAY_STACK_NAMES");
      console.log(`comment ${await commentOnPullRequest(folder, findProject().name, names)}`);
    });

  parent
    .command("risk")
    .description("fail for what may lose data, cut users off or open something, until somebody else has acknowledged it")
    .requiredOption("--in <folder>", "folder with the artefacts of all stacks")
    .action(async ({ in: folder }: { readonly in: string }) => {
      const { checkRisk, listIn } = await load(import("./risk.ts"));
      process.exitCode = await checkRisk(folder, listIn("SLIPWAY_STACK_NAMES"));
    });

  takingFaults(ofStack("apply", "apply a stack when the change set is the approved one"))
    .requiredOption("--approved <file>", "review.json that was approved")
    .option("--health-seconds <seconds>", "how long the health addresses may take", seconds, 300)
    .option("--lock-seconds <seconds>", "how long another update of the stack is waited for", seconds, 1800)
    .argument("[pulumi flags...]", "handed to the update as they are")
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      async (
        flags: readonly string[],
        options: OfStack & FaultFlags & Pick<ApplyOptions, "approved" | "healthSeconds" | "lockSeconds">,
      ) => {
        const { applyStack, listIn } = await load(import("./apply.ts"));
        const health = listIn("SLIPWAY_HEALTH");
        process.exitCode = await applyStack({ ...options, health, backup: process.env.SLIPWAY_BACKUP === "true" }, flags);
      },
    );

  ofStack("drift", "look for drift and keep the stack's issue").action(async ({ stack }: OfStack) => {
    const { lookForDrift, reportDrift, summarise } = await load(import("./drift.ts"));
    const drift = await lookForDrift(stack);
    if (drift === undefined) {
      const word = `${stack} is being changed: whether anything differs is seen at the next look. Its issue stays as it is.`;
      summarise(word);
      console.log(word);
      return;
    }
    const done = await reportDrift(drift);
    summarise(`\`${stack}\`: issue ${done}`);
    const lines = [
      ...drift.foreign.map(({ what, command }) => `in no state: ${what}; ${command}`),
      ...drift.unread.map((line) => `not looked at: ${line}`),
      ...drift.pending.map((line) => `pending: ${line}`),
    ];
    for (const line of lines) {
      summarise(`- ${line}`);
      console.log(line);
    }
    console.log(`${stack}: ${drift.live.changes.length} differences live, ${drift.config.changes.length} in config; issue ${done}`);
  });

  ofStack("unlock", "free a lock that nobody holds any more")
    .requiredOption("--mode <mode>", unlockModes.join(" or "), oneOf(unlockModes))
    .option("--reason <text>", "why a lock is broken that is not stale yet", process.env.SLIPWAY_REASON ?? "")
    .option("--stale-minutes <minutes>", "age from which a lock is stale", seconds, longest)
    .action(async ({ stack, ...flags }: OfStack & Pick<UnlockOptions, "mode" | "reason" | "staleMinutes">) => {
      const { findProject, unlock } = await load(import("./unlock.ts"));
      const { backendOf, stateAddress } = await import("../engine/backend.ts");
      const project = findProject();
      process.exitCode = await unlock({
        project: project.name,
        stack,
        backend: stateAddress(backendOf(project)),
        ...flags,
      });
    });
}

/** What one step works with, beside what it is told by the run. */
async function load<Step extends object>(step: Promise<Step>) {
  const [own, variables, project] = await Promise.all([step, import("./variables.ts"), import("../project/project.ts")]);
  return { ...variables, ...project, ...own };
}
