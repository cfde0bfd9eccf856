/** A container's variables: what is passed to it as it is written, for everybody to read who may see a task definition. */
import { expect, it } from "vitest";
import { errorOf, rawConfig } from "../../harness/config.ts";

const said = (environment: Record<string, string>) =>
  errorOf(rawConfig("bench/production", { "services.api.environment": environment })).replaceAll(/\s+/g, " ");

it("other systems 5.5 a variable that names another one is refused: nothing puts its value there", () => {
  const of = (name: string) => `$\{${name}}`;
  const text = said({ DATABASE_URL: `postgres://${of("DB_USER")}@db/x`, DB_USER: "shop" });
  expect(text).toContain("slipway:services.api.environment.DATABASE_URL");
  expect(text).toContain("passed to the container as it is written");
  expect(said({ LOG_FORMAT: `${of("level")} ${of("message")}` })).toBe("");
});

it.each([
  ["STRIPE_KEY", `sk_live_${"0123456789abcdefghijklmn"}`],
  ["AWS_KEY", "AKIAIOSFODNN7EXAMPLE"],
  ["PEM", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
  ["MAIN_URL", "postgres://shop:hunter2@db.shop.example/shop"],
  ["GITHUB", `ghp_${"a".repeat(36)}`],
  ["ADMIN_PASSWORD", "hunter2"],
])("other systems 5.6 a plain secret in environment.%s is refused, and not printed", (name, value) => {
  const text = said({ [name]: value });
  expect(text).toContain(`slipway:services.api.environment.${name}`);
  expect(text).toContain("slipway secrets");
  expect(text).not.toContain(value.slice(0, 14));
});

it("what only sounds like a secret is no secret", () => {
  expect(
    said({ PASSWORD_MIN_LENGTH: "12", TOKEN_TTL_SECONDS: "60", PUBLIC_KEY_URL: "https://shop.example/keys", API_KEY_HEADER: "x-api-key" }),
  ).toBe("");
});
