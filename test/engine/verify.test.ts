/** `slipway verify` on a stack that the real engine made: what passes, what does not, and what it says. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOnCluster } from "../harness/cluster.ts";
import { unwatched, watchedRelease } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const hosts = ["api.staging.coinestate.io", "app.staging.coinestate.io"];
const stack = new StackUnderTest("staging", watchedRelease);
const asked: string[] = [];
let status = 200;
let server: Server;

const verify = (target: string, ...flags: string[]) => stack.slipway("verify", target, "--stack", "staging", ...flags);
const connected = () => hosts.flatMap((host) => ["--connect", `${host}=http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
const errorRate = "coinestate-staging-use1-api-rollback-error-rate";
const setAlarm = (state: string) => stack.slipway("sandbox", "alarm", "set", errorRate, state, "--stack", "staging");
const rule = () =>
  stack.live("aws:lb/listenerRule:ListenerRule").find(({ createdFor }) => createdFor.endsWith("::coinestate-staging-use1-api"))!;

/** Moves traffic as somebody in the console does. */
function giveCandidate(percent: number): void {
  stack.edit(rule(), (properties) => {
    const [action] = properties.actions as unknown as { forward: { targetGroups: { weight: number }[] } }[];
    for (const [index, weight] of [100 - percent, percent].entries()) action!.forward.targetGroups[index]!.weight = weight;
  });
}

beforeAll(async () => {
  server = createServer(({ headers, url }, response) => {
    asked.push(`${headers.host}${url}`);
    response.writeHead(status).end("fine");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stack.set({
    databases: { main: { engine: "postgres", instanceClass: "db.t4g.micro", databaseName: "app", applicationUser: "app_user" } },
    "services.api.connects": { databases: ["main"] },
    "backup.plans.main.stores": { databases: ["main"] },
  });
  await stack.prepare();
});
afterAll(() => {
  server.close();
  stack.remove();
});

describe("a deployment", () => {
  test("is verified when traffic is where config says and the endpoints answer by their own names", async () => {
    const { exitCode, stdout, stderr } = await verify("deployment", ...connected());
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain("The deployment of staging (the simulated cloud in .slipway) is verified:");
    expect(stdout).toMatch(/weights of api .+ blue 100 %, green 0 % .+ blue 100 %, green 0 % .+ good/);
    expect(asked.sort()).toEqual([`${hosts[0]}/v1/health`, `${hosts[1]}/health`]);
  });

  test("is not verified by endpoints that nobody asked: the simulated cloud serves nobody", async () => {
    const { exitCode, stdout } = await verify("deployment");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The simulated cloud serves nobody. Ask your own server for it: --connect api.staging.coinestate.io=");
    expect(stdout).toMatch(/is NOT verified: \d+ checks, 2 not asked, 2 degraded\./);
  });

  test("fails while an endpoint does, and a watch tells the share", async () => {
    const timer = setTimeout(() => {
      status = 503;
    }, 4000);
    const { exitCode, stdout } = await verify("deployment", ...connected(), "--watch", "8", "--every", "1");
    clearTimeout(timer);
    status = 200;
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/UTC api failed: 503 in \d+ ms/);
    expect(stdout).toMatch(/of 9 good/);
    expect(stdout).toContain("docs/runbooks/endpoint-unreachable.md");
  });

  test("fails when traffic was moved behind the engine's back", async () => {
    giveCandidate(30);
    const { exitCode, stdout } = await verify("deployment", ...connected());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/weights of api .+ blue 100 %, green 0 % .+ blue 70 %, green 30 % .+ failed/);
    expect(stdout).toContain("weights of api: Somebody or an alarm moved traffic");
    expect(stdout).toContain("slipway status --stack staging");
  });
});

describe("a rollback", () => {
  test("is not verified while the candidate has traffic", async () => {
    giveCandidate(25);
    const { exitCode, stdout } = await verify("rollback", ...connected());
    expect(exitCode).toBe(1);
    expect(stdout).toContain("weights of api: green still has traffic: npx slipway rollback now --stack staging --service api");
  });

  test("by an alarm is verified, with the latch that is left to acknowledge", async () => {
    await setAlarm("ALARM");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    const { exitCode, stdout } = await verify("rollback", ...connected());
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("slipway rollback acknowledge --stack staging --service api");
    const after = await verify("deployment", ...connected());
    expect(after.exitCode).toBe(1);
    expect(after.stdout).toMatch(/latch of api .+ not set .+ failed/);
    expect(after.stdout).toMatch(new RegExp(`alarms in us-east-1 .+ none rings .+ ${errorRate} .+ failed`));
  });
});

describe("a restoration", () => {
  const database = () => stack.live("aws:rds/instance:Instance")[0]!;

  test("is verified when every store has a young backup and every database is available", async () => {
    const before = await verify("restoration", ...connected());
    expect(before.exitCode).toBe(1);
    expect(before.stdout).toMatch(/backup of databases-main.+MISSING: no backup.+failed/);
    await setAlarm("OK");
    await stack.slipway("backup", "start", "--stack", "staging", "--reason", "a test");
    const { exitCode, stdout } = await verify("restoration", ...connected());
    expect(exitCode, stdout).toBe(0);
  });

  test("is not while a database is still being restored", async () => {
    stack.edit(database(), (properties) => {
      properties.status = "creating";
    });
    const { exitCode, stdout } = await verify("restoration", ...connected());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/available .+ creating .+ failed/);
    expect(stdout).toContain("docs/runbooks/database-restore.md");
  });
});

describe("a service on Kubernetes", () => {
  const cluster = new StackUnderTest("staging", {
    ...unwatched,
    uptime: { endpoints: { api: { host: hosts[0] }, app: { host: hosts[1] } } },
  });
  const ofCluster = (target: string) => cluster.slipway("verify", target, "--stack", "staging", ...connected());
  const route = () => cluster.live("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute").find(({ id }) => id === "coinestate/api")!;
  beforeAll(async () => {
    cluster.set({ ...apiOnCluster, "services.api.release.candidateWeight": 25 });
    await cluster.prepare();
  });
  afterAll(() => cluster.remove());

  test("has the weights that config gives it, as the engine reads them on the cluster", async () => {
    const { exitCode, stdout, stderr } = await ofCluster("deployment");
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/weights of api, on the cluster .+ blue 75 %, green 25 % .+ blue 75 %, green 25 % .+ good/);
    expect(stdout).toMatch(/pods of api, blue .+ ready at least .+ ready .+ good/);
    const back = await ofCluster("rollback");
    expect(back.exitCode).toBe(1);
    expect(back.stdout).toMatch(/weights of api, on the cluster .+ blue 100 %, green 0 % .+ blue 75 %, green 25 % .+ failed/);
  });

  test("is not verified when somebody moved its traffic", async () => {
    cluster.edit(route(), (properties) => {
      const { rules } = properties.spec as unknown as { rules: { backendRefs: { weight: number }[] }[] };
      rules[0]!.backendRefs[0]!.weight = 50;
    });
    const { exitCode, stdout } = await ofCluster("deployment");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/weights of api, on the cluster .+ blue 75 %, green 25 % .+ blue 67 %, green 33 % .+ failed/);
  });
});
