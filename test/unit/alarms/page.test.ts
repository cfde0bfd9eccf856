/** docs/alarms.md is what the stack files say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alarmsPage } from "../../../tools/alarms/page.ts";
import { shippedStacks } from "../../../tools/alarms/stacks.ts";
import { configOf } from "../../harness/config.ts";

const page = join(import.meta.dirname, "..", "..", "..", "docs", "alarms.md");

test("the page is up to date: npm run schema writes it", () => {
  expect(readFileSync(page, "utf8")).toBe(alarmsPage(shippedStacks()));
});

test("a changed line changes the page", () => {
  const before = alarmsPage({ clearhold: configOf("clearhold/production") });
  const after = alarmsPage({ clearhold: configOf("clearhold/production", { "alarms.requests.errorRatePercent": { P1: 0.7 } }) });
  expect(before).toContain("| Errors, % | P1 0.5 |");
  expect(after).toContain("| Errors, % | P1 0.7 |");
});
