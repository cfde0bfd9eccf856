/** Where a reference to a secret leads is told in one place, by its declaration. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { secretPlace } from "../../../components/environment/contract/secrets.ts";
import { configOf } from "../../harness/config.ts";

const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/coinestate/prod/jwt/secret";
const entry = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shared-AbCdEf:field::";
const here = { region: "us-east-1", account: "123456789012" };

test.each([
  ["an undeclared name", "/coinestate/prod/jwt/secret", {}, { ...here, store: "parameter", fixed: false, arn: parameter }],
  [
    "a declared parameter",
    "/coinestate/prod/jwt/secret",
    { store: "parameter" },
    { ...here, store: "parameter", fixed: false, arn: parameter },
  ],
  [
    "a declared entry of Secrets Manager",
    "/coinestate/prod/jwt/secret",
    { store: "secretsManager" },
    { ...here, store: "secretsManager", fixed: false },
  ],
  ["the ARN of a parameter", parameter, {}, { ...here, store: "parameter", fixed: true, arn: parameter }],
  [
    "the ARN of an entry elsewhere",
    entry,
    {},
    { region: "eu-west-1", account: "210987654321", store: "secretsManager", fixed: true, arn: entry },
  ],
])("%s", (_, reference, declared, place) => {
  const { aws } = configOf("bench/production");
  const secrets = "store" in declared ? { [reference]: { minimumLength: 1, ...declared } } : {};
  expect(secretPlace({ aws, secrets } as never, reference)).toEqual({ key: reference, ...place });
});

test("nobody else looks at how a reference begins", () => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const looking = ["components", "infra", "ops", "rehearsal"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter(
        (file) =>
          file.endsWith(".ts") &&
          /reference\b[^\n]*\.(?:startsWith|split)\(|startsWith\("arn:aws:(?:ssm|secretsmanager):/.test(
            readFileSync(join(root, file), "utf8"),
          ),
      ),
  );
  expect(looking).toEqual(["components/environment/contract/secrets.ts"]);
});
