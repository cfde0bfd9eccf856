/** What `slipway config show` prints: the same for the same config, whatever the order of its keys. */
import { expect, test } from "vitest";
import { showConfig } from "../../ops/config/show.ts";
import { configOf, exampleStacks } from "../harness/config.ts";

test("services that share defaults are shown in any order, and in full", () => {
  const config = configOf("staging");
  const { api, web, ...others } = config.services;
  const text = showConfig(config);
  expect(showConfig({ ...config, services: { web: web!, api: api!, ...others } })).toBe(text);
});

test.each(["staging", "production", ...exampleStacks])("%s is shown without an anchor", (stack) => {
  expect(showConfig(configOf(stack))).not.toMatch(/[:-] [&*]a\d+$/m);
});
