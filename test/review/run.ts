/**
 * `npm run review-trials -- [--record] [--only <name>]…`: previews the pull requests of `trials.yaml` with the real engine on the simulated
 * cloud, reviews them and the single changes, and holds each review against what it must and must not say. Prints a table, the score of
 * the commit before these trials beside it, and ends with 1 below the bar. About five minutes. `--record` keeps the previews for `npm test`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import { endHosts } from "../harness/host/commandProcess.ts";
import { record } from "./recordings.ts";
import { commentOf, isRight, leastRight, type Score, scoreOf, summary } from "./score.ts";
import { TrialStack } from "./trialStack.ts";
import { trials } from "./trials.ts";

const { values } = parseArgs({
  options: { record: { type: "boolean", default: false }, only: { type: "string", multiple: true, default: [] } },
});
const isWanted = (name: string) => values.only.length === 0 || values.only.includes(name);
const before = z
  .looseObject({ rows: z.record(z.string(), z.looseObject({ missed: z.array(z.string()), said: z.array(z.string()) }).or(z.string())) })
  .parse(parse(readFileSync(join(import.meta.dirname, "scoreBefore.yaml"), "utf8"))).rows;

const scores = new Map<string, Score>();
for (const [stack, edits] of Map.groupBy(Object.entries(trials.edits), ([, edit]) => edit.stack)) {
  const wanted = edits.filter(([name]) => isWanted(name));
  if (wanted.length === 0) continue;
  using deployed = await TrialStack.open(stack);
  for (const [name, edit] of wanted) {
    const output = await deployed.preview(edit);
    if (values.record) record(name, output);
    scores.set(name, scoreOf(commentOf(output), edit));
  }
}
await endHosts();
for (const [name, { changes, ...expected }] of Object.entries(trials.digests))
  if (isWanted(name)) scores.set(name, scoreOf(commentOf(changes), expected));

const words = (score: Score | string | undefined) =>
  score === undefined || typeof score === "string"
    ? (score ?? "not run")
    : isRight(score)
      ? "right"
      : [...score.missed.map((phrase) => `misses “${phrase}”`), ...score.said.map((phrase) => `says “${phrase}”`)].join(", ");
for (const [name, score] of scores) console.log(`${name.padEnd(42)} ${words(score).padEnd(40)} before: ${words(before[name])}`);
const [now, then] = [[...scores.values()], Object.values(before).filter((score) => typeof score !== "string")].map((some) => summary(some));
console.log(`now:    ${now?.text}\nbefore: ${then?.text}`);
if (now === undefined || now.right < leastRight || now.said > 0) process.exitCode = 1;
