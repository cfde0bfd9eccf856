/** A canary, a relabel, a rollback and two accidents, each step looked at from the API's side as well. */
import { summarisePaths } from "../../ops/engine/changes.ts";
import type { AwsAccount } from "./awsServer.ts";
import { type Checks, expect } from "./checks.ts";
import { changed, type Deployment, expectClean, type Outcome } from "./deployment.ts";
import { leftovers, liveWeights, setLiveWeights } from "./live.ts";

const release = "services.api.release";
export const candidateWeight = `${release}.candidateWeight`;
const live = `${release}.live`;
const onlyWeights = "actions[0].forward.targetGroups[*].weight";

/** The stack comes into being. */
export async function creationChecks(checks: Checks, deployment: Deployment): Promise<void> {
  await checks.required(`${deployment.stack} is created`, async () => {
    const outcome = await deployment.create();
    expectClean(outcome);
    return `${outcome.changes.create} resources`;
  });
}

/** All checks of a running stack. */
export async function releaseChecks(checks: Checks, deployment: Deployment, account: AwsAccount): Promise<void> {
  await checks.check("a second update changes nothing", () => nothing(deployment));
  await checks.check("a refresh finds everything as the state has it", async () => {
    const outcome = await deployment.refresh();
    expectClean(outcome);
    expect(changed(outcome) === 0, `it changed ${JSON.stringify(outcome.changes)}`);
    return `${outcome.changes.same} unchanged`;
  });
  await checks.check("a release whose tasks die fails at each update, and runs once they do not die", async () => {
    const dying = `sha256:${"b".repeat(64)}`;
    deployment.edit({ [`${release}.green.image`]: dying });
    for (const time of ["first", "second"]) {
      const { exitCode, problems } = await deployment.up({ dying });
      expect(
        exitCode !== 0 && problems.join().includes("tasks failed to start"),
        `the ${time} update ended with ${exitCode}:\n${problems.join("\n")}`,
      );
    }
    const outcome = await deployment.up();
    expectClean({ ...outcome, problems: outcome.problems.filter((problem) => !problem.includes("is deployed again")) });
    await nothing(deployment);
    return `the last update changed ${changed(outcome)} resources`;
  });
  for (const weight of [5, 25, 50, 100])
    await checks.check(`canary to ${weight} %`, () => step(deployment, account, weight, { green: weight }));
  await checks.check("green becomes live: the labels swap and nothing else", async () => {
    deployment.edit({ [live]: "green", [candidateWeight]: 0 });
    const { changes } = await deployment.preview();
    expect(changes.length === 0, `the preview would change ${changes.length} resources`);
    await nothing(deployment);
    return expectLive(account, deployment, { green: 100 });
  });
  await checks.check("rollback to blue in one step", () => step(deployment, account, 100, { green: 0 }));
  await checks.check("blue becomes live and green gets 5 %", () => {
    deployment.edit({ [live]: "blue" });
    return step(deployment, account, 5, { green: 5 });
  });
  await checks.check("traffic moved behind the engine's back: the engine alone does not see it", async () => {
    await setLiveWeights(account, ruleOf(deployment), { blue: 75, green: 25 });
    const outcome = await deployment.plainUp();
    expectClean(outcome);
    expect(changed(outcome) === 0, `it changed ${changed(outcome)} resources`);
    return expectLive(account, deployment, { green: 25 });
  });
  await checks.check("traffic moved behind the engine's back: slipway up puts it right", async () => {
    expectOne(await deployment.up());
    return expectLive(account, deployment, { green: 5 });
  });
  await checks.check("the engine is killed right after it moved the traffic", async () => {
    deployment.edit({ [candidateWeight]: 25 });
    await account.server.hold("ModifyRule");
    try {
      await deployment.upKilledAt(account.server.untilHeld());
    } finally {
      await account.server.release();
    }
    return expectLive(account, deployment, { green: 25 });
  });
  await checks.check("the rollback after that finds the traffic where it is", async () => {
    deployment.edit({ [candidateWeight]: 5 });
    expectOne(await deployment.up());
    return expectLive(account, deployment, { green: 5 });
  });
  await checks.check("an update after that changes nothing", () => nothing(deployment));
}

/** Everything goes. */
export async function destroyChecks(checks: Checks, deployment: Deployment, account: AwsAccount): Promise<void> {
  await checks.check(`${deployment.stack} is destroyed`, async () => {
    const outcome = await deployment.destroy();
    expectClean(outcome);
    return `${outcome.changes.delete} resources`;
  });
  await checks.check("nothing is left in the account", async () => {
    const left = await leftovers(account);
    expect(left.length === 0, left.join("\n"));
    return "";
  });
}

/** Previews and applies a weight; the preview has to show one rule and only its weights. */
async function step(deployment: Deployment, account: AwsAccount, weight: number, expected: { readonly green: number }): Promise<string> {
  deployment.edit({ [candidateWeight]: weight });
  const { changes, total, problems, readFirst } = await deployment.preview();
  expect(!readFirst, "the preview believes that the weights have moved");
  const found = changes.map(({ op, name, paths }) => `${op} ${name} ${summarisePaths(paths)}`);
  expect(problems.length === 0, problems.join("\n"));
  expect(
    changes.length === 1 && changes[0]?.op === "update" && found[0]?.endsWith(` ${onlyWeights}`) === true,
    `the preview shows:\n${found.join("\n")}`,
  );
  expectOne(await deployment.up());
  return `${found.join()}, 1 of ${total}; ${await expectLive(account, deployment, expected)}`;
}

async function nothing(deployment: Deployment): Promise<string> {
  const outcome = await deployment.up();
  expectClean(outcome);
  expect(changed(outcome) === 0, `it changed ${JSON.stringify(outcome.changes)}`);
  return `${outcome.changes.same} unchanged`;
}

function expectOne(outcome: Outcome): void {
  expectClean(outcome);
  expect(changed(outcome) === 1 && outcome.changes.update === 1, `it changed ${JSON.stringify(outcome.changes)}`);
}

async function expectLive(account: AwsAccount, deployment: Deployment, { green }: { readonly green: number }): Promise<string> {
  const weights = await liveWeights(account, ruleOf(deployment));
  const text = `live: blue ${weights.blue}, green ${weights.green}`;
  expect(weights.green === green && weights.blue === 100 - green, text);
  return text;
}

/** The rule whose weights move, as the stack's own output names it. */
function ruleOf(deployment: Deployment): string {
  const stack = deployment.state().find(({ type }) => type === "pulumi:pulumi:Stack");
  return (stack?.outputs.trafficRules as Readonly<Record<string, string>> | undefined)?.api ?? "";
}
