/** One comment for several stacks: the gravest leads, and what is the same in several is said once. */
import { expect, test } from "vitest";
import { commentText } from "../../../ops/review/comment.ts";
import { type CraftedStep, reviewOf } from "../../harness/craftedReview.ts";

const tag: CraftedStep = { before: { tags: { a: "1" } }, after: { tags: { a: "2" } } };
const opened: CraftedStep = {
  type: "aws:rds/instance:Instance",
  before: { publiclyAccessible: false },
  after: { publiclyAccessible: true },
};
const lost: CraftedStep = { op: "delete", type: "aws:dynamodb/table:Table" };
const renamed: CraftedStep = { type: "aws:sns/topic:Topic", before: { displayName: "a" }, after: { displayName: "b" } };
const stack = (name: string, steps: Readonly<Record<string, CraftedStep>>) => ({ ...reviewOf(steps), stack: name });

test("V10 the gravest stack leads the heading, the table and the sections, whatever its name", () => {
  const reviews = [stack("dev", { queue: tag }), stack("staging", { db: opened }), stack("uk", { orders: lost, queue: tag })];
  const text = commentText({ project: "p", commit: "c", reviews });
  const lines = text.split("\n");
  expect(lines[2]).toBe("## ⛔ uk: data is at stake; ⚠ staging: something opens; dev: nothing runs differently");
  expect(lines.filter((line) => line.startsWith("### ")).map((line) => line.split(":")[0])).toEqual(["### uk", "### staging", "### dev"]);
  expect(lines.filter((line) => line.startsWith("|"))).toEqual([
    "| stack | gravest | new | changed | replaced | gone | as it is |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    "| uk | `data-loss` | 0 | 1 | 0 | 1 | 0 |",
    "| staging | `exposure` | 0 | 1 | 0 | 0 | 0 |",
    "| dev | `noise` | 0 | 1 | 0 | 0 | 0 |",
  ]);
});

test("V10 what several stacks would change alike is said once", () => {
  const reviews = ["dev", "staging", "uk"].map((name) => stack(name, { topic: renamed, ...(name === "uk" ? { orders: lost } : {}) }));
  const text = commentText({ project: "p", commit: "c", reviews });
  expect(text.match(/- \*\*sns\.topic `topic`: `displayName`.*/g)).toEqual([expect.stringMatching(/ \*\(also in dev, staging\)\*$/)]);
  expect(text.match(/- update `sns\.topic` `topic`/g)).toHaveLength(1);
  expect(text.match(/1 line is told above\./g)).toHaveLength(2);
});
