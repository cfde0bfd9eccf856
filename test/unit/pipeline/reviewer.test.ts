/** Who judges a pull request: the reviewer of the branch that it wants to go to, by the steps of pr.yml themselves. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..", "..", "..");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
const { jobs } = parse(readFileSync(join(root, ".github", "workflows", "pr.yml"), "utf8")) as {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
};
const baseCommit = `$\{{ github.event.pull_request.base.sha }}`;

/** A change set that opens a database to the world, as the engine prints it. */
const opening = JSON.stringify({
  steps: [
    {
      op: "update",
      urn: "urn:pulumi:production::shop::aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::db",
      oldState: { type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", custom: true, inputs: rule("10.0.0.0/16") },
      newState: { type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", custom: true, inputs: rule("0.0.0.0/0") },
    },
  ],
});
function rule(cidrIpv4: string) {
  return { cidrIpv4, fromPort: 5432, toPort: 5432, ipProtocol: "tcp", securityGroupId: "sg-1" };
}

/** Reviews on standard input's digest, with the reviewer of the folder that it is run in. */
const script = `
import { readFileSync } from "node:fs";
const { reviewPreview } = await import(process.cwd() + "/ops/review/stackReview.ts");
const { commentText } = await import(process.cwd() + "/ops/review/comment.ts");
const review = reviewPreview({ project: "shop", stack: "production", exitCode: 0, stdout: readFileSync(0, "utf8"), stderr: "" });
console.log(commentText({ project: "shop", commit: "0".repeat(40), reviews: [review] }));
`;

const scratch = mkdtempSync(join(tmpdir(), "slipway-reviewer-"));
const commits = { base: join(scratch, "base"), proposal: join(scratch, "proposal") };

beforeAll(() => {
  for (const folder of Object.values(commits)) {
    cpSync(join(root, "ops"), join(folder, "ops"), { recursive: true, filter: (file) => !file.includes("node_modules") });
    for (const part of ["infra", "components", "rehearsal", "sandbox", "package.json"]) symlinkSync(join(root, part), join(folder, part));
  }
  const file = join(commits.proposal, "ops", "review", "stackReview.ts");
  const filtered = readFileSync(file, "utf8").replace("const { changes: read,", "let { changes: read,");
  expect(filtered).toContain("let { changes: read,");
  writeFileSync(file, filtered.replace(/( +)const besides = /, '$1read = read.filter(({ type }) => !type.includes("IngressRule"));\n$&'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a job of pr.yml has on its disk when its last step runs: its checkouts, and what its own commands without Slipway did. */
function diskOf(job: string): string {
  const folder = join(scratch, job);
  mkdirSync(folder);
  for (const { uses = "", run = "", with: given = {} } of jobs[job]!.steps) {
    const from = given.ref === baseCommit ? commits.base : commits.proposal;
    if (uses.startsWith("actions/checkout@")) cpSync(from, join(folder, String(given.path ?? "")), { recursive: true });
    else if (run !== "" && !run.includes("slipway.js")) execFileSync("bash", ["-e"], { cwd: folder, input: run });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function said(folder: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: folder,
    input: opening,
    encoding: "utf8",
  });
  return stdout + stderr;
}

test("a reviewer that a pull request has changed says what the change makes it say", () => {
  const folder = join(scratch, "changed");
  cpSync(commits.proposal, folder, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  expect(said(folder)).toContain("No change: production");
});

test.each(["preview", "comment"])("V8 the job %s says that a database opens, though the pull request's reviewer would not", (job) => {
  expect(said(diskOf(job))).toContain("5432");
});
