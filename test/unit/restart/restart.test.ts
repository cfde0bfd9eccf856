/** Tasks started anew: what ECS and a cluster are asked, how long somebody waits, and what is refused. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Names } from "../../../components/environment/names.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import type { State, StateResource } from "../../../ops/engine/state.ts";
import { Cluster } from "../../../ops/kubernetes/cluster.ts";
import { requireReason } from "../../../ops/project/reason.ts";
import { restartColours, restartWords } from "../../../ops/restart/restart.ts";
import { type Runner, type RunnerState, runnersOf } from "../../../ops/restart/runners.ts";
import { secretInventory } from "../../../ops/secrets/inventory.ts";
import { staleReaders } from "../../../ops/secrets/stale.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { setTaskPace } from "../../../sandbox/cloud/aws/taskPace.ts";
import { scopeOf } from "../../../sandbox/cloud/kubernetes/cluster.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { simulatedApiServer } from "../../../sandbox/kubernetes/apiServer.ts";
import { configOf } from "../../harness/config.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const running: RunnerState = { wanted: 2, running: 2, revision: "r", rollout: { state: "completed" } };

/** A runner that is read as given, one state after the other; the last one stays. */
function runner(colour: "blue" | "green", ...states: RunnerState[]): Runner & { readonly restarted: () => number } {
  let restarts = 0;
  const left = [...states];
  return {
    ...{ service: "api", region: "us-east-1", colour, where: `api-${colour}` },
    read: async () => (left.length > 1 ? (left.shift() as RunnerState) : left[0]!),
    restart: async () => {
      restarts += 1;
    },
    oldest: async () => undefined,
    restarted: () => restarts,
  };
}

const restarting = async (runners: readonly Runner[], colour?: "blue" | "green") => {
  const lines: string[] = [];
  let waited = 0;
  const flags = { service: "api", reason: "r", again: "npx slipway restart", ...(colour === undefined ? {} : { colour }) };
  const exitCode = await restartColours(
    runners,
    flags,
    (line) => lines.push(line),
    async (seconds) => {
      waited += seconds;
    },
  );
  return { exitCode, lines, waited };
};

describe("a restart", () => {
  const rolling: RunnerState = { ...running, rollout: { state: "inProgress" } };

  test("is of each colour that runs tasks, and waits until they are there", async () => {
    const [blue, green] = [runner("blue", running, rolling, rolling, running), runner("green", { ...running, wanted: 0, running: 0 })];
    const { exitCode, lines, waited } = await restarting([blue, green]);
    expect([exitCode, waited, blue.restarted(), green.restarted()]).toEqual([0, 10, 1, 0]);
    expect(lines).toEqual(["api-blue: 2 tasks run that were started now.", "Next: nothing to do"]);
  });

  test("of tasks that do not start says why, and that the old ones run on", async () => {
    const failed: RunnerState = { ...running, rollout: { state: "failed", reason: "CannotPullContainerError" } };
    const { exitCode, lines } = await restarting([runner("blue", running, failed)]);
    expect([exitCode, lines[0], lines[1]]).toEqual([
      1,
      expect.stringMatching(/the new tasks did not start, and 2 of before run on: CannotPullContainerError\. .*unhealthy-targets\.md/),
      "Next: npx slipway restart",
    ]);
  });

  test("is waited for ten minutes at most", async () => {
    const { exitCode, lines, waited } = await restarting([runner("blue", running, { ...rolling, running: 1 })]);
    expect([exitCode, waited]).toEqual([1, 600]);
    expect(lines[0]).toContain("1 of 2 tasks run after 10 minutes");
  });

  test("of nothing, or beside a deployment, is refused before anything is asked", async () => {
    const none = runner("green", { ...running, wanted: 0, running: 0 });
    await expect(restarting([runner("blue", running), none], "green")).rejects.toThrow("api-green is told to run no task");
    const [busy, other] = [runner("blue", rolling), runner("green", running)];
    await expect(restarting([other, busy])).rejects.toThrow(/api-blue: a deployment is under way[\s\S]*\nNext: npx slipway restart$/);
    expect([busy.restarted(), other.restarted()]).toEqual([0, 0]);
  });

  test("needs a reason, which its command repeats", () => {
    expect(() => requireReason(undefined)).toThrow("--reason is missing; allowed: 1 to 1000");
    expect(() => requireReason("  ")).toThrow("--reason has 0 characters");
    expect(() => requireReason("x".repeat(1001))).toThrow("--reason has 1001 characters");
    expect(requireReason(" why ")).toBe("why");
    expect(restartWords({ service: "api", colour: "blue", reason: "it's old" })).toBe("--service api --colour blue --reason 'it’s old'");
  });
});

const config = configOf("production");
const coloured = (colour: string) => `${new Names(config, "us-east-1").regional("api")}-${colour}`;
const service = (colour: string, outputs: Record<string, unknown>): StateResource => ({
  urn: `urn:pulumi:production::coinestate::aws:ecs/service:Service::${coloured(colour)}`,
  ...{ type: "aws:ecs/service:Service", outputs },
});
const stateOf = (...resources: StateResource[]): State => ({ resources, pendingOperations: [] });
const cluster = new Cluster(undefined);

describe("on ECS", () => {
  const state = stateOf(service("blue", { cluster: "arn:cluster", name: "api-blue-1" }));
  const blue = (answers: Answers) => {
    const { aws, calls } = stubbedAws(answers);
    return { blue: runnersOf({ config, state, aws, cluster })[0]!, calls };
  };

  test("the service keeps its task definition: a new deployment is forced, and nothing else is sent", async () => {
    const { blue: api, calls } = blue({ "ECS.UpdateService": {} });
    await api.restart();
    expect(calls.at(-1)).toMatchObject({ region: "us-east-1", operation: "UpdateService" });
    expect(calls.at(-1)!.input).toEqual({ cluster: "arn:cluster", service: "api-blue-1", forceNewDeployment: true });
  });

  test("a colour is read by its primary deployment; one that is gone or not told is a refusal", async () => {
    const primary = { status: "PRIMARY", rolloutState: "IN_PROGRESS", taskDefinition: "arn:td:7" };
    const live = { desiredCount: 3, runningCount: 2, deployments: [{ status: "ACTIVE" }, primary] };
    expect(await blue({ "ECS.DescribeServices": { services: [live] } }).blue.read()).toEqual({
      ...{ wanted: 3, running: 2, revision: "arn:td:7", rollout: { state: "inProgress" } },
    });
    await expect(blue({ "ECS.DescribeServices": { services: [] } }).blue.read()).rejects.toThrow("ECS has no service api-blue-1");
    await expect(blue({}).blue.read()).rejects.toThrow("api-blue cannot be read in the simulated cloud: AccessDeniedException");
  });

  test("the oldest of all its tasks counts, over every page", async () => {
    const [old, young] = [new Date("2027-01-01T00:00:00Z"), new Date("2027-01-02T00:00:00Z")];
    const { blue: api, calls } = blue({
      "ECS.ListTasks": [{ taskArns: ["a"], nextToken: "2" }, { taskArns: ["b"] }],
      "ECS.DescribeTasks": [{ tasks: [{ createdAt: young }] }, { tasks: [{ createdAt: old }] }],
    });
    expect(await api.oldest()).toEqual(old);
    expect(asked(calls).filter((call) => call.startsWith("ECS"))).toHaveLength(4);
    expect(await blue({ "ECS.ListTasks": { taskArns: [] } }).blue.oldest()).toBeUndefined();
  });
});

describe("secrets that tasks hold", () => {
  const state = stateOf(service("blue", { cluster: "c", name: "api-blue-1" }));
  const entries = secretInventory(config)
    .filter(({ readers }) => readers.includes("api JWT_SECRET"))
    .map((entry) => ({ ...entry, store: "secretsManager" as const }));
  const [{ name }] = entries as [(typeof entries)[number]];
  const at = (hour: number) => new Date(Date.UTC(2027, 0, 1, hour));
  const found = async (answers: Answers, changed = at(3)) => {
    const tasks = { "ECS.ListTasks": { taskArns: ["a"] }, "ECS.DescribeTasks": { tasks: [{ createdAt: at(2) }] } };
    const { aws } = stubbedAws({ ...tasks, ...answers });
    return staleReaders({ config, state, aws, cluster }, entries, new Map([[name, { kind: "set", changed }]]));
  };
  const version = (hour: number) => ({
    "SecretsManager.ListSecretVersionIds": {
      Versions: [
        { VersionStages: ["AWSPREVIOUS"], CreatedDate: at(9) },
        { VersionStages: ["AWSCURRENT"], CreatedDate: at(hour) },
      ],
    },
  });

  test("are old where the value is younger than the oldest task; a change of the entry alone is none", async () => {
    const stale = { secret: name, service: "api", colour: "blue", region: "us-east-1", where: "api-blue", started: at(2), changed: at(3) };
    expect(await found(version(3))).toEqual({ stale: [stale], unread: [] });
    expect(await found(version(1))).toEqual({ stale: [], unread: [] });
    expect(await found({}, at(1))).toEqual({ stale: [], unread: [] });
  });

  test("cannot be told where tasks cannot be read: that is said", async () => {
    const { stale, unread } = await found({ "ECS.ListTasks": serviceError("AccessDeniedException", "no") });
    expect([stale, unread]).toEqual([[], [expect.stringContaining("The tasks of api-blue cannot be listed")]]);
  });
});

describe("in the simulated cloud", () => {
  let folder = "";
  let store: LiveStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-restart-"));
    store = new LiveStore(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const scope = `${account}/us-east-1`;

  test("a restart rolls while tasks take time, and then all of them are of now", async () => {
    const clusterArn = `arn:aws:ecs:us-east-1:${account}:cluster/c`;
    const id = `arn:aws:ecs:us-east-1:${account}:service/c/api-blue-1`;
    store.put({ type: "aws:ecs/cluster:Cluster", id: clusterArn, scope, properties: { name: "c" }, createdFor: "" });
    const properties = { name: "api-blue-1", cluster: clusterArn, desiredCount: 2, taskDefinition: "arn:td" };
    store.put({ type: "aws:ecs/service:Service", id, scope, properties, createdFor: "" });
    const aws = new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: simulatedAws(store, account) });
    const [api] = runnersOf({ config, state: stateOf(service("blue", { cluster: "c", name: "api-blue-1" })), aws, cluster });
    setTaskPace(store, 50);
    const from = Date.now();
    await api!.restart();
    expect(await api!.read()).toMatchObject({ wanted: 2, running: 2, rollout: { state: "inProgress" } });
    await new Promise((done) => setTimeout(done, 60));
    expect(await api!.read()).toMatchObject({ running: 2, revision: "arn:td", rollout: { state: "completed" } });
    expect((await api!.oldest())!.getTime()).toBeGreaterThanOrEqual(from);
  });

  test("on a cluster the pod template gets the annotation that kubectl's restart writes, and the image stays", async () => {
    const there = configOf("coinestate/production");
    const { server = "", namespace = "" } = there.kubernetes.cluster ?? {};
    const id = `${namespace}/web-blue`;
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "i@sha256:1" }] } };
    const metadata = { name: "web-blue", namespace, generation: 1 };
    const type = "kubernetes:apps/v1:Deployment";
    const put = {
      type,
      id,
      createdFor: "",
      properties: { metadata, spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template } },
    };
    store.put({ ...put, scope: `${scopeOf(server)}/${namespace}` });
    const answer = async () => simulatedApiServer(store, server);
    const real = new Cluster({ server, kubeconfig: async () => "", answer });
    const state = stateOf({ urn: "u::web-blue", type, id });
    const [web] = runnersOf({ config: there, state, aws: stubbedAws({}).aws, cluster: real });
    const before = await web!.read();
    await web!.restart();
    const [live] = store.all(type);
    expect(live!.properties.spec).toMatchObject({
      template: { metadata: { labels: { app: "web" }, annotations: { "kubectl.kubernetes.io/restartedAt": expect.any(String) } } },
    });
    expect(Number((await web!.read()).revision)).toBe(Number(before.revision) + 1);
    expect((live!.properties.spec as typeof put.properties.spec).template.spec).toEqual(template.spec);
  });
});
