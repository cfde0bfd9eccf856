/** Names and keys that a config must not hold: JavaScript's own, those of other tools, and texts that match nothing. */
import { expect, it } from "vitest";
import { type Edits, errorOf, rawConfig } from "../../harness/config.ts";

const said = (edits: Edits) => errorOf(rawConfig("bench/production", edits)).replaceAll(/\s+/g, " ");

it.each(["services", "services.api.environment"])("case 44a __proto__ in %s is refused, not dropped", (path) => {
  const raw = rawConfig("bench/production");
  const holder = path.split(".").reduce((at, part) => (at as Record<string, unknown>)[part] as object, raw as object);
  Object.defineProperty(holder, "__proto__", { value: "x", enumerable: true, configurable: true, writable: true });
  expect(errorOf(raw)).toMatch(new RegExp(`slipway:${path}\\.__proto__ +is not a good name`));
});

it.each([
  ["spot", true, "FARGATE_SPOT"],
  ["sidecars", {}, "one container"],
  ["schedule", "cron(0 7 * * ? *)", "scheduled"],
  ["type", "worker", "called kind"],
])("other systems 5.15 a service's %s says what Slipway does not do", (key, value, says) => {
  expect(said({ [`services.api.${key}`]: value })).toContain(says);
});

it("other systems 5.15 a name that is refused is told the rule that it breaks", () => {
  expect(said({ system: "first_app" })).toContain("lower-case letters, digits and hyphens, at most 20 characters");
});

it.each([
  ["paths", "/a b"],
  ["paths", "/ä"],
  ["userAgentContains", "İstanbul"],
])("case 55 a condition's %s %s, which no request can match, is refused", (term, value) => {
  const when = (text: string) =>
    said({ edge: { provider: "awsWaf", rules: { one: { type: "match", priority: 10, when: { [term]: [text] } } } } });
  expect(when("/%c3%a4")).toBe("");
  expect(when(value)).toContain(`slipway:edge.rules.one.when.${term}[0] is "${value}"`);
});
