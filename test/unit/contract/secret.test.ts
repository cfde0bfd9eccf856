/** A value that is encrypted in the stack file shows itself to nobody who does not open it. */
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { secretText } from "../../../components/contract/fields.ts";
import { Secret } from "../../../components/contract/secret.ts";
import { holdsSecret, shapeOf } from "../../../components/contract/shape.ts";
import { z } from "../../../components/contract/zod.ts";
import { stackFileSchema } from "../../../ops/config/jsonSchema.ts";
import { configOf } from "../../harness/config.ts";

const key = "fedcba9876543210";

test("a secret prints, serialises and inspects as one, and opens for who keeps it", () => {
  const secret = new Secret(key);
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true }), inspect(Object.freeze(secret))])
    expect(shown).not.toContain(key);
  expect(secret.open((value) => value.length)).toBe(16);
});

test("what a contract marks comes out of the config as a secret, and nowhere in clear", () => {
  const config = configOf("bench/production", { "notifications.pagerDuty": { integrationKey: key } });
  expect(config.notifications.pagerDuty?.integrationKey).toBeInstanceOf(Secret);
  expect(JSON.stringify(config)).not.toContain(key);
  expect(inspect(config, { depth: null })).not.toContain(key);
});

test("the mark is found wherever it stands, and nowhere else", () => {
  const text = z.string();
  const choice = z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("file"), path: text }),
    z.strictObject({ by: z.literal("value"), value: secretText("value") }),
  ]);
  expect(holdsSecret(shapeOf(z.strictObject({ list: z.array(z.record(z.string(), choice)) })))).toBe(true);
  expect(holdsSecret(shapeOf(z.strictObject({ text, list: z.array(text), map: z.record(z.string(), text) })))).toBe(false);
});

test("the editor's schema takes what the engine writes for it", () => {
  const marked = JSON.stringify(stackFileSchema()).match(/"type":\["string","object","null"\]/g);
  expect(marked).toHaveLength(2);
});
