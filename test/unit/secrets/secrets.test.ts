/** Secrets seen from the command line: which there are, whether they have a value, and how one is read and set. */
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretsProblems } from "../../../components/secrets/secrets.ts";
import { encryptedValueProblems } from "../../../infra/config/secrets.ts";
import type { AwsCli } from "../../../ops/aws/awsCli.ts";
import { AwsValues } from "../../../ops/secrets/awsValues.ts";
import { type SecretEntry, secretInventory } from "../../../ops/secrets/inventory.ts";
import { SandboxValues } from "../../../ops/secrets/sandboxValues.ts";
import { readSecret, type SecretSource } from "../../../ops/secrets/secretInput.ts";
import { judge, refuseBadValue } from "../../../ops/secrets/secrets.ts";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf } from "../../harness/config.ts";

const account = "123456789012";
const entry = (more: Partial<SecretEntry> = {}): SecretEntry => ({
  name: "/coinestate/prod/jwt/secret",
  store: "parameter",
  region: "us-east-1",
  keyAlias: "alias/coinestate-prod-secrets",
  declared: true,
  readers: [],
  minimumLength: 32,
  rotateDays: undefined,
  ...more,
});

describe("what a stack has", () => {
  test("is what its services read, when it declares nothing", () => {
    const found = secretInventory(configOf("production"));
    expect(found.map(({ name, declared }) => [name, declared])).toContainEqual(["/coinestate/prod/jwt/secret", false]);
    expect(found).toHaveLength(4);
    expect(found.find(({ name }) => name.endsWith("/jwt/secret"))?.readers).toEqual(["api JWT_SECRET"]);
  });

  test("is told by store, key and reader", () => {
    const names = secretInventory(configOf("production")).map(({ name }) => name);
    const secrets = Object.fromEntries(names.map((name) => [name, { store: "secretsManager", minimumLength: 32 }]));
    const [first] = secretInventory(configOf("production", { secrets }));
    expect(first).toMatchObject({ store: "secretsManager", keyAlias: "alias/coinestate-prod-secrets", declared: true, minimumLength: 32 });
  });
});

test("encrypted config under the stack's own keys is a problem for each key", () => {
  expect(encryptedValueProblems(new Set(["services", "aws"])).map(({ path }) => path)).toEqual([["aws"], ["services"]]);
});

test("wrong arguments are all named at once", () => {
  const problems = secretsProblems({
    region: "us-east-1",
    accountId: account,
    keyAlias: "alias/aws/ssm",
    secrets: { "no-slash": { store: "parameter" } },
    recoveryDays: 3,
  });
  expect(problems.map(({ propertyPath }) => propertyPath)).toEqual(["keyAlias", "secrets.no-slash", "recoveryDays"]);
});

describe("verdicts", () => {
  const now = new Date("2026-11-21T00:00:00Z");
  const changed = new Date("2026-08-13T00:00:00Z"); // 100 days before
  test.each([
    [entry(), { kind: "set", changed }, "SET"],
    [entry({ rotateDays: 90 }), { kind: "set", changed }, "OLD"],
    [entry({ rotateDays: 101 }), { kind: "set", changed }, "SET"],
    [entry(), { kind: "missing", place: false }, "MISSING"],
    [entry(), { kind: "unknown", reason: "AccessDenied" }, "UNKNOWN"],
  ] as const)("%j %j is %s", (secret, presence, verdict) => expect(judge(secret, presence, now).verdict).toBe(verdict));

  test("a refusal tells lengths, never the value", () => {
    expect(() => refuseBadValue(entry(), "hunter2")).toThrow(/has 7 characters; it needs 32 at least/);
    expect(() => refuseBadValue(entry(), "x".repeat(5000))).toThrow("parameter takes 4096");
    expect(() => refuseBadValue(entry(), "x".repeat(64))).not.toThrow();
  });
});

describe("in the simulated cloud", () => {
  let folder = "";
  let store: LiveStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-secrets-"));
    store = new LiveStore(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const scope = `${account}/us-east-1`;

  test("a parameter needs its key, and is kept as a digest", async () => {
    const values = new SandboxValues(store, account);
    await expect(values.set(entry(), "canary-value")).rejects.toThrow("alias/coinestate-prod-secrets does not exist yet");
    store.put({ type: "aws:kms/alias:Alias", id: "alias/coinestate-prod-secrets", scope, properties: {}, createdFor: "" });
    await values.set(entry(), "canary-value");
    expect((await values.presence([entry()])).get(entry().name)?.kind).toBe("set");
    expect(JSON.stringify(store.all())).not.toContain("canary-value");
  });

  test("an entry exists without a value, and a deleted one keeps its name for its window", async () => {
    const cloud = new Cloud(aws, store);
    const place = { account, region: "us-east-1" };
    const secret = entry({ name: "/coinestate/prod/stripe/key", store: "secretsManager" });
    const wanted = {
      type: "aws:secretsmanager/secret:Secret",
      urn: "",
      inputs: { name: secret.name, recoveryWindowInDays: 7 },
      secrets: [],
    };
    const values = new SandboxValues(store, account);
    expect((await values.presence([secret])).get(secret.name)).toEqual({ kind: "missing", place: false });
    const { id, properties } = cloud.create(wanted, place);
    expect(id).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:\/coinestate\/prod\/stripe\/key-[0-9A-Za-z]{6}$/);
    expect((await values.presence([secret])).get(secret.name)).toEqual({ kind: "missing", place: true });
    await values.set(secret, "canary-value");
    expect((await values.presence([secret])).get(secret.name)?.kind).toBe("set");
    cloud.delete(wanted.type, id, properties, place);
    expect(() => cloud.create(wanted, place)).toThrow("already scheduled for deletion");
  });
});

describe("in a real account, through the AWS CLI", () => {
  /** A CLI that answers from a table and keeps what it was asked. */
  const cli = (answers: Readonly<Record<string, string | { readonly stderr: string }>>) => {
    const calls: { readonly args: readonly string[]; readonly input: string | undefined }[] = [];
    const run: AwsCli = async (args, input) => {
      calls.push({ args, input });
      const answer = args[0] === "sts" ? `{"Account":"${account}"}` : (answers[`${args[0]} ${args[1]}`] ?? "{}");
      return typeof answer === "string"
        ? { exitCode: 0, stdout: answer, stderr: "" }
        : { exitCode: 254, stdout: "", stderr: answer.stderr };
    };
    return { run, calls };
  };
  const presence = async (secret: SecretEntry, answers: Parameters<typeof cli>[0]) =>
    (await new AwsValues(account, cli(answers).run).presence([secret])).get(secret.name);
  const stored = entry({ store: "secretsManager" });

  test("presence is read from metadata alone", async () => {
    expect(
      await presence(entry(), {
        "ssm describe-parameters": '{"Parameters":[{"Type":"SecureString","LastModifiedDate":"2026-08-13T00:00:00Z"}]}',
      }),
    ).toEqual({
      kind: "set",
      changed: new Date("2026-08-13T00:00:00Z"),
    });
    expect(await presence(entry(), { "ssm describe-parameters": '{"Parameters":[]}' })).toEqual({ kind: "missing", place: false });
    expect(await presence(entry(), { "ssm describe-parameters": '{"Parameters":[{"Type":"String"}]}' })).toMatchObject({ kind: "unknown" });
    expect(await presence(stored, { "secretsmanager describe-secret": "{}" })).toEqual({ kind: "missing", place: true });
    expect(await presence(stored, { "secretsmanager describe-secret": '{"VersionIdsToStages":{"a":["AWSCURRENT"]}}' })).toMatchObject({
      kind: "set",
    });
    expect(await presence(stored, { "secretsmanager describe-secret": { stderr: "An error (ResourceNotFoundException)" } })).toEqual({
      kind: "missing",
      place: false,
    });
  });

  test("a value goes in by standard input and never as an argument", async () => {
    for (const secret of [entry(), stored]) {
      const { run, calls } = cli({});
      await new AwsValues(account, run).set(secret, "canary-value");
      expect(calls.flatMap(({ args }) => args).join(" ")).not.toContain("canary-value");
      expect(calls.at(-1)?.input).toContain("canary-value");
      for (const { args } of calls) expect(args.join(" ")).not.toMatch(/get-parameter|get-secret-value|with-decryption/);
    }
  });

  test("credentials of another account set nothing", async () => {
    const { run, calls } = cli({});
    await expect(new AwsValues("999999999999", run).set(entry(), "x".repeat(40))).rejects.toThrow("the stack belongs to 999999999999");
    expect(calls).toHaveLength(1);
  });

  test("a refusal that repeats the value is blacked out", async () => {
    const { run } = cli({ "ssm put-parameter": { stderr: "ValidationException: bad value canary-value" } });
    await expect(new AwsValues(account, run).set(entry(), "canary-value")).rejects.toThrow("bad value [secret]");
  });
});

describe("reading a value", () => {
  class Source extends EventEmitter implements SecretSource {
    readonly isTTY: boolean;
    raw: boolean[] = [];
    constructor(isTTY: boolean) {
      super();
      this.isTTY = isTTY;
    }
    setRawMode(on: boolean): void {
      this.raw.push(on);
    }
    setEncoding(): void {}
    resume(): void {}
    pause(): void {}
  }

  test("piped: all of it but the last line break", async () => {
    const source = new Source(false);
    const value = readSecret(source, () => {}, "?");
    source.emit("data", "line one\n");
    source.emit("data", "line two\n");
    source.emit("end");
    expect(await value).toBe("line one\nline two");
  });

  test("typed: one line, nothing shown, backspace works, the terminal is given back", async () => {
    const source = new Source(true);
    const shown: string[] = [];
    const value = readSecret(source, (text) => shown.push(text), "Value: ");
    source.emit("data", "secrex");
    source.emit("data", "\u007ft\r");
    expect(await value).toBe("secret");
    expect(shown).toEqual(["Value: ", "\n"]);
    expect(source.raw).toEqual([true, false]);
  });

  test("typed: Ctrl-C sets nothing", async () => {
    const source = new Source(true);
    const value = readSecret(source, () => {}, "?");
    source.emit("data", "half\u0003");
    await expect(value).rejects.toThrow("Nothing was set");
    expect(source.raw).toEqual([true, false]);
  });
});
