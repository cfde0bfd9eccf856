/** A lock is freed only when nobody can hold it any more, and a person's never. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type UnlockRules, unlock, verdict } from "../../../ops/ci/unlock.ts";
import { commandLine } from "../../../ops/commandLine.ts";
import { StackLocks } from "../../../ops/engine/stackLocks.ts";
import { bucketFiles, readsFiles, stateFiles } from "../../../ops/engine/stateFiles.ts";
import { serviceError } from "../../../sandbox/aws/simulated.ts";
import { FakeGitHub } from "../../harness/fakeGitHub.ts";
import { ProjectFolder } from "../../harness/projectFolder.ts";
import { asked, stubbedAws } from "../../harness/stubbedAws.ts";

const now = new Date("2026-11-21T12:00:00Z");
const rules: Omit<UnlockRules, "mode"> = {
  self: { hostname: "vm1", username: "runner" },
  pipelineUser: "runner",
  staleMinutes: 120,
  hasReason: false,
  isDead: () => true,
  now,
};
const lock = (username: string, host: string, time: string) => ({
  key: "k",
  owner: { pid: 1, username, hostname: host, timestamp: new Date(time) },
});

describe.each([
  ["this job's own", lock("runner", "vm1", "2026-11-21T11:59:00Z"), undefined, "it is 1 minutes old, and a job may run for 120"],
  ["an old one of another run", lock("runner", "vm2", "2026-11-21T09:00:00Z"), "it belongs to runner on vm2", undefined],
  [
    "a young one of another run",
    lock("runner", "vm2", "2026-11-21T11:00:00Z"),
    "it belongs to runner on vm2",
    "it is 60 minutes old, and a job may run for 120",
  ],
  [
    "a person's, however old",
    lock("ada", "laptop", "2026-01-01T00:00:00Z"),
    "it belongs to ada on laptop",
    "it belongs to a person: ada on laptop",
  ],
  [
    "a person's on this machine",
    lock("ada", "vm1", "2026-11-21T11:59:00Z"),
    "it belongs to ada on vm1",
    "it belongs to a person: ada on vm1",
  ],
  ["one that cannot be read", { key: "k", owner: undefined }, "it cannot be read", undefined],
] as const)("%s", (_, found, own, stale) => {
  test("release-own", () => expect(verdict(found, { ...rules, mode: "release-own" })).toBe(own));
  test("break-stale", () => expect(verdict(found, { ...rules, mode: "break-stale" })).toBe(stale));
});

describe("on a backend", () => {
  const github = new FakeGitHub();
  const folder = mkdtempSync(join(tmpdir(), "slipway-locks-"));
  const locks = join(folder, ".pulumi", "locks", "organization", "slipway", "production");
  const options = {
    project: "slipway",
    stack: "production",
    backend: `file://${folder}`,
    staleMinutes: 120,
    reason: "the runner of run 41 was lost",
  };
  const ended = spawnSync("true").pid;
  const put = (name: string, username: string, host: string, hoursAgo: number, pid = ended) =>
    writeFileSync(
      join(locks, `${name}.json`),
      JSON.stringify({ pid, username, hostname: host, timestamp: new Date(Date.now() - hoursAgo * 3_600_000) }),
    );

  beforeEach(async () => {
    mkdirSync(locks, { recursive: true });
    const environment = await github.start();
    environment.GITHUB_STEP_SUMMARY = join(folder, "summary.md");
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.spyOn(console, "log").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    github.running = 0;
    github.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("stale locks of the pipeline go, a person's stays and is told", async () => {
    put("old", "runner", "vm2", 5);
    put("person", "ada", "laptop", 50);
    writeFileSync(join(locks, "old.json.attrs"), "{}");
    expect(await unlock({ ...options, mode: "break-stale" })).toBe(1);
    expect(readdirSync(locks)).toEqual(["person.json"]);
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toContain("the runner of run 41 was lost");
  });

  test("at the end of a job its own lock goes, and another's is none of its business", async () => {
    put("own", userInfo().username, hostname(), 0);
    put("other", "runner", "vm2", 0);
    expect(await unlock({ ...options, mode: "release-own", reason: "" })).toBe(0);
    expect(readdirSync(locks)).toEqual(["other.json"]);
  });

  test("not without a reason, and not while a deployment runs", async () => {
    put("old", "runner", "vm2", 5);
    await expect(unlock({ ...options, mode: "break-stale", reason: "because" })).rejects.toThrow("Say why");
    github.running = 1;
    await expect(unlock({ ...options, mode: "break-stale" })).rejects.toThrow("A deployment is under way");
    expect(existsSync(join(locks, "old.json"))).toBe(true);
  });

  test("V14 a lock whose engine is at work stays, also at the end of the job that started it", async () => {
    put("own", userInfo().username, hostname(), 0, process.pid);
    expect(await unlock({ ...options, mode: "release-own", reason: "", waitSeconds: 0 })).toBe(0);
    expect(readdirSync(locks)).toEqual(["own.json"]);
  });

  test("V14 a lock whose engine ends meanwhile is freed", async () => {
    const engine = spawn("sleep", ["60"]);
    put("own", userInfo().username, hostname(), 0, engine.pid);
    const freed = unlock({ ...options, mode: "release-own", reason: "", waitSeconds: 30 });
    await vi.waitFor(() => expect(vi.mocked(console.log).mock.calls.flat().join()).toContain(`waiting for process ${engine.pid}`));
    const meanwhile = readdirSync(locks);
    engine.kill();
    await freed;
    expect([meanwhile, readdirSync(locks)]).toEqual([["own.json"], []]);
  });

  test("V14 a lock of a lost runner goes at any age for a reason, and after the time of a job without one", async () => {
    put("young", "runner", "vm2", 0);
    expect(await unlock({ ...options, mode: "break-stale", reason: "" })).toBe(1);
    expect(await unlock({ ...options, mode: "break-stale" })).toBe(0);
    put("old", "runner", "vm2", 5);
    expect(await unlock({ ...options, mode: "break-stale", reason: "" })).toBe(0);
  });

  test("no lock is no failure", async () => expect(await unlock({ ...options, mode: "break-stale" })).toBe(0));
});

test("the command frees locks where the other commands keep the state: backend.url of Pulumi.yaml, without PULUMI_BACKEND_URL", async () => {
  using team = new ProjectFolder({});
  using project = new ProjectFolder({ "Pulumi.yaml": `name: slipway\nruntime: nodejs\nbackend: {url: "file://${team.path}"}\n` });
  vi.spyOn(process, "cwd").mockReturnValue(project.path);
  vi.stubEnv("PULUMI_BACKEND_URL", undefined);
  const log = vi.spyOn(console, "log").mockReturnValue();
  const lock = ".pulumi/locks/organization/slipway/production/own.json";
  team.write(
    lock,
    JSON.stringify({ pid: spawnSync("true").pid, username: userInfo().username, hostname: hostname(), timestamp: new Date() }),
  );
  try {
    await commandLine([]).parseAsync(["ci", "unlock", "--stack", "production", "--mode", "release-own"], { from: "user" });
    expect(log.mock.calls).toEqual([[`freed ${lock}`]]);
    expect(existsSync(team.file(lock))).toBe(false);
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.exitCode = undefined;
  }
});

test("a backend of another kind is refused, and a bucket without a region", () => {
  expect(() => new StackLocks("azblob://x", "p", "s")).toThrow("azblob: is no backend whose files can be read here");
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_DEFAULT_REGION", undefined);
  expect(() => stateFiles("s3://state/a")).toThrow("s3://state/a names no region of its bucket. Add it: s3://state?region=<region>");
  vi.unstubAllEnvs();
});

test.each([
  ["file:///state", true],
  ["s3://state/team?region=eu-west-1", true],
  ["s3://state?region=eu-west-1&endpoint=https://store.example.com&s3ForcePathStyle=true&awssdk=v2", true],
  ["s3://state?region=eu-west-1&profile=team", false],
  ["file:///state?no_tmp_dir=true", false],
  ["azblob://state", false],
])("files of %s are read here: %s", (address, read) => expect(readsFiles(address)).toBe(read));

describe("in a bucket", () => {
  const place = { bucket: "state", region: "eu-west-1", prefix: "team/a" };
  const folder = ".pulumi/locks/organization/slipway/production";

  test("files are listed to the last page, read and deleted below the prefix; whose bucket it is nobody asks", async () => {
    const { aws, calls } = stubbedAws(
      {
        "S3.ListObjectsV2": [
          { Contents: [{ Key: `team/a/${folder}/1.json` }], IsTruncated: true, NextContinuationToken: "2" },
          { Contents: [{ Key: `team/a/${folder}/2.json` }], IsTruncated: false },
        ],
        "S3.GetObject": { Body: { transformToString: async () => "{}" } },
        "S3.DeleteObject": {},
      },
      null,
    );
    const files = bucketFiles(aws, place);
    expect(await files.list(folder)).toEqual([`${folder}/1.json`, `${folder}/2.json`]);
    expect(await files.read(`${folder}/1.json`)).toBe("{}");
    await files.remove(`${folder}/1.json`);
    expect(asked(calls)).toEqual(["S3.ListObjectsV2", "S3.ListObjectsV2", "S3.GetObject", "S3.DeleteObject"]);
    expect(calls[0]).toMatchObject({ region: "eu-west-1", input: { Bucket: "state", Prefix: `team/a/${folder}/` } });
    expect(calls.at(-1)).toMatchObject({ input: { Bucket: "state", Key: `team/a/${folder}/1.json` } });
  });

  test("a file that is not there is none; a refusal says what could not be done, and in which bucket", async () => {
    const gone = bucketFiles(
      stubbedAws({ "S3.GetObject": serviceError("NoSuchKey", "The specified key does not exist.") }, null).aws,
      place,
    );
    expect(await gone.read("x.json")).toBeUndefined();
    const refused = bucketFiles(stubbedAws({}, null).aws, { ...place, prefix: "" });
    await expect(refused.read("x.json")).rejects.toThrow("x.json cannot be read in the simulated cloud: AccessDeniedException");
    await expect(refused.list("x")).rejects.toThrow("x cannot be listed");
    await expect(refused.remove("x")).rejects.toThrow("x cannot be deleted");
  });
});
