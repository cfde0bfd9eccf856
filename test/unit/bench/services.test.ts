/** The stacks whose growth is measured are good config, whatever their size. */
import { expect, test } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { withServices } from "../../../bench/services.ts";
import { ownValues } from "../../../infra/config/ownKeys.ts";
import { errorOf, rawConfig } from "../../harness/config.ts";

test.each([1, 10, 33])("%i services", (count) => {
  const model = Object.fromEntries(Object.entries(rawConfig("bench/production")).map(([key, value]) => [`slipway:${key}`, value]));
  const { config } = parseYaml(withServices(stringify({ config: model }), count, 5)) as { config: Record<string, unknown> };
  expect(errorOf(ownValues(config))).toBe("");
});
