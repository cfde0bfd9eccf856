/** Colours and secrets on a cluster that do not get ready, on the real engine: none of them holds the traffic of a service. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOnCluster } from "../harness/cluster.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const deploymentType = "kubernetes:apps/v1:Deployment";
const candidateWeight = "services.api.release.candidateWeight";

function routeWeights(stack: StackUnderTest): number[] {
  const { rules } = stack.live(routeType).find(({ id }) => id === "coinestate/api")!.properties.spec as {
    rules: { backendRefs: { weight: number }[] }[];
  };
  return rules[0]!.backendRefs.map(({ weight }) => weight);
}

/** Lets the pods of a colour be as many as told, or as many as are wanted. */
function ready(stack: StackUnderTest, colour: string, status: object): void {
  const deployment = stack.live(deploymentType).find(({ id }) => id === `coinestate/api-${colour}`)!;
  stack.edit(deployment, (properties) => Object.assign(properties, { status }));
}

async function moved(stack: StackUnderTest, weight: number): Promise<string> {
  stack.set({ [candidateWeight]: weight });
  const { exitCode, stdout, stderr } = await stack.up();
  expect(exitCode, stdout + stderr).toBe(0);
  expect(routeWeights(stack)).toEqual([100 - weight, weight]);
  return stdout + stderr;
}

describe("a colour that does not get ready", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, ...apiOnCluster, "rollout.steps": undefined });

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("K4 a rollback from a colour that lost its pods moves the route at once, and does not wait for that colour", async () => {
    await moved(stack, 25);
    ready(stack, "green", { readyReplicas: 0 });
    expect((await stack.refresh()).exitCode).toBe(0);
    expect(await moved(stack, 0)).toContain("api-green");
  });

  test("K4 a step to the colour that is ready is not held by the other's, and what is not ready is told", async () => {
    ready(stack, "green", {});
    ready(stack, "blue", { readyReplicas: 0 });
    expect((await stack.refresh()).exitCode).toBe(0);
    expect(await moved(stack, 100)).toContain("api-blue");
    expect(routeWeights(stack)).toEqual([0, 100]);
  });
});

describe("a secret that cannot be copied", () => {
  const stack = new StackUnderTest("staging", {
    ...{ ...unwatched, ...onlyApi, ...apiOnCluster },
    ...{ "rollout.steps": undefined, "services.api.secrets": undefined },
  });
  const absent = { "services.api.secrets": { LATER: "/coinestate/staging/later" } };

  beforeAll(async () => {
    await stack.prepare();
    stack.secretsAreSet = false;
  });
  afterAll(() => stack.remove());

  test("K5 a secret that the store lacks and that comes with a rollback does not hold the route", async () => {
    await moved(stack, 25);
    stack.set({ ...absent, [candidateWeight]: 0 });
    const { stdout, stderr } = await stack.up("--fault", "delay create kubernetes:external-secrets.io/v1:ExternalSecret 1 before 3s");
    expect(stdout + stderr).toContain("'api' timed out waiting to be Ready");
    expect(routeWeights(stack)).toEqual([100, 0]);
  });

  test("K5 a secret that was not copied before holds no rollback", async () => {
    stack.set({ "services.api.secrets": undefined });
    await moved(stack, 25);
    stack.set(absent);
    expect((await stack.up()).exitCode).not.toBe(0);
    await moved(stack, 0);
  });
});
