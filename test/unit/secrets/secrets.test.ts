/** Secrets seen from the command line: which there are, whether they have a value, and how one is read and set. */
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contractProblems } from "../../../components/contract/accepted.ts";
import { secrets } from "../../../components/secrets/contract.ts";
import { encryptedValueProblems } from "../../../infra/config/encryptedValues.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { type SecretEntry, secretInventory } from "../../../ops/secrets/inventory.ts";
import { readSecret, type SecretSource } from "../../../ops/secrets/secretInput.ts";
import { judge, refuseBadValue } from "../../../ops/secrets/secrets.ts";
import { presenceOf, setValue } from "../../../ops/secrets/values.ts";
import { serviceError, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { aws } from "../../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf } from "../../harness/config.ts";
import { type Answers, account, asked, stubbedAws } from "../../harness/stubbedAws.ts";

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
    const found = secretInventory(configOf("bench/production"));
    expect(found.map(({ name, declared }) => [name, declared])).toContainEqual(["/coinestate/prod/jwt/secret", false]);
    expect(found).toHaveLength(4);
    expect(found.find(({ name }) => name.endsWith("/jwt/secret"))?.readers).toEqual(["api JWT_SECRET"]);
  });

  test("is told by store, key and reader", () => {
    const names = secretInventory(configOf("bench/production")).map(({ name }) => name);
    const secrets = Object.fromEntries(names.map((name) => [name, { store: "secretsManager", minimumLength: 32 }]));
    const [first] = secretInventory(configOf("bench/production", { secrets }));
    expect(first).toMatchObject({ store: "secretsManager", keyAlias: "alias/coinestate-prod-secrets", declared: true, minimumLength: 32 });
  });
});

test("encrypted config under the stack's own keys is a problem for each key", () => {
  expect(encryptedValueProblems(new Set(["services", "aws"])).map(({ path }) => path)).toEqual([["aws"], ["services"]]);
});

test("wrong arguments are all named at once", () => {
  const problems = contractProblems(secrets, {
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
  const cloud = () => new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: simulatedAws(store, account) });

  test("a parameter needs its key, and is kept as a digest", async () => {
    await expect(setValue(cloud(), entry(), "canary-value", "--stack production")).rejects.toThrow(
      "The value of /coinestate/prod/jwt/secret is not set in the simulated cloud: InvalidKeyId: Invalid keyId alias/coinestate-prod-secrets\nMake its place first: slipway up --stack production --target '**slipway:secrets:Secrets**'",
    );
    store.put({ type: "aws:kms/alias:Alias", id: "alias/coinestate-prod-secrets", scope, properties: {}, createdFor: "" });
    await setValue(cloud(), entry(), "canary-value", "--stack production");
    const presence = (await presenceOf(cloud(), [entry()])).get(entry().name);
    expect(presence?.kind).toBe("set");
    expect(presence?.kind === "set" && presence.changed instanceof Date).toBe(true);
    expect(JSON.stringify(store.all())).not.toContain("canary-value");
  });

  test("an entry exists without a value, and a deleted one keeps its name for its window", async () => {
    const types = new Cloud(aws, store);
    const place = { account, region: "us-east-1" };
    const secret = entry({ name: "/coinestate/prod/stripe/key", store: "secretsManager" });
    const wanted = {
      type: "aws:secretsmanager/secret:Secret",
      urn: "",
      inputs: { name: secret.name, recoveryWindowInDays: 7 },
      secrets: [],
    };
    const presence = async () => (await presenceOf(cloud(), [secret])).get(secret.name);
    expect(await presence()).toEqual({ kind: "missing", place: false });
    const { id, properties } = types.create(wanted, place);
    expect(id).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:\/coinestate\/prod\/stripe\/key-[0-9A-Za-z]{6}$/);
    expect(await presence()).toEqual({ kind: "missing", place: true });
    await setValue(cloud(), secret, "canary-value", "--stack production");
    expect((await presence())?.kind).toBe("set");
    expect(JSON.stringify(store.all())).not.toContain("canary-value");
    types.delete(wanted.type, id, properties, place);
    expect(() => types.create(wanted, place)).toThrow("already scheduled for deletion");
    expect(await presence()).toEqual({ kind: "unknown", reason: "is scheduled for deletion" });
    await expect(setValue(cloud(), secret, "canary-value", "--stack production")).rejects.toThrow("marked for deletion");
  });
});

describe("in an account", () => {
  const presence = async (secret: SecretEntry, answers: Answers) => (await presenceOf(stubbedAws(answers).aws, [secret])).get(secret.name);
  const stored = entry({ store: "secretsManager" });
  const described = (...Parameters: object[]) => ({ "SSM.DescribeParameters": { Parameters } });

  test("presence is read from metadata alone", async () => {
    const changed = new Date("2026-08-13T00:00:00Z");
    expect(await presence(entry(), described({ Type: "SecureString", LastModifiedDate: changed }))).toEqual({ kind: "set", changed });
    expect(await presence(entry(), described())).toEqual({ kind: "missing", place: false });
    expect(await presence(entry(), described({ Type: "String" }))).toMatchObject({ kind: "unknown" });
    expect(await presence(stored, { "SecretsManager.DescribeSecret": {} })).toEqual({ kind: "missing", place: true });
    expect(await presence(stored, { "SecretsManager.DescribeSecret": { VersionIdsToStages: { a: ["AWSCURRENT"] } } })).toMatchObject({
      kind: "set",
    });
    expect(await presence(stored, { "SecretsManager.DescribeSecret": serviceError("ResourceNotFoundException", "no") })).toEqual({
      kind: "missing",
      place: false,
    });
  });

  test("presence is on the second page when the first is empty, and one that is refused leaves the others", async () => {
    const pages = [{ Parameters: [], NextToken: "2" }, { Parameters: [{ Type: "SecureString" }] }];
    expect(await presence(entry(), { "SSM.DescribeParameters": pages })).toEqual({ kind: "set", changed: undefined });
    const { aws } = stubbedAws(described({ Type: "SecureString" }));
    const found = await presenceOf(aws, [{ ...stored, name: "other" }, entry()]);
    expect(found.get("other")).toMatchObject({ kind: "unknown", reason: expect.stringContaining("AccessDeniedException") as string });
    expect(found.get(entry().name)).toMatchObject({ kind: "set" });
  });

  test("a value goes in by the call that sets it, and no call reads one", async () => {
    for (const secret of [entry(), stored]) {
      const { aws, calls } = stubbedAws({ "SSM.PutParameter": {}, "SecretsManager.PutSecretValue": {} });
      await setValue(aws, secret, "canary-value", "--stack production");
      expect(JSON.stringify(calls.slice(0, -1))).not.toContain("canary-value");
      expect(JSON.stringify(calls.at(-1)?.input)).toContain("canary-value");
      for (const name of asked(calls)) expect(name).not.toMatch(/GetParameter|GetSecretValue/);
      for (const { input } of calls) expect(JSON.stringify(input)).not.toMatch(/WithDecryption/);
    }
  });

  test("credentials of another account set nothing", async () => {
    const { aws, calls } = stubbedAws({ "SSM.PutParameter": {} }, "999999999999");
    await expect(setValue(aws, entry(), "x".repeat(40), "--stack production")).rejects.toThrow(
      "of account 999999999999, and the stack belongs to 123456789012",
    );
    await expect(presenceOf(aws, [entry()])).rejects.toThrow("of account 999999999999");
    expect(calls).toHaveLength(1);
  });

  test("a refusal that repeats the value is blacked out", async () => {
    const { aws } = stubbedAws({ "SSM.PutParameter": serviceError("ValidationException", "bad value canary-value") });
    await expect(setValue(aws, entry(), "canary-value", "--stack production")).rejects.toThrow("bad value [secret]");
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
