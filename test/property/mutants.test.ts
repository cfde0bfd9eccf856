/** Examples, tests and sequences notice small faults in the core of releases, in what `up` asks and writes, and in the rollback function: a handful in `npm test`, all of them in `npm run soak`. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { soaking } from "../harness/campaign.ts";
import { allMutants, keyOf, reasons, tried } from "../mutants/mutants.ts";
import { mutantsOf } from "../mutants/operators.ts";

const all = allMutants();
/** One of each kind, the gravest that there is. */
const handful = [
  'components/release/move.ts guard dropped: if (capacity.answer === "tooFew")',
  "components/release/record.ts guard dropped: if (event.read !== record.version)",
  'components/release/share.ts guards swapped: if (state === "finished")',
  "components/release/deployment.ts name exchanged: running -> wanted",
  "components/release/capacity.ts operator exchanged: >= -> >",
  "components/release/retention.ts operator exchanged: >= -> >",
  "components/release/capacity.ts constant off by one: 10_000",
  "components/release/move.ts condition negated: riser.wayBack",
  'ops/release/readiness.ts guard dropped: if (answer.answer !== "stay")',
  "ops/release/updateRecords.ts condition negated: record !== undefined && begun !== undefined",
  "components/rollback/function/record.mjs condition negated: made.outcome",
  "components/rollback/function/decision.mjs operator exchanged: > -> >=",
  'components/rollback/function/index.mjs guard dropped: if (rule.status === "rejected")',
];

test("a fault of each kind is noticed", async () => {
  const some = handful.map((start) => all.find((mutant) => keyOf(mutant).startsWith(start)));
  expect(some.map((mutant) => mutant?.file)).toEqual(handful.map((start) => start.split(" ")[0]));
  expect(await tried(some.flatMap((mutant) => mutant ?? []))).not.toContain("nobody");
});

test("what has no fault is noticed by nobody", async () => {
  // One that examples of the core hold, and one that tests of the wired product do; `npm run soak` takes each file.
  const some = soaking
    ? [...new Set(all.map(({ file }) => file))]
    : ["components/release/move.ts", "components/rollback/function/index.mjs"];
  const sound = some.map((file) => ({ id: file, file, text: readFileSync(new URL(`../../${file}`, import.meta.url), "utf8") }));
  expect(await tried(sound)).toEqual(some.map(() => "nobody"));
});

test("a fault is made once in a place, and not in words or types", () => {
  const words = ["`", "$", "{a > 1}`"].join("");
  const text = `export function f(a: 1, b: number) {\n  if (a > b) return ${words};\n  return b && a;\n}\n`;
  expect(mutantsOf("f.ts", text).map(({ id }) => id.replaceAll(/\s+/g, " "))).toEqual([
    `f.ts:2 guards swapped: if (a > b) return ${words}; return b && a; -> return b && a; if (a > b) return ${words};`,
    `f.ts:2 guard dropped: if (a > b) return ${words}; -> `,
    "f.ts:2 condition negated: a > b -> !(a > b)",
    "f.ts:2 operator exchanged: > -> >=",
    "f.ts:3 operator exchanged: && -> ||",
  ]);
});

if (soaking)
  test("every fault is noticed, but those with a reason", async () => {
    const results = await tried(all);
    const alive = all.filter((_, index) => results[index] === "nobody").map(keyOf);
    expect(alive.filter((mutant) => reasons[mutant] === undefined)).toEqual([]);
    expect(alive.length).toBeLessThanOrEqual(2);
  });
