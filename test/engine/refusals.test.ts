/** What must not happen is refused by the run itself, whoever starts it, and leaves no trace. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeployedRelease } from "../../infra/release/deployedRelease.ts";
import { releaseInState } from "../../infra/release/releaseInState.ts";
import type { StateResource } from "../../ops/engine/state.ts";
import { configOf } from "../harness/config.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

describe("a bad config", () => {
  const stack = new StackUnderTest("staging", unwatched);
  afterAll(() => stack.remove());

  test("is refused before anything is registered, with all problems and the commands that mend them", async () => {
    stack.set({ "network.natGateways": "perzone", "services.api.release.candidateWeight": 250, "aws.region": "us-east1" });
    const { exitCode, stderr } = await stack.up();
    expect(exitCode).toBe(2);
    for (const path of ["network.natGateways", "services.api.release.candidateWeight", "aws.region"]) expect(stderr).toContain(path);
    expect(stderr).toMatch(/^Pulumi\.staging\.yaml has 3 problems:\n\n {2}line \d+ /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stack.live()).toEqual([]);
  });

  test("is refused by the program as well, for whoever runs pulumi itself", async () => {
    const { exitCode, stdout, stderr } = await stack.slipway(
      "pulumi",
      "--stack",
      "staging",
      "up",
      "--yes",
      "--skip-preview",
      "--non-interactive",
    );
    expect(exitCode).not.toBe(0);
    const said = stdout + stderr;
    for (const path of ["network.natGateways", "services.api.release.candidateWeight", "aws.region"]) expect(said).toContain(path);
    expect(said).not.toMatch(/\n\s+at .*\.ts:\d+/);
    expect(stack.live()).toEqual([]);
  });

  test("is mended by the printed commands, run as they are", async () => {
    const { stderr } = await stack.slipway("preview", "--stack", "staging");
    const commands = stderr.split("\n").flatMap((line) => line.match(/pulumi (config (?:set|rm) .+)$/)?.[1] ?? []);
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      const { exitCode, stdout, stderr: said } = await stack.slipway("pulumi", "--stack", "staging", ...words);
      expect(exitCode, `${command}\n${stdout}${said}`).toBe(0);
    }
    expect((await stack.preview()).changes.length).toBeGreaterThan(100);
  });
});

describe("a release that would reach users unproved", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });

  const { blue } = configOf("staging").services.api!.release;

  beforeAll(() => stack.prepare());
  afterAll(() => stack.remove());

  test("the state tells of a complete update what its outputs do", () => {
    const file = join(stack.folder, ".slipway/state/.pulumi/stacks/slipway/staging.json");
    const { resources } = JSON.parse(readFileSync(file, "utf8")).checkpoint.latest as { resources: StateResource[] };
    const state = Object.fromEntries(resources.map(({ urn, type, outputs = {} }) => [urn, { type, outputs }]));
    const { release } = resources.find(({ type }) => type === "pulumi:pulumi:Stack")!.outputs as { release: DeployedRelease };
    expect(Object.keys(release)).toEqual(["api"]);
    const { rollbackTo: _, ...held } = release.api!;
    expect(releaseInState(state, configOf("staging"), {}, new Date())).toEqual({ api: { ...held, ruleSticks: false } });
    expect(releaseInState(state, configOf("staging"), release, new Date())).toEqual({ api: { ...release.api, ruleSticks: false } });
    const moved = { ...release, api: { ...release.api!, weights: { blue: 50, green: 50 } } };
    const now = new Date("2026-11-30T12:00:00Z");
    expect(releaseInState(state, configOf("staging"), moved, now).api).toMatchObject({
      weights: { blue: 100, green: 0 },
      servedUntil: { blue: "", green: now.toISOString() },
    });
  });

  test("another image for the colour that serves", async () => {
    stack.set({ "services.api.release.blue.image": digest("3") });
    const made = () => stack.live().filter(({ type }) => type !== "aws:dynamodb/table:Item"); // records tell what runs, however an update ended
    const before = made();
    const { exitCode, stdout } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("services.api.release.blue.image");
    expect(stdout).toContain("blue is live and serves 100 % of the traffic");
    expect(stdout).toContain("pulumi config set --stack staging --path");
    expect(made()).toEqual(before);
    stack.set({ "services.api.release.blue.image": blue.image });
  });

  test("weight for an image that is not deployed yet", async () => {
    stack.set({ "services.api.release.green.image": digest("4"), "services.api.release.candidateWeight": 5 });
    const { exitCode, stdout } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("green would get 5 % of the traffic before its tasks are steady");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.up()).exitCode).toBe(0);
    stack.set({ "services.api.release.candidateWeight": 5 });
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([95, 5]);
  });

  test("another image for a candidate that has traffic", async () => {
    stack.set({ "services.api.release.green.image": digest("5") });
    const { exitCode, stdout } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("green serves 5 % of the traffic");
  });
});

describe("an update that failed before its end", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, "services.api.release.green": undefined });
  afterAll(() => stack.remove());

  test("case 05 leaves what serves guarded: its port, and the image of the colour that serves", async () => {
    expect((await stack.up("--fault", "fail create aws:ecs/service:Service 2 before")).exitCode).not.toBe(0);
    const [served, ...others] = stack.live("aws:ecs/service:Service").map(({ createdFor }) => /-(\w+)-blue$/.exec(createdFor)?.[1]);
    expect(others).toEqual([]);
    expect(stack.liveWeights(String(served))).toEqual([100, 0]);
    const before = stack.live("aws:lb/targetGroup:TargetGroup");
    stack.set({ [`services.${served}.port`]: 4000, [`services.${served}.release.blue.image`]: digest("3") });
    const { exitCode, stdout } = await stack.up();
    expect(stdout).toContain("is 4000, and the running tasks listen on 3000");
    expect(stdout).toContain("blue is live and serves 100 % of the traffic");
    expect(exitCode).not.toBe(0);
    expect(stack.live("aws:lb/targetGroup:TargetGroup")).toEqual(before);
  });

  test("lets a colour be put right that has all traffic and not one task: nobody is served by it", async () => {
    const [service] = stack.live("aws:ecs/service:Service");
    const [task] = stack
      .live("aws:ecs/taskDefinition:TaskDefinition")
      .filter(({ properties }) => properties.arn === service!.properties.taskDefinition);
    const [image] = /sha256:[0-9a-f]{64}/.exec(String(task!.properties.containerDefinitions))!;
    await stack.slipway("sandbox", "images", "set", image, "dies");
    const { exitCode, stdout } = await stack.up();
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/aws:ecs:Service coinestate-staging-use1-\w+-blue updated/);
  });
});

describe("a deployment that failed", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const green = "services.api.release.green";
  const services = () => stack.live("aws:ecs/service:Service").find(({ createdFor }) => createdFor.endsWith("api-green"))!.properties;

  beforeAll(async () => {
    stack.set({ [green]: { image: digest("2"), capacity: "zero" } });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("leaves a record that does not claim it, and its image gets no traffic", async () => {
    stack.set({ [`${green}.image`]: digest("3") });
    expect((await stack.up("--fault", "fail update aws:ecs/service:Service 1 before")).exitCode).not.toBe(0);
    stack.set({ [`${green}.capacity`]: "full", "services.api.release.candidateWeight": 5 });
    const { exitCode, stderr } = await stack.up();
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("green has no healthy target, and blue has 1: users are served by blue");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });

  test("a colour that comes back has its tasks started and waited for by the update itself", async () => {
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect(services().desiredCount).toBe(0);
    expect((await stack.up()).exitCode).toBe(0);
    expect(services().desiredCount).toBe(1);
    expect((await stack.preview()).changes).toEqual([]);
    stack.set({ "services.api.release.candidateWeight": 5 });
    expect((await stack.up()).exitCode).toBe(0);
    expect(stack.liveWeights("api")).toEqual([95, 5]);
  });

  test("part of an update does not count as all of it", async () => {
    stack.set({ "services.api.release.candidateWeight": 0 });
    expect((await stack.up()).exitCode).toBe(0);
    stack.set({ [`${green}.image`]: digest("4") });
    expect((await stack.up("--target", "**Cluster::coinestate-staging-use1-cluster")).exitCode).toBe(0);
    stack.set({ "services.api.release.candidateWeight": 5 });
    const { exitCode, stdout } = await stack.up("--target", "**ListenerRule::coinestate-staging-use1-api");
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("not deployed yet");
    expect(stack.liveWeights("api")).toEqual([100, 0]);
  });
});

test("credentials of another account are refused before anything is created", async () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  try {
    const { exitCode, stdout } = await stack.slipwayWith(
      { SLIPWAY_SANDBOX_ACCOUNT: "999999999999" },
      ...["up", "--stack", "staging", "--yes", "--skip-preview", "--non-interactive"],
    );
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("999999999999");
    expect(stack.live("aws:ec2/vpc:Vpc")).toEqual([]);
  } finally {
    stack.remove();
  }
});
