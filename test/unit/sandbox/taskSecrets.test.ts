/** Tasks of the simulated ECS whose secrets have no value. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setConfiguredSecrets } from "../../../rehearsal/sandbox/secrets.ts";
import { answered } from "../../../sandbox/aws/simulated.ts";
import { aws as catalogue } from "../../../sandbox/cloud/aws/catalogue.ts";
import { missingValue } from "../../../sandbox/cloud/aws/taskSecrets.ts";
import { Cloud } from "../../../sandbox/cloud/cloud.ts";
import type { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { openLiveStore } from "../../../sandbox/sandbox.ts";
import { configOf } from "../../harness/config.ts";

const place = { account: "123456789012", region: "us-east-1" };
let folder: string;
let store: LiveStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-task-secrets-"));
  store = openLiveStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reading = (...references: string[]) =>
  missingValue(store, { secrets: references.map((valueFrom) => ({ name: "X", valueFrom })) }, place.account);
const parameter = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${name}`;

test("a parameter that nobody has set keeps a task from starting", () => {
  expect(reading(parameter("/a/b/c"), parameter("/a/b/d"))).toMatch(
    /^ResourceInitializationError: .*from ssm: .*invalid parameters: \/a\/b\/c, \/a\/b\/d$/,
  );
  answered("SSM", "PutParameter", { Name: "/a/b/c", Type: "SecureString", Value: "x" }, { store, place });
  expect(reading(parameter("/a/b/c"))).toBeUndefined();
  expect(reading(parameter("/a/b/c").replace("us-east-1", "eu-west-1"))).toContain("invalid parameters");
});

test("an entry without a version keeps a task from starting; copies and AWS's own secrets have one", () => {
  const entry = { type: "aws:secretsmanager/secret:Secret", urn: "urn::s", inputs: { name: "/a/b/c" }, secrets: [] };
  const { id } = new Cloud(catalogue, store).create(entry, place);
  expect(reading(`${id}:password::`)).toContain(
    `failed to fetch secret ${id} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT`,
  );
  answered("SecretsManager", "PutSecretValue", { SecretId: "/a/b/c", SecretString: "x" }, { store: openLiveStore(folder), place });
  store = openLiveStore(folder);
  expect(reading(`${id}:password::`, id.replace("us-east-1", "eu-west-1"))).toBeUndefined();
  expect(reading("arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-abcdef")).toBeUndefined();
});

test("what another account keeps is believed", () => {
  expect(reading(parameter("/a/b/c").replace("123456789012", "210987654321"))).toBeUndefined();
});

test("slipway sandbox secrets set gives each of them a value, once", () => {
  const config = configOf("production");
  const said = setConfiguredSecrets(folder, config);
  expect(said).toContain("/coinestate/prod/jwt/secret, us-east-1: set");
  store = openLiveStore(folder);
  expect(reading(parameter("/coinestate/prod/jwt/secret"))).toBeUndefined();
  expect(setConfiguredSecrets(folder, config).every((line) => line.endsWith(": there already"))).toBe(true);
  expect(new Set(said.map((line) => line.split(/[,:]/)[1]))).toEqual(new Set([" us-east-1", " us-west-2"]));
});
