/** The example stacks with the real provider, each from nothing to nothing. */
import { configuredImages } from "../../infra/config/configuredImages.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import type { ResourceChange } from "../../ops/engine/changes.ts";
import { type Project, stackFilePath } from "../../ops/project/project.ts";
import type { AwsAccount, AwsCall, AwsServer } from "./awsServer.ts";
import { type Checks, expect } from "./checks.ts";
import { asksForImages, changed, type DeployedResource, Deployment, expectClean } from "./deployment.ts";
import { lacks } from "./lacks.ts";
import { leftovers } from "./live.ts";

/** What one stack did; a figure is undefined when its step was not reached, or is none of this stack's. */
export interface ExampleRun {
  /** `coinestate/staging`. */
  readonly stack: string;
  resources?: number;
  errors?: number;
  warnings?: number;
  created?: number;
  /** Tasks that run after it. */
  tasks?: number;
  /** Resources that the second update changed. */
  secondUp?: number;
  deleted?: number;
  /** Things that were left in the account. */
  left?: number;
  /** Types that the update did not make, with how many resources of each: the server lacks them or what they need. */
  notMade: Readonly<Record<string, number>>;
  seconds: number;
}

export interface ExampleOptions {
  readonly checks: Checks;
  readonly project: Project;
  readonly system: string;
  readonly stage: string;
  readonly server: AwsServer;
  /** The real provider plugin. */
  readonly plugin: string;
  /** Told of the deployment, to end what it runs when the acceptance is broken off. */
  readonly started: (deployment: Deployment) => void;
}

/**
 * Previews a stack, makes it, updates it without a change, and destroys it. Protection is lifted before the first update: nothing of it
 * could be destroyed otherwise. Failures are printed, not thrown.
 */
export async function exerciseExample(options: ExampleOptions): Promise<ExampleRun> {
  const { checks, project, system, stage, server, plugin } = options;
  const stack = `${system}/${stage}`;
  const run: ExampleRun = { stack, notMade: {}, seconds: 0 };
  const begun = performance.now();
  let accepted: Accepted | undefined;
  await checks.check(`the provider accepts ${stack}`, async () => {
    const { aws, dns, protect: isProtected } = resolvedConfig(stackFilePath(project, stage));
    const account = server.account(aws.accountId, aws.region);
    if (dns.provider === "route53") await server.makeZone(aws.accountId, dns.zoneId, dns.zone);
    const deployment = new Deployment({ project, stack: stage, environment: account.environment, plugin });
    options.started(deployment);
    accepted = { account, deployment, planned: await preview(deployment, run) };
    if (isProtected) deployment.edit({ protect: false });
    return `${run.resources} resources to create, 0 errors, 0 warnings but for images`;
  });
  if (accepted !== undefined) await update(checks, accepted, run);
  run.seconds = (performance.now() - begun) / 1000;
  return run;
}

/** A stack whose preview the provider accepted. */
interface Accepted {
  readonly account: AwsAccount;
  readonly deployment: Deployment;
  readonly planned: readonly ResourceChange[];
}

async function preview(deployment: Deployment, run: ExampleRun): Promise<readonly ResourceChange[]> {
  const { changes, problems: all } = await deployment.preview();
  const problems = all.filter((problem) => !asksForImages(problem));
  run.resources = changes.length;
  run.warnings = problems.filter((problem) => /^warning\b/i.test(problem)).length;
  run.errors = problems.length - run.warnings;
  expect(problems.length === 0, problems.join("\n"));
  expect(
    changes.every(({ op }) => op === "create"),
    "a new stack would do more than create",
  );
  return changes;
}

async function update(checks: Checks, { account, deployment, planned }: Accepted, run: ExampleRun): Promise<void> {
  const { stack } = run;
  const without = lacks.map(({ type }) => type).filter((type) => planned.some((change) => change.type === type));
  const made = await checks.check(`${stack} is created`, async () => {
    const outcome = await deployment.create({ without });
    run.created = outcome.changes.create ?? 0;
    run.notMade = countByType(planned, new Set(deployment.state().map(({ urn }) => urn)));
    expectClean(outcome);
    const config = resolvedConfig(stackFilePath(deployment.project, deployment.stack));
    // Another account's registry has them before: staging runs what production's account keeps.
    const asks = configuredImages(config).length > 0 && config.registry.from === undefined;
    expect(outcome.pushedBetween === asks, `the first update ${asks ? "did not ask" : "asked"} for images`);
    run.tasks = await runningTasks(account, deployment);
    expect(without.length > 0 || Object.keys(run.notMade).length === 0, `not made: ${Object.keys(run.notMade).join(", ")}`);
    return `${run.created} resources, ${run.tasks} tasks run`;
  });
  if (made)
    await checks.check(`${stack}: a second update changes nothing`, async () => {
      const outcome = await deployment.up({ without });
      run.secondUp = changed(outcome);
      expectClean(outcome);
      expect(run.secondUp === 0, outcome.touched.join("\n"));
      return `${outcome.changes.same} unchanged`;
    });
  // With the AWS plugin alone nothing can be previewed that real providers of others would have to look at.
  const isForeign = ({ type }: DeployedResource) => /^(?:pulumi:providers:)?(?:cloudflare|kubernetes)\b/.test(type);
  if (made && without.length === 0 && !deployment.state().some(isForeign))
    await checks.check(`${stack}: a pull request's preview, which reads no secret, shows no change`, async () => {
      const { errors, changes, unchanged } = await deployment.pullRequestPreview();
      expect(errors.length === 0, errors.join("\n"));
      const found = changes.map(
        ({ op, type, name, differences }) => `${op} ${type} ${name}: ${differences.map(({ path }) => path).join(", ")}`,
      );
      expect(found.length === 0, found.join("\n"));
      return `${unchanged} unchanged`;
    });
  await checks.check(`${stack} is destroyed and nothing is left in the account`, async () => {
    const outcome = await deployment.destroy();
    run.deleted = outcome.changes.delete ?? 0;
    expectClean(outcome);
    const left = await leftovers(account);
    run.left = left.length;
    expect(left.length === 0, left.join("\n"));
    return `${run.deleted} resources`;
  });
}

/**
 * Tasks of the stack's services in its own region, as ECS has them.
 * @throws Error unless each service runs what it is told to
 */
async function runningTasks(account: AwsAccount, deployment: Deployment): Promise<number> {
  const services = deployment
    .state()
    .filter(({ type, outputs }) => type === "aws:ecs/service:Service" && outputs.region === account.region);
  if (services.length === 0) return 0;
  const answers = await account.call<{ readonly services: readonly Service[] }[]>(
    ...services.map(({ id, outputs: { cluster } }): AwsCall => ["ecs", "describe_services", { cluster, services: [id] }]),
  );
  const found = answers.flatMap((answer) => answer.services);
  for (const { serviceName, runningCount, desiredCount } of found)
    expect(runningCount === desiredCount, `${serviceName}: ${runningCount} of ${desiredCount} tasks run`);
  return found.reduce((sum, { runningCount }) => sum + runningCount, 0);
}

interface Service {
  readonly serviceName: string;
  readonly runningCount: number;
  readonly desiredCount: number;
}

function countByType(planned: readonly ResourceChange[], made: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { urn, type } of planned) if (!made.has(urn)) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
