/** The simulated AWS provider beside the real one, over the provider protocol, on every AWS resource of a stack. */
import { copyFileSync } from "node:fs";
import { resolvedConfig } from "../../ops/config/show.ts";
import { findProject, type Project, stackFilePath } from "../../ops/project/project.ts";
import { copyProject, removeProject } from "../../rehearsal/demo/demoProject.ts";
import type { Properties } from "../../sandbox/provider/values.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import type { Checks } from "./checks.ts";
import { compareChanges } from "./compare/changes.ts";
import { exceptions } from "./compare/exceptions.ts";
import { judged } from "./compare/findings.ts";
import { compareBadInputs, compareGoodInputs } from "./compare/inputs.ts";
import { compareOutputs } from "./compare/outputs.ts";
import { startPlugin } from "./compare/plugin.ts";
import { ProviderClient } from "./compare/provider.ts";
import { distinct, pairsOf } from "./compare/resources.ts";
import { type DeployedResource, Deployment, expectClean } from "./deployment.ts";

export interface Compared {
  readonly project: Project;
  /** The stack as the real provider made it; it exists. */
  readonly real: Deployment;
  /** File of the real provider plugin. */
  readonly plugin: string;
  /** Whole environment of the plugin and of the engine. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes the same stack with the simulated provider, then compares answers and states. */
export async function compareChecks(checks: Checks, { project, real, plugin, environment }: Compared): Promise<void> {
  const copy = copyProject(findProject());
  const undo: (() => void)[] = [() => removeProject(copy)];
  try {
    // The stack file as the checks before left it.
    copyFileSync(stackFilePath(project, real.stack), stackFilePath(copy, real.stack));
    const { accountId: account } = resolvedConfig(stackFilePath(copy, real.stack)).aws;
    const ours = await real.exported();
    let theirs: readonly DeployedResource[] = [];
    await checks.required("the simulated provider makes the same stack", async () => {
      const simulated = new Deployment({ project: copy, stack: real.stack, environment });
      undo.push(() => simulated.kill());
      const outcome = await simulated.up();
      expectClean(outcome);
      theirs = await simulated.exported();
      return `${outcome.changes.create} resources`;
    });
    const pairs = pairsOf("aws", ours, theirs);
    const running = await startPlugin(plugin, environment);
    undo.push(running.stop);
    const sandbox = await startSandbox({ folder: `${copy.folder}/.slipway`, account, simulated: ["aws"] });
    undo.push(sandbox.stop);
    const settings = settingsOf(ours);
    const providers = {
      real: await ProviderClient.connect(running.port, settings),
      simulated: await ProviderClient.connect(portIn(sandbox.environment), settings),
    };
    undo.push(
      () => providers.real.close(),
      () => providers.simulated.close(),
    );
    const kinds = distinct(pairs);
    const over = (count: number) => `${count} resources of ${new Set(pairs.map(({ type }) => type)).size} types`;
    await checks.check(`sandbox and provider: good inputs of ${over(pairs.length)}`, async () =>
      judged("good inputs", await compareGoodInputs(providers, pairs), exceptions),
    );
    await checks.check(`sandbox and provider: bad inputs of ${over(kinds.length)}`, async () =>
      judged("bad inputs", await compareBadInputs(providers, kinds), exceptions),
    );
    await checks.check(`sandbox and provider: changes of ${over(kinds.length)}`, async () =>
      judged("changes", await compareChanges(providers, kinds), exceptions),
    );
    await checks.check(`sandbox and provider: outputs of ${over(pairs.length)}`, async () =>
      judged("outputs", compareOutputs(pairs), exceptions),
    );
  } finally {
    for (const step of undo.reverse()) step();
  }
}

/** Settings that the program gives to its AWS provider, without what the engine adds. */
function settingsOf(resources: readonly DeployedResource[]): Properties {
  const { version: _, __internal, ...settings } = resources.find(({ type }) => type === "pulumi:providers:aws")?.inputs ?? {};
  return settings as Properties;
}

function portIn({ PULUMI_DEBUG_PROVIDERS: attached = "" }: Readonly<Record<string, string>>): number {
  return Number(attached.split(":")[1]);
}
