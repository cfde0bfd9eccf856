/** A stack with one service on ECS and one on Kubernetes, on the real engine: every step is one update of one object. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { weightsIn } from "../../components/release/record.ts";
import type { ReleaseRecord } from "../../components/release/recordContract.ts";
import { summarisePaths } from "../../ops/engine/changes.ts";
import { apiOnCluster, digests, server } from "../harness/cluster.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const routeType = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const serviceType = "kubernetes:core/v1:Service";
const deploymentType = "kubernetes:apps/v1:Deployment";
const recordType = "aws:dynamodb/table:Item";
const candidateWeight = "services.api.release.candidateWeight";
const live = "services.api.release.live";

/** Spec of the live object with that id. */
function specOf(stack: StackUnderTest, type: string, id: string): Record<string, unknown> {
  return stack.live(type).find((object) => object.id === id)!.properties.spec as Record<string, unknown>;
}

const routeOf = (stack: StackUnderTest) => stack.live(routeType).find(({ id }) => id === "coinestate/api")!;

function routeWeights(stack: StackUnderTest): number[] {
  const [everybody] = specOf(stack, routeType, "coinestate/api").rules as { backendRefs: { weight: number }[] }[];
  return everybody!.backendRefs.map(({ weight }) => weight);
}

async function created(stack: StackUnderTest): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.up();
  expect(exitCode, stdout + stderr).toBe(0);
}

/** All but the release record, which tells of labels too. */
function made(stack: StackUnderTest): unknown[] {
  return stack.live().filter(({ type }) => type !== recordType);
}

async function unchanged(stack: StackUnderTest): Promise<void> {
  const before = made(stack);
  const { changes, unchanged: same, total } = await stack.update();
  expect([changes, same]).toEqual([[], total]);
  expect(made(stack)).toEqual(before);
}

/** One update of one object, at the given paths alone. @param announced whether a preview is asked first, and has to say the same */
async function oneUpdate(stack: StackUnderTest, type: string, paths: string, announced = false): Promise<void> {
  const runs = [...(announced ? [await stack.preview()] : []), await stack.update()];
  for (const { changes } of runs)
    expect(changes.map((change) => [change.op, change.type, summarisePaths(change.paths)])).toEqual([["update", type, paths]]);
}

async function destroyed(stack: StackUnderTest): Promise<void> {
  const { exitCode, stdout, stderr } = await stack.destroy();
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stack.live()).toEqual([]);
}

describe("traffic by weights", () => {
  const stack = new StackUnderTest("bench/production", unprotected);
  const record = () => {
    const { record: kept } = stack.live(recordType)[0]!.properties.item as { record: { S: string } };
    return JSON.parse(kept.S) as ReleaseRecord;
  };
  const step = async (weight: number, weights: readonly number[]) => {
    stack.set({ [candidateWeight]: weight });
    await oneUpdate(stack, routeType, "spec.rules[0].backendRefs[*].weight", weight === 5);
    expect(routeWeights(stack)).toEqual(weights);
    expect(weightsIn(record())).toEqual({ blue: weights[0], green: weights[1] });
  };

  beforeAll(async () => {
    stack.set(apiOnCluster);
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("each service has its own compute, and nothing of the other", () => {
    expect(stack.live(deploymentType).map(({ id }) => id)).toEqual(["coinestate/api-blue", "coinestate/api-green"]);
    const ecs = stack.live("aws:ecs/service:Service").map(({ createdFor }) => createdFor.split("::").at(-1));
    expect(ecs.every((name) => name?.startsWith("coinestate-prod-use1-web-"))).toBe(true);
    expect(ecs.length).toBeGreaterThan(0);
  });

  test("a second update right after changes nothing", () => unchanged(stack));

  test.each([
    [5, [95, 5]],
    [25, [75, 25]],
    [50, [50, 50]],
    [100, [0, 100]],
  ])("to %i %%", step);

  test("the labels swap at 100 % and nothing changes", async () => {
    stack.set({ [live]: "green", [candidateWeight]: 0 });
    await unchanged(stack);
    expect(routeWeights(stack)).toEqual([0, 100]);
    expect(record()).toMatchObject({ live: "green", wayBack: "blue", runs: digests });
  });

  test("a rollback is one step", () => step(100, [100, 0]));

  test("the object's generation moved with each step, its identity did not", () => {
    const { metadata } = routeOf(stack).properties as { metadata: Record<string, unknown> };
    expect(metadata).toMatchObject({ generation: 6, resourceVersion: "6", name: "api" });
  });

  test("the idle colour goes to zero and comes back, and traffic is not touched", async () => {
    stack.set({ [live]: "blue", [candidateWeight]: 0, "services.api.release.green.capacity": "zero", "rollout.retainOldMinutes": 0 });
    await created(stack);
    expect(specOf(stack, deploymentType, "coinestate/api-green").replicas).toBe(0);
    expect(stack.live("kubernetes:autoscaling/v2:HorizontalPodAutoscaler").map(({ id }) => id)).toEqual(["coinestate/api-blue"]);
    stack.set({ "services.api.release.green.capacity": "full" });
    await created(stack);
    expect(specOf(stack, deploymentType, "coinestate/api-green")).not.toHaveProperty("replicas");
    expect(stack.live("kubernetes:autoscaling/v2:HorizontalPodAutoscaler")).toHaveLength(2);
    expect(routeWeights(stack)).toEqual([100, 0]);
  });

  test("a new image for the colour that serves is refused before anything changes", async () => {
    const before = stack.live();
    stack.set({ "services.api.release.blue.image": digests.green });
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain("only the idle colour's image may change");
    expect(stack.live()).toEqual(before);
    stack.set({ "services.api.release.blue.image": digests.blue });
  });

  test("K1 weights that somebody moved in the cluster are put back by the next update", async () => {
    const route = routeOf(stack);
    stack.edit(route, (properties) => {
      const { rules } = properties.spec as { rules: { backendRefs: { weight: number }[] }[] };
      rules[0]!.backendRefs[1]!.weight = 77;
    });
    expect(routeWeights(stack)).toEqual([100, 77]);
    await created(stack);
    expect(routeWeights(stack)).toEqual([100, 0]);
  });

  test("K6 a colour without one ready pod gets no traffic", async () => {
    const [, green] = stack.live(deploymentType);
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    stack.edit(green!, (properties) => Object.assign(properties, { status: { readyReplicas: 0, conditions } }));
    stack.set({ [candidateWeight]: 5 });
    const { exitCode, stdout, stderr } = await stack.up();
    stack.set({ [candidateWeight]: 0 });
    expect(exitCode, stdout + stderr).not.toBe(0);
    expect(stdout + stderr).toContain("api: green has no ready pod");
    expect(routeWeights(stack)).toEqual([100, 0]);
    stack.edit(green!, (properties) => Object.assign(properties, { status: {} }));
  });

  test("a rollout that did not end fails the update and each after it, however complete the provider called it", async () => {
    const [, green] = stack.live(deploymentType);
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    stack.edit(green!, (properties) =>
      Object.assign(properties, { status: { replicas: 3, updatedReplicas: 1, readyReplicas: 2, conditions } }),
    );
    for (const { exitCode, stderr } of [await stack.up(), await stack.up()]) {
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("api-green is not deployed: the deployment failed: nothing runs, and sha256:");
      expect(stderr).toContain("See why: kubectl -n coinestate describe deployment api-green");
    }
    stack.edit(green!, (properties) => Object.assign(properties, { status: {} }));
    await created(stack);
  });

  const barred = (state: "running" | "rolledBack") => {
    const item = stack.live(recordType)[0]!;
    const kept = record();
    const digests = kept.digests.map((entry) => (entry.colour === "green" ? { ...entry, state } : entry));
    stack.edit(item, (properties) => {
      (properties.item as { record: { S: string } }).record.S = JSON.stringify({ ...kept, digests });
    });
  };

  test("a digest that was rolled back gets no traffic before somebody acknowledges it, which status tells", async () => {
    barred("rolledBack");
    stack.set({ [candidateWeight]: 5 });
    const refused = await stack.up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("it gets no traffic before somebody acknowledges that");
    const named = ["--stack", stack.stack];
    const status = await stack.slipway("status", ...named);
    expect(status.exitCode).toBe(1);
    expect(status.stdout).toContain(`The release record of api in us-east-1 bars ${digests.green} in green, which was rolled back`);
    const acknowledged = await stack.slipway("rollback", "acknowledge", ...named, "--service", "api", "--reason", "looked");
    expect(acknowledged.stdout).toContain(`${digests.green} in us-east-1`);
    expect((await stack.slipway("status", ...named)).stdout).toContain("no digest is barred");
    await created(stack);
    expect(routeWeights(stack)).toEqual([95, 5]);
    stack.set({ [candidateWeight]: 0 });
    await created(stack);
  });

  test("pods that a share needs are asked of the autoscaler, which no later preview finds", async () => {
    const [blue] = stack.live(deploymentType);
    stack.edit(blue!, (properties) => Object.assign(properties.spec as object, { replicas: 9 }));
    stack.set({ [candidateWeight]: 50 });
    const { exitCode, stderr } = await stack.up();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("are asked for.");
    expect(routeWeights(stack)).toEqual([50, 50]);
    expect(specOf(stack, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "coinestate/api-green").minReplicas).toBe(5);
    expect((await stack.preview()).changes).toEqual([]);
    stack.set({ [candidateWeight]: 0 });
    await created(stack);
  });

  test("destroy leaves nothing", () => destroyed(stack));
});

describe("traffic by selector", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const selected = () => (specOf(stack, serviceType, "coinestate/api-service").selector as Record<string, unknown>).version;

  beforeAll(async () => {
    stack.set({ ...apiOnCluster, "kubernetes.cluster.switchBy": "selector", "rollout.strategy": "blueGreen", "rollout.steps": undefined });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("a second update right after changes nothing", () => unchanged(stack));

  test("the switch and the rollback each move one selector; swapping the labels changes nothing", async () => {
    expect(selected()).toBe("blue");
    stack.set({ [candidateWeight]: 100 });
    await oneUpdate(stack, serviceType, "spec.selector.version", true);
    expect(selected()).toBe("green");
    stack.set({ [live]: "green", [candidateWeight]: 0 });
    await unchanged(stack);
    stack.set({ [candidateWeight]: 100 });
    await oneUpdate(stack, serviceType, "spec.selector.version");
    expect(selected()).toBe("blue");
  });

  test("K1 a selector that somebody moved in the cluster is put back by the next update", async () => {
    const service = stack.live(serviceType).find(({ id }) => id === "coinestate/api-service")!;
    stack.edit(service, (properties) => {
      (properties.spec as { selector: Record<string, string> }).selector.version = "green";
    });
    const { stdout, stderr } = await stack.up();
    expect(stdout + stderr).toContain("the state said blue, live is green");
    expect(selected()).toBe("blue");
  });

  test("K3 another address is refused while the state has objects of the cluster, and nothing changes", async () => {
    const before = stack.live();
    stack.set({ "kubernetes.cluster.server": "https://moved.example" });
    const { exitCode, stdout, stderr } = await stack.up();
    expect(exitCode, stdout + stderr).not.toBe(0);
    expect(stdout + stderr).toContain("and the stack's objects are on");
    expect(stack.live()).toEqual(before);
    stack.set({ "kubernetes.cluster.identifier": server });
    const moved = await stack.preview();
    expect(moved.changes.map(({ op, type }) => `${op} ${type}`)).toEqual(["update pulumi:providers:kubernetes"]);
    stack.set({ "kubernetes.cluster.server": server, "kubernetes.cluster.identifier": undefined });
  });

  test("destroy leaves nothing", () => destroyed(stack));
});
