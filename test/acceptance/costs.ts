/** What Slipway's commands cost beside the engine alone, with the real provider: the pairs of `npm run bench`, held against its limits. */
import { loadavg } from "node:os";
import { commandPairs } from "../../bench/commands.ts";
import { everything, short } from "../../bench/extent.ts";
import { commandFigures } from "../../bench/figures.ts";
import { judge } from "../../bench/limits.ts";
import { commandTable, verdictTable } from "../../bench/report.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { stackFilePath } from "../../ops/project/project.ts";
import { type Checks, expect } from "./checks.ts";
import type { Deployment } from "./deployment.ts";
import { candidateWeight } from "./release.ts";

/** Measures the pairs on a stack that exists, and prints them. The API server's own time and memory are not counted. */
export async function costChecks(checks: Checks, deployment: Deployment): Promise<void> {
  const { project, stack, environment, real } = deployment;
  const { accountId: account } = resolvedConfig(stackFilePath(project, stack)).aws;
  const setWeight = (percent: number) => deployment.edit({ [candidateWeight]: percent });
  await checks.check("Slipway's commands cost little beside the engine alone", async () => {
    const measured = { folder: project.folder, stack, account, real, environment, setWeight };
    const pairs = await commandPairs(measured, everything.commandRounds, (text) => console.error(`acceptance: ${text}`));
    const verdicts = judge(Object.fromEntries(commandFigures(pairs)), short); // elapsed times are printed, and judge nothing
    const load = loadavg().map((one) => one.toFixed(1));
    console.log([commandTable(pairs), verdictTable(verdicts), `load average: ${load.join(" ")}`].join("\n"));
    const beyond = verdicts.flatMap(({ name, kept, limit }) => (kept ? [] : [`${name}: not ${limit}`]));
    expect(beyond.length === 0, beyond.join("\n"));
    return `${everything.commandRounds} runs of each, in turn`;
  });
}
