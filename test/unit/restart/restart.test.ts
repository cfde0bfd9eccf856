/** Tasks started anew: what ECS and a cluster are asked, how long somebody waits, and what is refused. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Names } from "../../../components/environment/names.ts";
import { clearLatch, setLatch } from "../../../components/rollback/latch.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import type { State, StateResource } from "../../../ops/engine/state.ts";
import { restartAll } from "../../../ops/failover/readOnly.ts";
import { Cluster } from "../../../ops/kubernetes/cluster.ts";
import { requireReason } from "../../../ops/project/reason.ts";
import type { ReleasedService } from "../../../ops/release/releasedService.ts";
import { afterRestart, restartColours, restartWords } from "../../../ops/restart/restart.ts";
import { type Runner, type RunnerState, runnersOf } from "../../../ops/restart/runners.ts";
import { secretInventory } from "../../../ops/secrets/inventory.ts";
import { staleReaders } from "../../../ops/secrets/stale.ts";
import { UserError } from "../../../ops/userError.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { setTaskPace } from "../../../sandbox/cloud/aws/taskPace.ts";
import { scopeOf } from "../../../sandbox/cloud/kubernetes/cluster.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { simulatedApiServer } from "../../../sandbox/kubernetes/apiServer.ts";
import { configOf } from "../../harness/config.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

const running: RunnerState = { wanted: 2, running: 2, revision: "r", rollout: { state: "completed" } };

/** A runner that is read as given, one state after the other; the last one stays. */
function runner(colour: "blue" | "green", ...states: RunnerState[]) {
  let restarts = 0;
  const runs: number[] = [];
  const left = [...states];
  return {
    ...{ service: "api", region: "us-east-1", colour, where: `api-${colour}` },
    read: async () => (left.length > 1 ? (left.shift() as RunnerState) : left[0]!),
    restart: async () => {
      restarts += 1;
    },
    run: async (tasks: number) => {
      runs.push(tasks);
    },
    oldest: async () => undefined,
    restarted: () => restarts,
    runs,
  } satisfies Runner & Record<string, unknown>;
}

const restarting = async (runners: readonly Runner[], colour?: "blue" | "green", released: readonly ReleasedService[] = []) => {
  const lines: string[] = [];
  let waited = 0;
  const flags = { service: "api", reason: "r", again: "npx slipway restart", released, ...(colour === undefined ? {} : { colour }) };
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

/** The service's traffic, blue live; it keeps what its autoscaler is told. */
function traffic(weights: () => Promise<{ blue: number; green: number }>, kept = 2, minimumTasks = 3, refusal?: string) {
  const asked: number[] = [];
  const scaling = () => ({
    ...{ urn: "u", property: "minCapacity", runner: "api", declared: 3, maximum: 8 },
    fewest: async () => kept,
    keep: async (tasks: number) => {
      if (refusal !== undefined) throw new Error(refusal);
      asked.push(tasks);
    },
  });
  const place = { service: "api", region: "us-east-1", where: "api", live: "blue", minimumTasks, weights, scaling };
  return { place: place as unknown as ReleasedService, asked };
}

describe("a colour that is told to run no task", () => {
  const none: RunnerState = { ...running, wanted: 0, running: 0 };
  const starting: RunnerState = { ...running, wanted: 3, running: 1 };
  const there: RunnerState = { ...running, wanted: 3, running: 3 };
  const everything = async () => ({ blue: 100, green: 0 });
  const unread = async (): Promise<never> => {
    throw new UserError("The rule cannot be read");
  };

  test("and is the live one is asked to run what config says, its autoscaler too, and waited for", async () => {
    // The first look after the call still tells what was told before.
    const [blue, { place, asked }] = [runner("blue", none, none, starting, there), traffic(unread)];
    const { exitCode, lines, waited } = await restarting([blue], undefined, [place]);
    expect([exitCode, waited, blue.runs, asked, blue.restarted()]).toEqual([0, 10, [3], [3], 0]);
    expect(lines).toEqual([
      "api-blue is the live colour and was told to run no task: 3 are asked for.",
      "api-blue: 3 tasks run.",
      "Next: nothing to do",
    ]);
  });

  test("and has traffic is, too, with the reserve that is kept; the other colour is started anew beside it", async () => {
    const [blue, green] = [runner("blue", running), runner("green", none, { ...there, wanted: 5, running: 5 })];
    const { place, asked } = traffic(async () => ({ blue: 90, green: 10 }), 5);
    const { exitCode, lines } = await restarting([blue, green], undefined, [place]);
    expect([exitCode, green.runs, asked, blue.restarted(), blue.runs]).toEqual([0, [5], [5], 1, []]);
    expect(lines[0]).toBe("api-green has 10 % of traffic and was told to run no task: 5 are asked for.");
  });

  test("and has none, or is of a region that is scaled to zero, stays so", async () => {
    const [green, { place, asked }] = [runner("green", none), traffic(everything)];
    await expect(restarting([green], "green", [place])).rejects.toThrow("api-green is told to run no task");
    const [blue, standby] = [runner("blue", none), traffic(everything, 0, 0)];
    await expect(restarting([blue], undefined, [standby.place])).rejects.toThrow("api is told to run no task");
    expect([green.runs, asked, blue.runs, standby.asked]).toEqual([[], [], [], []]);
  });

  test("and whose share cannot be read is named, and keeps no other from its restart", async () => {
    const [blue, green, { place }] = [runner("blue", running), runner("green", none), traffic(unread)];
    const { exitCode, lines } = await restarting([blue, green], undefined, [place]);
    expect([exitCode, blue.restarted(), green.runs]).toEqual([0, 1, []]);
    expect(lines[0]).toBe("api-green is told to run no task, and nobody can tell whether users need it: The rule cannot be read");
    await expect(restarting([green], "green", [place])).rejects.toThrow("whether users need it: The rule cannot be read");
  });

  test("and whose autoscaler refuses is told with why, and is not waited for", async () => {
    const [blue, { place }] = [runner("blue", none), traffic(everything, 2, 3, "AccessDeniedException")];
    const { exitCode, lines, waited } = await restarting([blue], undefined, [place]);
    expect([exitCode, waited]).toEqual([1, 0]);
    expect(lines[0]).toContain("asking for 3 was refused: Error: AccessDeniedException");
    expect(lines.at(-1)).toBe("Next: npx slipway restart");
  });

  test("and does not come is told after ten minutes", async () => {
    const [blue, { place }] = [runner("blue", none), traffic(everything)];
    const { exitCode, lines, waited } = await restarting([blue], undefined, [place]);
    expect([exitCode, waited, lines[1]]).toEqual([1, 600, expect.stringContaining("0 of 3 tasks run after 10 minutes")]);
  });
});

describe("a region that is told of writes", () => {
  test("has each service's tasks started anew, with a line of it each and no other", async () => {
    const [api, web] = [runner("blue", running), { ...runner("blue", running), service: "web", where: "web-blue" }];
    const lines: string[] = [];
    expect(await restartAll([api, web], [], "r", { stack: "production" }, (line) => lines.push(line))).toBe(0);
    expect(lines).toEqual(["api-blue: 2 tasks run that were started now.", "web-blue: 2 tasks run that were started now."]);
  });

  test("says once what is next where a service did not start", async () => {
    const busy = { ...runner("blue", { ...running, rollout: { state: "inProgress" } }), service: "web", where: "web-blue" };
    const lines: string[] = [];
    expect(await restartAll([busy, runner("blue", running)], [], "r", { stack: "production" }, (line) => lines.push(line))).toBe(1);
    expect(lines.filter((line) => line.includes("Next: "))).toEqual(["Next: npx slipway status --stack production"]);
    expect(lines).toContain("api-blue: 2 tasks run that were started now.");
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

  test("tasks are asked for by their number alone", async () => {
    const { blue: api, calls } = blue({ "ECS.UpdateService": {} });
    await api.run(3);
    expect(calls.at(-1)!.input).toEqual({ cluster: "arn:cluster", service: "api-blue-1", desiredCount: 3 });
    await expect(blue({}).blue.run(3)).rejects.toThrow("api-blue is not told to run 3 tasks");
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
    await web!.run(5);
    expect((await web!.read()).wanted).toBe(5);
  });
});

describe("after a restart", () => {
  const config = configOf("coinestate/staging");
  const set = setLatch({
    ...{ service: "api", alarm: "", by: account, reason: "errors", at: "2027-01-01T00:00:00Z" },
    ...{ live: "blue", candidate: "green", before: { blue: 50, green: 50 }, outcome: "stranded" },
  });
  const next = (Value: string, region = "us-east-1", candidateWeight = 0) => {
    const { aws } = stubbedAws({
      "SSM.GetParameter": Value === "" ? serviceError("AccessDeniedException", "no") : { Parameter: { Value } },
    });
    const api = config.services.api!;
    const services = { ...config.services, api: { ...api, release: { ...api.release, candidateWeight } } };
    return afterRestart({ config: { ...config, services } }, aws, { stack: "staging", service: "api", region });
  };
  const [look, word] = ["npx slipway status --stack staging", "npx slipway rollback acknowledge --stack staging --service api"];

  test("a latch is ended, and config follows first where it asks for what was taken away", async () => {
    expect(await next(set)).toBe(word);
    expect(await next("no JSON")).toBe(word);
    const follow = "npx slipway up --stack staging --set 'slipway:services.api.release.candidateWeight=0'";
    expect(await next(set, "us-east-1", 50)).toBe(`${follow} && ${word}`);
  });

  test("without one the whole is looked at, as where nobody can tell, or in a region that no alarm rolls back in", async () => {
    expect([await next(clearLatch), await next(""), await next(set, "eu-west-1")]).toEqual([look, look, look]);
  });
});
