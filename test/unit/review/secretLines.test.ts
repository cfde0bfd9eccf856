/** Lines of the config show no secret, on neither side. */
import { expect, test } from "vitest";
import { configLines, lineText } from "../../../ops/review/configLines.ts";

const texts = (before: unknown, after: unknown) => {
  const side = (raw: unknown) => ({ raw: { notifications: raw }, originOf: () => undefined });
  return configLines(side(before), side(after)).map(lineText);
};

test.each([
  ["becomes one", { key: "hunter-plain" }, { key: "[secret]" }],
  ["was one", { key: "[secret]" }, { key: "hunter-plain" }],
  ["is one of a list", { keys: ["hunter-plain", "b"] }, { keys: ["[secret]"] }],
  ["has the name of one", { apiToken: "hunter-plain" }, { apiToken: "hunter-other" }],
  ["stands in an address", { url: "https://u:hunter-plain@a.example" }, { url: "https://b.example" }],
])("a value that %s is named and not shown", (_, before, after) => {
  const [text, ...more] = texts(before, after);
  expect(more).toEqual([]);
  expect(text).toMatch(/^notifications\.\w+ /);
  expect(text).not.toContain("hunter");
});
