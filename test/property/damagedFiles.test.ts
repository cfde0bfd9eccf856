/** Whatever happens to a file that a command reads or writes, the command says which and what to do, and changes nothing. */
import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { reviewPreview } from "../../ops/review/stackReview.ts";
import { slipway } from "../harness/host/commandProcess.ts";
import { ProjectFolder } from "../harness/projectFolder.ts";

const root = join(import.meta.dirname, "..", "..");

/** A file in its good form, and a command that reads it. */
interface Read {
  readonly file: string;
  readonly good: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What becomes of the command where the file is missing. @default it is refused like the others */
  readonly missing?: "another problem";
}

const vpc = { type: "aws:ec2/vpc:Vpc", id: "vpc-1", scope: "123456789012.us-east-1", properties: {} };
const checkpoint = { version: 3, checkpoint: { stack: "organization/slipway/staging", latest: { resources: [{ urn: "a", type: "b" }] } } };
const digest = { config: {}, steps: [], changeSummary: { same: 1 } };
const review = reviewPreview({
  project: "slipway",
  stack: "staging",
  exitCode: 0,
  stdout: JSON.stringify(digest),
  stderr: "",
});
const event = { pull_request: { number: 1, head: { sha: "a" }, base: { sha: "b" } } };
const github = { GITHUB_EVENT_PATH: "event.json", GITHUB_TOKEN: "x", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "1", GITHUB_RUN_NUMBER: "1" };

const reads: readonly Read[] = [
  { file: "Pulumi.yaml", good: "name: slipway\nruntime: nodejs\n", args: ["config", "show", "staging"], missing: "another problem" },
  { file: "Pulumi.staging.yaml", good: shipped("Pulumi.staging.yaml"), args: ["config", "show", "staging"], missing: "another problem" },
  { file: "base.yaml", good: shipped("base.yaml"), args: ["config", "show", "staging"] },
  {
    file: ".slipway/live/aws/123456789012.us-east-1/ec2.Vpc/vpc-1.json",
    good: JSON.stringify(vpc),
    args: ["sandbox", "list"],
    missing: "another problem",
  },
  {
    file: ".slipway/state/.pulumi/stacks/slipway/staging.json",
    good: JSON.stringify(checkpoint),
    args: ["verify", "deployment", "--stack", "staging"],
    missing: "another problem",
  },
  {
    file: "reviews/staging/review.json",
    good: JSON.stringify(review),
    args: ["review", "comment", "--in", "reviews", "--out", "comment.md"],
    missing: "another problem",
  },
  {
    file: "approved.json",
    good: JSON.stringify(review),
    args: ["ci", "apply", "--stack", "staging", "--approved", "approved.json"],
    env: github,
  },
  { file: "event.json", good: JSON.stringify(event), args: ["ci", "comment", "--in", "reviews"], env: github },
  { file: "digest.json", good: JSON.stringify(digest), args: ["review", "--digest", "digest.json"] },
];

/** What a machine, an editor or another program does to a file. */
const damages: Readonly<Record<string, (path: string, good: string) => void>> = {
  missing: () => undefined,
  "a folder": (path) => mkdirSync(path),
  "a link to itself, which nobody may follow": (path) => symlinkSync(path, path),
  empty: (path) => writeFileSync(path, ""),
  "cut off": (path, good) => writeFileSync(path, good.slice(0, Math.ceil(good.length * 0.6))),
  binary: (path) => writeFileSync(path, Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 89 + 7) % 256))),
  "a list": (path) => writeFileSync(path, "[]"),
  null: (path) => writeFileSync(path, "null"),
  "a map of numbers": (path) => writeFileSync(path, '{"checkpoint": 7, "config": 7, "name": 7, "type": 7, "steps": 7, "pull_request": 7}'),
};

function shipped(name: string): string {
  return readFileSync(join(root, name), "utf8");
}

function project(): ProjectFolder {
  const made = new ProjectFolder({});
  for (const { file, good } of reads) {
    mkdirSync(dirname(made.file(file)), { recursive: true });
    writeFileSync(made.file(file), good);
  }
  return made;
}

describe.each(reads)("case 41 $file", ({ file, args, good, env = {}, missing }) => {
  it.each(Object.keys(damages))("%s: a sentence with its path, and exit code 2", async (damage) => {
    using folder = project();
    const path = folder.file(file);
    rmSync(path);
    damages[damage]!(path, good);
    const before = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined;
    const { exitCode, stdout, stderr } = await slipway(args, folder.path, env);
    expect(stderr).not.toMatch(/\n\s+at |Please report/);
    if (before !== undefined) expect(readFileSync(path)).toEqual(before);
    if (damage === "missing" && missing !== undefined) return expect(exitCode).toBeLessThanOrEqual(2);
    expect({ exitCode, said: stdout + stderr }).toEqual({ exitCode: 2, said: expect.stringContaining(file) });
  });
});

const role = "arn:aws:iam::123456789012:role/x";
const roles = { previewRole: role, planRole: role, driftRole: role, applyRole: role };
const pipelineStack = { stack: "staging", wave: "staging", environment: "staging", region: "us-east-1", backend: "s3://b", ...roles };

/** What a command writes, on a disk without room: `/dev/full` takes no byte. */
const writes: readonly (readonly [what: string, args: readonly string[], env: Readonly<Record<string, string>>])[] = [
  ["a comment", ["review", "comment", "--in", "reviews", "--out", "/dev/full"], {}],
  ["a step's outputs", ["ci", "stacks"], { GITHUB_OUTPUT: "/dev/full", SLIPWAY_STACKS: JSON.stringify([pipelineStack]) }],
];

it.runIf(process.platform === "linux").each(writes)(
  "case 41 %s on a full disk: a sentence with its path, and exit code 2",
  async (_, args, env) => {
    using folder = project();
    const { exitCode, stderr } = await slipway(args, folder.path, env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "/dev/full has no room: the disk is full. See: df -h" });
  },
);
