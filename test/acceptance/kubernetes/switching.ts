/** A release from its first step to its way back, each step looked at from the API server's side as well. */
import { summarisePaths } from "../../../ops/engine/changes.ts";
import { type Checks, expect } from "../checks.ts";
import { changed, type Deployment, expectClean, type Outcome } from "../deployment.ts";
import { candidateWeight } from "../release.ts";
import { type Cluster, namespace } from "./cluster.ts";
import type { Switching } from "./traffic.ts";

const live = "services.api.release.live";

/** One stack on the cluster. */
export interface ClusterStack {
  readonly checks: Checks;
  readonly cluster: Cluster;
  readonly deployment: Deployment;
  readonly switching: Switching;
}

/** From nothing to a running stack. @throws Stopped when it cannot be made */
export async function creationChecks({ checks, deployment, switching: { by } }: ClusterStack): Promise<void> {
  await checks.required(`${by}: the stack is created`, async () => {
    const outcome = await deployment.create();
    expectClean(settled(outcome));
    return `${outcome.changes.create} resources`;
  });
}

/** All checks of a running stack whose colours are well. It is left as it was found: everything goes to blue. */
export async function switchingChecks(stack: ClusterStack): Promise<void> {
  const { checks, cluster, deployment, switching } = stack;
  const { by, steps } = switching;
  await checks.check(`${by}: a second update changes nothing`, () => nothing(deployment));
  for (const share of steps) await checks.check(`${by}: ${share} % for green is one update`, () => step(stack, share, share));
  await checks.check(`${by}: green becomes live: the labels swap and nothing else`, async () => {
    deployment.edit({ [live]: "green", [candidateWeight]: 0 });
    const { changes } = await deployment.preview();
    expect(changes.length === 0, `the preview would change ${changes.length} resources`);
    await nothing(deployment);
    return expectGreen(stack, 100);
  });
  await checks.check(`${by}: the rollback to blue is one update`, async () => {
    deployment.edit({ [candidateWeight]: 100 });
    return timed(async () => {
      expectOne(await deployment.up());
      return expectGreen(stack, 0);
    });
  });
  await checks.check(`${by}: a refresh finds everything as the state has it`, async () => {
    const outcome = await deployment.refresh();
    expectClean(outcome);
    expect(changed(outcome) === 0, `it changed ${JSON.stringify(outcome.changes)}\n${outcome.touched.join("\n")}`);
    await nothing(deployment);
    return `${outcome.changes.same} unchanged, and no update after it`;
  });
  for (const manager of ["kubectl-edit", "dashboard"])
    await checks.check(`${by}: traffic that ${manager} moved is put back, after a preview that says so (K1)`, async () => {
      await switching.move(cluster, steps[0] === 100 ? 100 : 40, manager);
      const { problems, changes, readFirst } = await deployment.preview();
      expect(
        problems.every((problem) => !problem.startsWith("error")),
        problems.join("\n"),
      );
      expect(
        readFirst && changes.length === 1,
        `the preview shows ${changes.length} changes, and ${readFirst ? "read" : "did not read"} first`,
      );
      const { exitCode, problems: met, said } = await deployment.up();
      expect(exitCode === 0, [...met, said].join("\n"));
      return expectGreen(stack, 0);
    });
  deployment.edit({ [live]: "blue", [candidateWeight]: 0 });
}

/** What was done, without what the provider warns of as long as it waits, and of metrics, which this cluster has none of. */
export function settled(outcome: Outcome): Outcome {
  const waiting =
    /^warning: (?:Has no \.status\.conditions|\[MinimumReplicasUnavailable\]|Failed(?:GetResourceMetric|ComputeMetricsReplicas):)/;
  return { ...outcome, problems: outcome.problems.filter((problem) => !waiting.test(problem)) };
}

/** Everything goes. @param renewed whether the credentials are newer than those in the state: a first try may fail then */
export async function destroyChecks({ checks, cluster, deployment, switching: { by } }: ClusterStack, renewed: boolean): Promise<void> {
  const how = renewed ? "with credentials that the state does not have (K2), " : "";
  await checks.check(`${by}: ${how}the stack is destroyed, and its namespace with it`, async () => {
    const outcome = await deployment.destroy();
    if (renewed) expectSuccess(outcome);
    else expectClean(settled(outcome));
    const left = await cluster.read("v1", "Namespace", namespace);
    expect(left === undefined, `the namespace ${namespace} is there still`);
    return `${outcome.changes.delete} resources`;
  });
}

/** An update that changes nothing. @throws Error when it does */
export async function nothing(deployment: Deployment): Promise<string> {
  const outcome = await deployment.up();
  expectClean(outcome);
  expect(changed(outcome) === 0, `it changed ${JSON.stringify(outcome.changes)}\n${outcome.touched.join("\n")}`);
  return `${outcome.changes.same} unchanged`;
}

/** Previews and applies a share; both have to show one object and only what moves traffic. */
export async function step(stack: ClusterStack, share: number, green: number): Promise<string> {
  const { deployment, switching } = stack;
  deployment.edit({ [candidateWeight]: share });
  const { changes, problems, readFirst } = await deployment.preview();
  expect(!readFirst, "the preview believes that traffic has moved");
  expect(problems.length === 0, problems.join("\n"));
  const found = changes.map(({ op, type, paths }) => `${op} ${type} ${summarisePaths(paths)}`);
  expect(found.join("\n") === `update ${switching.type} ${switching.paths}`, `the preview shows:\n${found.join("\n")}`);
  return timed(async () => {
    expectOne(await deployment.up());
    return expectGreen(stack, green);
  });
}

/** @throws Error unless green has that share on the cluster */
export async function expectGreen({ cluster, switching }: ClusterStack, green: number): Promise<string> {
  const now = await switching.green(cluster);
  expect(now === green, `green has ${now} % on the cluster, not ${green} %`);
  return `live: blue ${100 - now}, green ${now}`;
}

/** Adds the seconds that something took to what it said. */
export async function timed(run: () => Promise<string>): Promise<string> {
  const started = performance.now();
  const said = await run();
  return `${said}, after ${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** @throws Error unless the command succeeded, whatever it said on the way */
export function expectSuccess({ exitCode, problems, said }: Outcome): void {
  expect(exitCode === 0, `exit code ${exitCode}\n${[...new Set(problems), said].join("\n")}`);
}

function expectOne(outcome: Outcome): void {
  expectClean(outcome);
  expect(
    changed(outcome) === 1 && outcome.changes.update === 1,
    `it changed ${JSON.stringify(outcome.changes)}\n${outcome.touched.join("\n")}`,
  );
}
