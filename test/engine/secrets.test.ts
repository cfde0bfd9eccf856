/** Planted secrets are nowhere in clear: not in state, plan, event log, live cloud, output, nor in any file of the stack. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { newCrypter } from "../../ops/ci/passphrase.ts";
import { secretInventory } from "../../ops/secrets/inventory.ts";
import { configOf } from "../harness/config.ts";
import { oneOfEach } from "../harness/platform.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Values that stand for secrets; no two tests share one. */
const planted = {
  environment: "canary-environment-4f1d9a7c2e",
  provider: "canary-provider-config-83bd02e6af",
  own: "canary-own-config-19c6e5f0b7",
  parameter: "canary-parameter-value-aa7703d1e9",
  entry: "canary-entry-value-that-is-long-enough-5c2f88",
};

/** Files below a folder that hold one of the values, with the value. */
function leaks(folder: string, values: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const file = join(entry.parentPath, entry.name);
    const content = readFileSync(file);
    const forms = (value: string) => [value, Buffer.from(value).toString("base64").replace(/=+$/, "")];
    return values.filter((value) => forms(value).some((form) => content.includes(form))).map((value) => `${file}: ${value}`);
  });
}

describe("secrets", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  stack.secretsAreSet = false;
  const inventory = secretInventory(configOf("staging", oneOfEach(configOf("staging"))));
  const said: string[] = [];
  afterAll(() => stack.remove());

  const run = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
    const result = await stack.slipwayWith(env, ...args);
    said.push(result.stdout, result.stderr);
    return result;
  };
  /** As the stack file of a real stack has a secret; the sandbox itself writes none. */
  const encrypt = (path: readonly string[], value: string) => {
    const document = parseDocument(readFileSync(stack.file, "utf8"));
    document.setIn(["config", ...path], document.createNode({ secure: newCrypter("of the real stack").encrypt(value) }));
    writeFileSync(stack.file, document.toString({ lineWidth: 0 }));
  };
  const set = async (name: string, value: string) => {
    const result = await stack.slipwayAlone(`${value}\n`, "secrets", "set", "--stack", "staging", name);
    said.push(result.stdout, result.stderr);
    return result;
  };
  const everything = [planted.environment, planted.provider, planted.parameter, planted.entry];
  // The engine has its event log among the commands for debugging.
  const environment = {
    CLOUDFLARE_API_TOKEN: planted.environment,
    AWS_SECRET_ACCESS_KEY: planted.environment,
    PULUMI_DEBUG_COMMANDS: "true",
  };
  const flags = ["--stack", "staging", "--non-interactive"];

  test("the places for values can be made before anything else", async () => {
    stack.set(oneOfEach(configOf("staging")));
    const { exitCode, stdout, stderr } = await run(
      {},
      "up",
      ...flags,
      "--yes",
      "--skip-preview",
      "--target",
      "**slipway:secrets:Secrets**",
    );
    expect(exitCode, stdout.slice(-3000) + stderr).toBe(0);
    expect(new Set(stack.live().map(({ type }) => type))).toEqual(
      new Set(["aws:kms/alias:Alias", "aws:kms/key:Key", "aws:secretsmanager/secret:Secret"]),
    );
  });

  test("each secret is told to be missing, and set from standard input", async () => {
    const before = await run({}, "secrets", "status", "--stack", "staging");
    expect(before.exitCode).toBe(1);
    expect(before.stdout.match(/MISSING/g)).toHaveLength(inventory.length);
    for (const { name, store } of inventory)
      expect((await set(name, store === "parameter" ? planted.parameter : planted.entry)).exitCode).toBe(0);
    const after = await run({}, "secrets", "status", "--stack", "staging");
    expect([after.exitCode, after.stdout.match(/ SET /g)?.length]).toEqual([0, inventory.length]);
  });

  test("the stack is made with secrets in the environment and in provider config", async () => {
    const config = ["config", "set", "--secret", "cloudflare:apiToken", planted.provider];
    expect((await run({}, "pulumi", "--stack", "staging", ...config)).exitCode).toBe(2);
    encrypt(["cloudflare:apiToken"], planted.provider);
    const events = join(stack.folder, "events.json");
    const { exitCode, stdout, stderr } = await run(environment, "up", ...flags, "--yes", "--skip-preview", "--event-log", events);
    expect(exitCode, stdout.slice(-3000) + stderr).toBe(0);
    expect(readFileSync(events, "utf8")).toContain("resOutputsEvent");
  });

  test("a value that is too short is refused, and not repeated", async () => {
    const { name } = inventory.find(({ minimumLength }) => minimumLength > 1)!;
    const { exitCode, stderr } = await set(name, "hunter2");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("openssl rand -hex");
    expect(stderr).not.toContain("hunter2");
  });

  test("N24 tasks that were started before a value are told, and started anew without a difference for the next update", async () => {
    const [{ name } = { name: "" }] = inventory.filter(({ readers }) => readers.some((reader) => reader.startsWith("api ")));
    expect((await set(name, planted.entry)).exitCode).toBe(0);
    const { exitCode, stdout } = await run({}, "secrets", "status", "--stack", "staging");
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("STALE in api-blue (started before)");
    const next = /^Next: npx slipway (.*)$/m.exec(stdout)?.[1];
    expect(next).toBe(`restart --stack staging --service api --colour blue --region us-east-1 --reason 'new value of ${name}'`);
    const revision = () => stack.live("aws:ecs/service:Service").map(({ properties }) => properties.taskDefinition);
    const before = revision();
    const again = ["restart", "--stack", "staging", "--service", "api", "--reason", `new value of ${name}`];
    const restarted = await run({}, ...again);
    expect(restarted.exitCode, restarted.stdout + restarted.stderr).toBe(0);
    expect(restarted.stdout).toMatch(/api-blue: \d+ tasks run that were started now\.[\s\S]*^Next: npx slipway status --stack \w+$/m);
    expect((await run({}, "secrets", "status", "--stack", "staging")).exitCode).toBe(0);
    expect(revision()).toEqual(before);
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("a change is previewed, planned and refreshed", async () => {
    stack.set({ "sites.app.release": "2026-11-21.9" });
    const plan = join(stack.folder, "plan.json");
    const { exitCode, stdout } = await run(environment, "preview", ...flags, "--json", "--save-plan", plan);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("steps");
    expect(readFileSync(plan, "utf8")).toContain("site-app");
    expect((await run(environment, "refresh", ...flags, "--yes", "--skip-preview")).exitCode).toBe(0);
    expect((await run({}, "pulumi", "--stack", "staging", "stack", "export")).stdout).toContain("cloudfront");
  });

  test("nothing that was written or said holds a value in clear", () => {
    expect(leaks(stack.folder, everything)).toEqual([]);
    expect(everything.filter((value) => said.some((text) => text.includes(value)))).toEqual([]);
    expect(leaks(stack.folder, ["sealed:sha256:"]).length).toBeGreaterThan(0); // the search finds what is there
  });

  test("an encrypted value under the stack's own keys is refused before it reaches a resource", async () => {
    const path = "slipway:services.api.environment.API_KEY";
    const command = ["config", "set", "--secret", "--path", path, planted.own];
    expect((await run({}, "pulumi", "--stack", "staging", ...command)).exitCode).toBe(2);
    encrypt(path.split("."), planted.own);
    const { exitCode, stderr } = await run(environment, "up", ...flags, "--yes", "--skip-preview");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("has an encrypted value, which would be in clear in the state");
    expect((await run(environment, "pulumi", "--stack", "staging", "preview", "--non-interactive")).stdout).toContain(
      "has an encrypted value",
    );
    expect(leaks(stack.folder, [planted.own])).toEqual([]);
    expect(said.filter((text) => text.includes(planted.own))).toEqual([]);
  });
});
