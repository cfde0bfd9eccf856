/** Previews of the trials' pull requests by the real engine, as they were recorded last: `npm run review-trials -- --record`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { PreviewOutput } from "../../ops/review/stackReview.ts";

/** Areas of the config that a review reads. */
const areas = ["base", "protect", "rollout", "services"];
/** What differs from machine to machine and is never read. */
const ignored = new Set(["stackTrace", "sourcePosition", "created", "modified", "duration"]);

const fileOf = (trial: string) => join(import.meta.dirname, "previews", `${trial.replaceAll(/\W+/g, "-")}.json.zst`);

/** Keeps a preview, without the resources that it leaves as they are. */
export function record(trial: string, output: PreviewOutput): void {
  const start = output.stdout.indexOf("{");
  const { steps = [], ...digest } = (start < 0 ? {} : JSON.parse(output.stdout.slice(start))) as { steps?: { op: string; urn: string }[] };
  const changing = steps.filter(({ op, urn }) => op !== "same" || urn.includes("pulumi:pulumi:Stack"));
  const kept = JSON.stringify({ ...digest, config: {}, steps: changing }, (key, value: unknown) => (ignored.has(key) ? undefined : value));
  const config = Object.fromEntries(Object.entries(output.config ?? {}).filter(([area]) => areas.includes(area)));
  const recorded: PreviewOutput = { ...output, stdout: start < 0 ? "" : kept, config };
  writeFileSync(fileOf(trial), zstdCompressSync(JSON.stringify(recorded)));
}

/** @throws Error when it was never recorded */
export function recordingOf(trial: string): PreviewOutput {
  return JSON.parse(zstdDecompressSync(readFileSync(fileOf(trial))).toString()) as PreviewOutput;
}
