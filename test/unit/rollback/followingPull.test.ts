/** The pull request that makes config follow a rollback: opened once, gone on with after a killed run, and a line where there can be none. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkoutOf } from "../../../ops/github/checkout.ts";
import { propose } from "../../../ops/github/proposal.ts";
import { Repository } from "../../../ops/github/repository.ts";
import type { RollbackResult } from "../../../ops/rollback/order.ts";
import { report } from "../../../ops/rollback/report.ts";
import type { StackAtHand } from "../../../ops/rollback/stackAtHand.ts";
import { FakeGitHub } from "../../harness/fakeGitHub.ts";

const file = "live/Pulumi.production.yaml";
const proposal = {
  ...{ file, branch: "rollback-production-api", title: "api: back to blue", body: "why" },
  edit: (text: string) => text.replace("candidateWeight: 50", "candidateWeight: 0"),
};

describe("a proposal", () => {
  let github: FakeGitHub;
  let repository: Repository;

  beforeEach(async () => {
    github = new FakeGitHub();
    github.tree.files[file] = "release: {candidateWeight: 50} # ä\n";
    const { GITHUB_API_URL, GITHUB_TOKEN = "" } = await github.start();
    vi.stubEnv("GITHUB_API_URL", GITHUB_API_URL);
    repository = new Repository("o/r", GITHUB_TOKEN);
  });
  afterEach(() => {
    github.stop();
    vi.unstubAllEnvs();
  });

  test("is one commit on a branch of its own, in one pull request to the default branch", async () => {
    expect(await propose(repository, proposal)).toEqual({ outcome: "opened", address: "https://github.com/o/r/pull/100" });
    const branch = `rollback-production-api-${github.head.slice(0, 10)}`;
    expect(github.tree.pulls).toMatchObject([{ title: "api: back to blue", body: "why", head: branch, base: "main" }]);
    expect(github.tree.branches[branch]).toEqual({ [file]: "release: {candidateWeight: 0} # ä\n" });
    expect(github.tree.files[file]).toContain("50");
  });

  test("repeated, or after a run that was killed at any write, it ends as one pull request", async () => {
    expect(await propose(repository, proposal)).toMatchObject({ outcome: "opened" });
    expect(await propose(repository, proposal)).toEqual({ outcome: "open", address: "https://github.com/o/r/pull/100" });
    for (const path of [/\/git\/refs$/, /\/contents\/live/, /\/pulls$/]) {
      github.tree.pulls.length = 0;
      for (const name of Object.keys(github.tree.branches)) delete github.tree.branches[name];
      const writes = github.writes.length;
      github.refusals = [{ path, status: 503, message: "gone" }];
      await expect(propose(repository, proposal), String(path)).rejects.toThrow("GitHub answered 503");
      github.refusals = [];
      expect(await propose(repository, proposal), String(path)).toMatchObject({ outcome: "opened" });
      expect(github.writes.length, String(path)).toBeGreaterThan(writes);
      expect(github.tree.pulls, String(path)).toHaveLength(1);
    }
  });

  test("is none where the default branch says so already, and nothing is written", async () => {
    github.tree.files[file] = "release: {candidateWeight: 0}\n";
    expect(await propose(repository, proposal)).toEqual({ outcome: "there", branch: "main" });
    expect(github.writes).toEqual([]);
  });

  test("of a file that the repository has not is refused, and nothing is written", async () => {
    await expect(propose(repository, { ...proposal, file: "Pulumi.x.yaml" })).rejects.toThrow("404 to GET /contents/Pulumi.x.yaml");
    expect(github.writes).toEqual([]);
  });

  test("ends with its deadline, whoever does not answer", async () => {
    const slow = new Repository("o/r", "t0ken", () => AbortSignal.timeout(1));
    vi.stubGlobal(
      "fetch",
      (_: string, { signal }: { signal: AbortSignal }) =>
        new Promise((__, no) => signal.addEventListener("abort", () => no(signal.reason))),
    );
    await expect(propose(slow, proposal)).rejects.toThrow("GitHub did not answer");
    vi.unstubAllGlobals();
  });
});

test("a latch that cannot be written keeps no pull request from being opened, and the same command is next", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-rollback-"));
  const github = new FakeGitHub();
  try {
    execFileSync("git", ["init", "-q", folder]);
    for (const [name, value] of Object.entries(await github.start())) vi.stubEnv(name, value);
    const text = "config:\n  slipway:services:\n    api: {release: {live: blue, candidateWeight: 50}}\n";
    github.tree.files["Pulumi.production.yaml"] = text;
    const stack = {
      ...{ name: "production", file: join(folder, "Pulumi.production.yaml"), toldBy: "config", passed: [] },
      project: { folder, name: "shop", runtimeOptions: {} },
      backend: { kind: "shared", folder, url: "s3://states" },
      config: { aws: { accountId: "123456789012" }, services: { api: { release: { live: "blue", candidateWeight: 50 } } } },
    } as unknown as StackAtHand;
    const log = vi.spyOn(console, "log").mockReturnValue();
    const flags = { stack: "production", service: "api", reason: "it fails" };
    const result: RollbackResult = {
      ...{ outcome: "moved", receiver: "blue", before: { blue: 50, green: 50 }, digest: undefined, at: new Date(), passed: [] },
      unwritten: ["the latch: no answer"],
    };
    expect(await report(stack, { ...flags, openPullRequest: true }, result)).toBe(1);
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines).toContainEqual(expect.stringContaining("Not written yet: the latch: no answer"));
    expect(lines.at(-2)).toBe("Config follows by the pull request https://github.com/o/r/pull/100, once it is merged.");
    expect(lines.at(-1)).toBe("Next: npx slipway rollback now --stack production --service api --reason 'it fails'");
    const [pull] = github.tree.pulls;
    expect(github.tree.branches[pull!.head]).toEqual({ "Pulumi.production.yaml": text.replace("50", "0") });
    expect(pull!.body).toContain("AWS account 123456789012");
  } finally {
    github.stop();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  }
});

describe("a checkout", () => {
  let folder: string;
  const git = (...words: string[]) => execFileSync("git", ["-C", folder, ...words]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-checkout-"));
    for (const name of ["GITHUB_REPOSITORY", "GH_TOKEN", "GITHUB_API_URL"]) vi.stubEnv(name, "");
    vi.stubEnv("GITHUB_TOKEN", "t0ken");
    // A folder of the machine that is a checkout itself must not be found above this one.
    vi.stubEnv("GIT_CEILING_DIRECTORIES", tmpdir());
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["git@github.com:acme/shop.git", "acme/shop"],
    ["https://github.com/acme/shop", "acme/shop"],
    ["https://x:secret@github.com/acme/shop.js.git", "acme/shop.js"],
    ["ssh://git@github.com:22/acme/shop.git", "acme/shop"],
  ])("knows its repository by %s", async (remote, repository) => {
    git("init", "-q");
    git("remote", "add", "origin", remote);
    expect(await checkoutOf(folder)).toEqual({ repository, token: "t0ken", prefix: "" });
  });

  test("says in a sentence what it lacks, and no password", async () => {
    await expect(checkoutOf(folder)).rejects.toThrow("is in no checkout that git knows");
    git("init", "-q");
    await expect(checkoutOf(folder)).rejects.toThrow("git has no remote origin");
    git("remote", "add", "origin", "https://x:secret@git.acme.dev/acme/shop");
    await expect(checkoutOf(folder)).rejects.toThrow("git's remote origin is at git.acme.dev, not at github.com; set GITHUB_API_URL");
    git("remote", "set-url", "origin", "/srv/secret");
    await expect(checkoutOf(folder)).rejects.toThrow(/^git's remote origin names no repository; set GITHUB_REPOSITORY to <owner>\/<name>$/);
    vi.stubEnv("GITHUB_TOKEN", "");
    await expect(checkoutOf(folder)).rejects.toThrow("GITHUB_TOKEN is not set, nor GH_TOKEN");
    vi.stubEnv("GH_TOKEN", "other");
    vi.stubEnv("GITHUB_REPOSITORY", "acme/other");
    expect(await checkoutOf(folder)).toEqual({ repository: "acme/other", token: "other", prefix: "" });
  });
});
