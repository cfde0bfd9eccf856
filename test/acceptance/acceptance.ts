/**
 * `npm run acceptance`: the AWS part of the stacks with the real AWS provider plugin against an AWS API server on
 * loopback, then the simulated provider beside the real one. Works on a copy of the project and leaves nothing behind but
 * caches. Ends with one line: how many checks passed, how many failed.
 */
import { join } from "node:path";
import { resolvedConfig } from "../../ops/config/show.ts";
import { copyProject, removeProject } from "../../ops/demo/demoProject.ts";
import { findProject, stackFilePath } from "../../ops/project/project.ts";
import { AwsServer } from "./awsServer.ts";
import { Checks, expect, Stopped } from "./checks.ts";
import { compareChecks } from "./compare.ts";
import { Deployment } from "./deployment.ts";
import { findPlugin, findPython, MissingPrerequisite } from "./prerequisites.ts";
import { creationChecks, destroyChecks, releaseChecks } from "./release.ts";

const cleanUps: (() => void)[] = [];

async function acceptance(): Promise<number> {
  const plugin = findPlugin();
  const python = await findPython((step) => console.error(`acceptance: ${step}`));
  const started = performance.now();
  const checks = new Checks();
  const project = copyProject(findProject());
  cleanUps.push(() => removeProject(project));

  /** Each stack has an account of its own, and so a server of its own. */
  async function deploy(stack: string): Promise<{ readonly deployment: Deployment; readonly server: AwsServer }> {
    const { accountId: account, region } = resolvedConfig(stackFilePath(project, stack)).aws;
    const server = await AwsServer.start({ python, account, region, log: join(project.folder, `api-${stack}.log`) });
    cleanUps.push(() => server.stop());
    const deployment = new Deployment({ project, stack, environment: server.environment, plugin });
    cleanUps.push(() => deployment.kill());
    return { deployment, server };
  }

  console.log(`AWS provider plugin: ${plugin}`);
  try {
    const production = await deploy("production");
    await checks.check("the provider accepts production", () => accepted(production.deployment));
    production.server.stop();
    const { deployment, server } = await deploy("staging");
    await checks.check("the provider accepts staging", () => accepted(deployment));
    await creationChecks(checks, deployment);
    // Before anything reads the state again: it is what the provider answered as it made things.
    await compareChecks(checks, { project, real: deployment, plugin, environment: server.environment });
    await releaseChecks(checks, deployment, server);
    await destroyChecks(checks, deployment, server);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
  console.log(`everything took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(checks.summary());
  return checks.failed === 0 ? 0 : 1;
}

async function accepted(deployment: Deployment): Promise<string> {
  const { changes, problems } = await deployment.preview();
  expect(problems.length === 0, problems.join("\n"));
  expect(
    changes.every(({ op }) => op === "create"),
    "a new stack would do more than create",
  );
  return `${changes.length} resources to create, 0 errors, 0 warnings`;
}

function cleanUp(): void {
  for (const undo of cleanUps.splice(0).reverse()) undo();
}

for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    cleanUp();
    process.exit(exitCode);
  });
}

try {
  process.exitCode = await acceptance();
} catch (error) {
  if (!(error instanceof MissingPrerequisite)) throw error;
  console.error(error.message);
  process.exitCode = 3;
} finally {
  cleanUp();
}
