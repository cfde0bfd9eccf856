/** `slipway rollback now` on the real engine's state and the simulated cloud: while somebody holds the lock, and where no state can be read. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { FakeGitHub } from "../harness/fakeGitHub.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, "services.api.release.stickinessSeconds": undefined });
const rule = () =>
  stack.live("aws:lb/listenerRule:ListenerRule").find(({ createdFor }) => createdFor.endsWith("::coinestate-staging-use1-api"))!;
const latch = () => stack.live("aws:ssm/parameter:Parameter").find(({ id }) => id.endsWith("/rollback/api.by-hand"))!.properties;
const back = ["rollback", "now", "--stack", "staging", "--service", "api", "--reason", "checkout fails"];
const weight = "services.api.release.candidateWeight";

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());
beforeEach(() =>
  stack.edit(rule(), (properties) => {
    const [action] = properties.actions as unknown as { forward: { targetGroups: { weight: number }[] } }[];
    for (const group of action!.forward.targetGroups) group.weight = 50;
  }),
);

test("traffic goes back while somebody's update holds the stack, and config is offered the change that follows", async () => {
  stack.set({ [weight]: 50 });
  const locks = join(stack.folder, ".slipway/state/.pulumi/locks/organization/slipway/staging");
  mkdirSync(locks, { recursive: true });
  const owner = { pid: process.pid, username: "jo", hostname: hostname(), timestamp: new Date() };
  writeFileSync(join(locks, "held.json"), JSON.stringify(owner));
  const { exitCode, stdout, stderr } = await stack.slipway(...back);
  rmSync(locks, { recursive: true });
  expect(exitCode, stderr).toBe(0);
  expect(stack.liveWeights("api")).toEqual([100, 0]);
  expect(stdout).toMatch(/^api rolled back from blue 50 %, green 50 % to blue 100 %, green 0 %, read back at \d\d:\d\d:\d\d UTC/);
  const set = "config set --stack staging --path 'slipway:services.api.release.candidateWeight' 0";
  expect(stdout).toMatch(/\n {2}Pulumi\.staging\.yaml:\d+\n {2}- .*50\n {2}\+ .*0\n/);
  expect(stdout).toContain("git commit -m 'api: back to blue: checkout fails' -- Pulumi.staging.yaml");
  expect(stdout).toMatch(new RegExp(`\n {2}(?:npx slipway )?pulumi ${set}\n`));
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("Next: npx slipway status --stack staging");
});

test("N16 with --open-pull-request config follows by a pull request, once traffic is back", async () => {
  execFileSync("git", ["init", "-q", stack.folder]);
  const github = new FakeGitHub();
  const files = github.tree.files;
  files["Pulumi.staging.yaml"] = readFileSync(join(stack.folder, "Pulumi.staging.yaml"), "utf8");
  const { exitCode, stdout, stderr } = await stack.slipwayWith(await github.start(), ...back, "--open-pull-request");
  github.stop();
  expect(exitCode, stderr).toBe(0);
  expect(stack.liveWeights("api")).toEqual([100, 0]);
  const [pull] = github.tree.pulls;
  expect(pull).toMatchObject({ title: "api: back to blue: checkout fails", base: "main", state: "open" });
  expect(stdout).toContain(`Config follows by the pull request ${pull?.html_url}`);
  const [before, after] = [files["Pulumi.staging.yaml"], github.tree.branches[pull?.head ?? ""]?.["Pulumi.staging.yaml"]];
  const changed = (after ?? "").split("\n").filter((line, index) => line !== before?.split("\n")[index]);
  expect(changed).toEqual([expect.stringMatching(/^ +candidateWeight: 0$|candidateWeight: 0[,}]/)]);
});

test("without a token, or with GitHub down, traffic is back all the same, and the commands stand in the pull request's place", async () => {
  const lost = { GITHUB_TOKEN: "", GH_TOKEN: "" };
  const down = { GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "o/r", GITHUB_API_URL: "http://127.0.0.1:9" };
  for (const [env, why] of [
    [lost, "GITHUB_TOKEN is not set, nor GH_TOKEN"],
    [down, "GitHub did not answer to GET"],
  ] as const) {
    const { exitCode, stdout, stderr } = await stack.slipwayWith(env, ...back, "--open-pull-request");
    expect(exitCode, stderr).toBe(0);
    expect(stack.liveWeights("api")).toEqual([100, 0]);
    expect(stdout).toContain(`No pull request was opened: ${why}`);
    expect(stdout).toContain("git commit -m 'api: back to blue: checkout fails' -- Pulumi.staging.yaml");
  }
});

test.each([
  ["of the network", (text: string) => text.replace("cidr: 10.21.0.0/16", "cidr: nonsense"), "has 1 problem", "config"],
  ["of the service itself", (text: string) => text.replace("candidateWeight: 50", "candidateWeight: 500"), "has 1 problem", "the state"],
  ["of another service", (text: string) => text.replace(/^( +)api:\n/m, "$1other: {port: none}\n$1api:\n"), "problems", "config"],
  ["half merged", (text: string) => `<<<<<<< HEAD\n${text}`, "is not valid YAML", "the state"],
])("N16 a stack file with problems %s stops no rollback, and it is said", async (_, broken, said, by) => {
  const whole = readFileSync(stack.file, "utf8");
  writeFileSync(stack.file, broken(whole));
  const { exitCode, stdout, stderr } = await stack.slipway(...back);
  writeFileSync(stack.file, whole);
  expect(broken(whole)).not.toBe(whole);
  expect(exitCode, stderr).toBe(0);
  expect(stack.liveWeights("api")).toEqual([100, 0]);
  expect(stdout).toContain("api rolled back from blue 50 %, green 50 % to blue 100 %, green 0 %");
  expect(stderr).toMatch(new RegExp(`^Passed over: Pulumi.staging.yaml .*${said}.*; what api runs is known by ${by}`, "m"));
  expect(stdout).toContain("config set --stack staging --path 'slipway:services.api.release.candidateWeight' 0");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("Next: npx slipway config show --stack staging");
});

test("plain pulumi is refused the weight of before, though no alarm rolls the service back", async () => {
  const { exitCode, stdout, stderr } = await stack.slipway("pulumi", "--stack", "staging", "preview", "--non-interactive");
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toContain("(checkout fails) took all traffic from green in us-east-1 at 20");
  expect(stdout + stderr).toContain("slipway rollback acknowledge --stack staging --service api");
});

test("a state that cannot be read holds nothing: what is needed is found by tags", async () => {
  const file = join(stack.folder, ".slipway/state/.pulumi/stacks/slipway/staging.json");
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.slice(0, 1000));
  const { exitCode, stdout, stderr } = await stack.slipway(...back);
  writeFileSync(file, whole);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain("Passed over: the state: ");
  expect(stdout).toContain("api rolled back from blue 50 %, green 50 %");
  expect(stack.liveWeights("api")).toEqual([100, 0]);
  expect(JSON.parse(String(latch().value ?? latch().insecureValue))).toMatchObject({
    state: "set",
    candidate: "green",
    before: { green: 50 },
  });
});

test("where no release is left to take back, or no service has the name, it says so", async () => {
  const unknown = await stack.slipway(...back.map((word) => (word === "api" ? "web" : word)));
  expect([unknown.exitCode, unknown.stderr.trim()]).toEqual([2, "--service web is no service of staging. Services: api."]);
  const silent = await stack.slipway(...back.map((word) => (word === "checkout fails" ? " " : word)));
  expect([silent.exitCode, silent.stderr.trim()]).toEqual([2, "--reason has 1 characters; allowed: 1 to 1000, not only spaces."]);
});

test("N25 an update that the program refuses ends with the reason, not with outputs of before", async () => {
  stack.set({ [weight]: 0, "services.api.release.blue.image": `sha256:${"f".repeat(64)}` });
  const { exitCode, stderr } = await stack.up();
  expect(exitCode).not.toBe(0);
  const end = stderr.trimEnd().split("\n").slice(-6).join("\n");
  expect(end).toContain("only the idle colour's image may change");
});
