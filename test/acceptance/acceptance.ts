/**
 * `npm run acceptance`: the AWS part of the stacks with the real AWS provider plugin against an AWS API server on
 * loopback, then the simulated provider beside the real one, then every example stack. Works on copies of the projects and
 * leaves nothing behind but caches. Ends with a table of the examples and one line: how many checks passed, how many failed.
 *
 * `npm run acceptance -- --only examples/coinestate` runs a part of it; `--only stacks` is the project's own two stacks,
 * `--only state` one of them with its state in a bucket, `--only pipeline` runs of the deployment's workflow on such a one, `--only neighbours` both in one account, `--only ramp` a release at twelve tasks
 * that take time, `--only bootstrap` what prepares an account,
 * `--only refusals` what that server refuses,
 * `--only account` the trial of an empty account on that server, `--account` the same on the AWS account that the environment names,
 * `--only kubernetes` a service on a real Kubernetes API server,
 * `--only commands` measures on staging what Slipway's commands cost beside the engine alone, and
 * `--only oncall` on the largest example what the person on call waits for.
 */
import { join } from "node:path";
import { resolvedConfig } from "../../ops/config/show.ts";
import { findProject, type Project, stackFilePath } from "../../ops/project/project.ts";
import { copyProject, removeProject } from "../../rehearsal/demo/demoProject.ts";
import { type AccountOptions, tryAccount, tryServer } from "./account/account.ts";
import { NoAccount } from "./account/trialAccount.ts";
import { AwsServer } from "./awsServer.ts";
import { bootstrapChecks } from "./bootstrap.ts";
import { Checks, expect, Stopped } from "./checks.ts";
import { inParallel } from "./compare/findings.ts";
import { compareChecks } from "./compare.ts";
import { costChecks } from "./costs.ts";
import { asksForImages, Deployment } from "./deployment.ts";
import { type ExampleRun, exerciseExample } from "./examples.ts";
import { exampleTable, lackTable } from "./exampleTable.ts";
import { binariesVariable } from "./kubernetes/binaries.ts";
import { kubernetesChecks } from "./kubernetes/kubernetes.ts";
import { lacks } from "./lacks.ts";
import { neighbourChecks } from "./neighbours.ts";
import { onCallChecks } from "./onCall.ts";
import { pipelineChecks } from "./pipeline.ts";
import { findPlugin, findPython, MissingPrerequisite, pluginVersion, sdkVersions } from "./prerequisites.ts";
import { rampChecks } from "./ramp.ts";
import { refusalChecks } from "./refusals.ts";
import { creationChecks, destroyChecks, releaseChecks } from "./release.ts";
import { rollbackChecks } from "./rollback.ts";
import { NoSuchPart, needsAws, type Selection, selectionOf } from "./selection.ts";
import { sharedStateChecks } from "./sharedState.ts";

const repository = join(import.meta.dirname, "..", "..");
const cleanUps: (() => void)[] = [];

/** Example stacks that run at the same time: each keeps an engine and a provider busy, mostly one after the other. */
const atOnce = 2;

/** What every part of the run uses. */
interface Run {
  readonly checks: Checks;
  readonly plugin: string;
  readonly server: AwsServer;
}

async function acceptance(selection: Selection): Promise<number> {
  const started = performance.now();
  const checks = new Checks();
  if (selection.kubernetes) await kubernetesChecks({ checks, copied: () => copied(findProject()), cleanUps });
  else if (selection.everything)
    console.log(`left out: kubernetes, since ${binariesVariable} names no folder with the programs of a cluster`);
  if (needsAws(selection)) await awsChecks(selection, checks);
  console.log(`everything took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(checks.summary());
  return checks.failed === 0 ? 0 : 1;
}

async function awsChecks(selection: Selection, checks: Checks): Promise<void> {
  const { own, state, pipeline, ramp, bootstrap, account, refused, beside, examples, commands, onCall, everything } = selection;
  const plugin = findPlugin();
  const version = await pluginVersion(plugin);
  const progress = (step: string) => console.error(`acceptance: ${step}`);
  const python = await findPython(progress);
  console.log(`AWS provider plugin: ${version}, for @pulumi/aws ${sdkVersions.aws} (${plugin})`);
  const trial: AccountOptions = { checks, plugin, python, copied, cleanUps };
  if (account === "real" || account === "real, agreed") {
    await tryAccount(trial, account === "real, agreed");
    return;
  }
  const project = copied(findProject());
  const server = await AwsServer.start({ python, log: join(project.folder, "api.log") });
  cleanUps.push(() => server.stop());
  const run: Run = { checks, plugin, server };
  if (ramp) await rampChecks({ checks, server, ...(await deploymentOf(run, copied(findProject()), "staging")) });
  if (bootstrap) await bootstrapChecks({ ...run, project: copied(findProject(join(repository, "bootstrap"))), cleanUps });
  if (account === "server") await tryServer(server, trial);
  if (refused) await refusalChecks(checks, python);
  if (own) await ownStackChecks(run, project);
  if (commands) await commandChecks(run, copied(findProject()));
  if (onCall) {
    const example = copied(findProject(join(repository, "examples", "coinestate")));
    await onCallChecks({ checks, server, service: "api", ...(await deploymentOf(run, example, "production")) });
  }
  if (state) await sharedStateChecks({ checks, plugin, server, clients: [copied(findProject()), copied(findProject())], cleanUps });
  if (pipeline) await pipelineChecks({ checks, plugin, server, copied: () => copied(findProject()), cleanUps });
  if (beside) await untilStopped(() => neighbourChecks({ checks, plugin, server, project: copied(findProject()), cleanUps }));
  const runs = await exampleChecks(run, examples);
  if (everything)
    await checks.check("every lack of the API server that is listed still matters", async () => {
      const idle = lacks.filter(({ type }) => runs.every(({ notMade }) => !(type in notMade)));
      expect(idle.length === 0, idle.map(({ type }) => type).join("\n"));
      return "";
    });
  if (runs.length > 0) console.log(exampleTable(runs));
  const lackingTable = lackTable(runs, lacks);
  if (lackingTable !== undefined) console.log(lackingTable);
}

/** The project's own two stacks: preview, a release from beginning to end, the simulated provider beside the real one. */
async function ownStackChecks(run: Run, project: Project): Promise<void> {
  const { checks, plugin } = run;
  await untilStopped(async () => {
    const production = await deploymentOf(run, project, "production");
    await checks.check("the provider accepts production", () => accepted(production.deployment));
    const { deployment, account } = await deploymentOf(run, project, "staging");
    await checks.check("the provider accepts staging", () => accepted(deployment));
    await creationChecks(checks, deployment);
    // Before anything reads the state again: it is what the provider answered as it made things.
    await compareChecks(checks, { project, real: deployment, plugin, environment: account.environment });
    await releaseChecks(checks, deployment, account);
    await rollbackChecks(checks, deployment, account);
    await destroyChecks(checks, deployment, account);
  });
}

/** What Slipway's commands cost beside the engine alone, on the project's own staging stack. */
async function commandChecks(run: Run, project: Project): Promise<void> {
  await untilStopped(async () => {
    const { deployment } = await deploymentOf(run, project, "staging");
    await creationChecks(run.checks, deployment);
    await costChecks(run.checks, deployment);
  });
}

async function deploymentOf({ plugin, server }: Run, project: Project, stack: string) {
  const { aws, dns } = resolvedConfig(stackFilePath(project, stack));
  const account = server.account(aws.accountId, aws.region);
  if (dns.provider === "route53") await server.makeZone(aws.accountId, dns.zoneId, dns.zone);
  const deployment = new Deployment({ project, stack, environment: account.environment, plugin });
  cleanUps.push(() => deployment.kill());
  return { deployment, account };
}

async function untilStopped(checks: () => Promise<void>): Promise<void> {
  try {
    await checks();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    console.log(`stopped  ${error.message}`);
  }
}

async function exampleChecks({ checks, plugin, server }: Run, examples: Selection["examples"]): Promise<ExampleRun[]> {
  const stacks = examples.flatMap(({ system, folder, stages }) => {
    const project = copied(findProject(folder));
    // Staging first: it takes longest.
    return [...stages].reverse().map((stage) => ({ project, system, stage }));
  });
  const started = (deployment: Deployment) => cleanUps.push(() => deployment.kill());
  return inParallel(stacks, (stack) => exerciseExample({ ...stack, checks, server, plugin, started }), atOnce);
}

async function accepted(deployment: Deployment): Promise<string> {
  const { changes, problems: all } = await deployment.preview();
  const problems = all.filter((problem) => !asksForImages(problem));
  expect(problems.length === 0, problems.join("\n"));
  expect(
    changes.every(({ op }) => op === "create"),
    "a new stack would do more than create",
  );
  return `${changes.length} resources to create, 0 errors, 0 warnings but for images`;
}

function copied(source: Project): Project {
  const project = copyProject(source);
  cleanUps.push(() => removeProject(project));
  return project;
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
  process.exitCode = await acceptance(selectionOf(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof MissingPrerequisite || error instanceof NoSuchPart || error instanceof NoAccount)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof MissingPrerequisite ? 3 : 2;
} finally {
  cleanUp();
}
