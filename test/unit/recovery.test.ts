/** What recovery reads and writes: the state with what was begun, the stack file for a local backend, locks, faults. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { newCrypter } from "../../ops/ci/passphrase.ts";
import type { Backend } from "../../ops/engine/backend.ts";
import { localStackFile } from "../../ops/engine/localStack.ts";
import type { PendingOperation } from "../../ops/engine/state.ts";
import { removeDamagedAttributes } from "../../ops/recovery/attributes.ts";
import { releaseDeadLocks, underLock } from "../../ops/recovery/locks.ts";
import { withAdopted } from "../../ops/recovery/pending.ts";
import { Faults, parseFault } from "../../sandbox/faults/faults.ts";

describe("pending creations", () => {
  const creating = (name: string, custom = true): PendingOperation => ({
    type: "creating",
    resource: { urn: `urn:pulumi:s::p::aws:ec2/vpc:Vpc::${name}`, type: "aws:ec2/vpc:Vpc", custom, inputs: { cidrBlock: "10.0.0.0/16" } },
  });
  const kept = { urn: "urn:pulumi:s::p::aws:ec2/eip:Eip::kept", type: "aws:ec2/eip:Eip" };
  const updating: PendingOperation = { type: "updating", resource: kept };

  test("those that happened become resources, the others are forgotten, updates stay pending", () => {
    const state = { resources: [kept], pending_operations: [creating("made"), updating, creating("not")] };
    const adopted = new Map([[creating("made").resource.urn, { id: "vpc-1", properties: { arn: "arn:1" } }]]);
    const deployment = withAdopted(state, adopted);
    expect(deployment.resources).toEqual([
      kept,
      { ...creating("made").resource, id: "vpc-1", outputs: { arn: "arn:1", cidrBlock: "10.0.0.0/16" } },
    ]);
    expect(deployment.pending_operations).toEqual([updating]);
  });

  test("half of a replacement: the new one is taken in, the old one is left to delete", () => {
    const old = { ...creating("vpc").resource, id: "vpc-0" };
    const adopted = new Map([[old.urn, { id: "vpc-1", properties: {} }]]);
    const deployment = withAdopted({ resources: [old], pending_operations: [creating("vpc")] }, adopted);
    expect(deployment.resources?.map(({ id, delete: left }) => [id, left])).toEqual([
      ["vpc-0", true],
      ["vpc-1", undefined],
    ]);
  });

  test("a component is always taken in: children may need it", () => {
    const deployment = withAdopted({ pending_operations: [creating("component", false)] }, new Map());
    expect(deployment.resources).toEqual([creating("component", false).resource]);
  });
});

describe("the stack file for a local backend", () => {
  const text = `secretsprovider: awskms://alias/pulumi
encryptedkey: AQIC
config:
  slipway:system: demo # stays
  slipway:dns:
    token:
      secure: v1:abc
  slipway:list:
    - name: a
      value: {secure: v1:def}
`;
  const crypter = newCrypter("sandbox");
  const local = localStackFile(text, crypter.salt, () => ({}));

  test("keeps values and their comments, and has the local salt in place of the secrets provider", () => {
    expect(local).toContain("slipway:system: demo # stays");
    expect(local).toContain(`encryptionsalt: ${crypter.salt}`);
    expect(local).not.toMatch(/secretsprovider|encryptedkey|v1:abc|v1:def/);
  });
  test("has a value at the place of each secret that the local backend can decrypt", () => {
    const { config } = parse(local) as { config: Record<string, unknown> };
    const secret = { secure: expect.stringMatching(/^v1:/) as string };
    expect(config).toEqual({
      "slipway:system": "demo",
      "slipway:dns": { token: secret },
      "slipway:list": [{ name: "a", value: secret }],
    });
    for (const [, sealed = ""] of local.matchAll(/secure: ([^\s}]+)/g)) expect(crypter.decrypt(sealed)).toBe("pulumi");
  });
});

describe.each(["sandbox", "shared"] as const)("locks of a %s backend", (kind) => {
  let folder = "";
  let locks = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-locks-"));
    locks = join(folder, "state", ".pulumi", "locks", "organization", "slipway", "staging");
    mkdirSync(locks, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const backend = (): Backend =>
    kind === "sandbox" ? { kind, folder, real: [] } : { kind, folder, url: `file://${join(folder, "state")}` };
  const stack = () => ({ backend: backend(), project: { folder, name: "slipway", runtimeOptions: {} }, stack: "staging" });
  const release = async () => (await releaseDeadLocks(stack())).released;
  const lock = (pid: number, host = hostname(), username = userInfo().username) => {
    const file = join(locks, `${pid}.json`);
    writeFileSync(file, JSON.stringify({ pid, hostname: host, username, timestamp: new Date() }));
    writeFileSync(`${file}.attrs`, "{}");
    return file;
  };
  /** The largest number that the kernel gives is 4,194,304. */
  const noProcess = 4_999_999;

  test("a lock whose process is gone is removed, with what the storage keeps beside it", async () => {
    lock(noProcess);
    expect(await release()).toBe(1);
    expect(readdirSync(locks)).toEqual([]);
  });
  test("a lock whose process has ended and is not yet taken note of by its parent is removed", async () => {
    // The shell would take note of one that ends before it has become `sleep`.
    const parent = spawn("sh", ["-c", "sleep 0.5 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const pid = Number(String((await once(parent.stdout, "data"))[0]));
      await vi.waitFor(() => expect(execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })).toMatch(/^Z/), 5_000);
      const file = lock(pid);
      expect(await release()).toBe(1);
      expect(existsSync(file)).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  });
  test("a lock of a living process stays", async () => {
    const file = lock(process.pid);
    expect(await release()).toBe(0);
    expect(existsSync(file)).toBe(true);
  });
  test("a lock that cannot be read is removed where nobody else writes one", async () => {
    const file = lock(process.pid);
    writeFileSync(file, '{"pid":');
    expect(await release()).toBe(kind === "sandbox" ? 1 : 0);
    expect(existsSync(file)).toBe(kind === "shared");
  });
  test("a lock of another machine stays, and where others work too that of another user of a machine of this name", async () => {
    const file = lock(noProcess, "elsewhere.example");
    expect(await release()).toBe(0);
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    lock(noProcess - 1, hostname(), "somebody-else");
    expect(await release()).toBe(kind === "sandbox" ? 1 : 0);
  });
  test("case 08 what stays is told, with who holds it; where it is only looked, nothing is removed", async () => {
    lock(noProcess);
    expect(await releaseDeadLocks(stack(), false)).toEqual({ released: 0 });
    expect(readdirSync(locks)).toHaveLength(2);
    lock(process.pid);
    expect(await releaseDeadLocks(stack())).toMatchObject({ released: 1, held: { owner: { pid: process.pid } } });
  });
  if (kind === "shared")
    test("case 08 in a pipeline, whose machines have one name and one user, a lock is left to ci unlock", async () => {
      lock(noProcess);
      vi.stubEnv("GITHUB_ACTIONS", "true");
      expect(await release()).toBe(0);
      vi.unstubAllEnvs();
    });
  if (kind === "sandbox")
    test("case 08 nothing is read and written while somebody has the stack, and no lock of ours is left", async () => {
      const under = (act: () => string) => underLock(stack() as never, act);
      expect(await under(() => String(readdirSync(locks).length))).toBe("1");
      const file = lock(process.pid);
      await expect(under(() => "written")).rejects.toThrow(`(process ${process.pid})`);
      expect(readdirSync(locks).map((name) => join(locks, name))).toEqual([file, `${file}.attrs`]);
    });
});

test("locks at a backend whose files are not read here stay", async () => {
  const backend: Backend = { kind: "shared", folder: "/nowhere", url: "s3://state?region=eu-west-1&profile=team" };
  expect(await releaseDeadLocks({ backend, project: { folder: "", name: "slipway", runtimeOptions: {} }, stack: "staging" })).toEqual({
    released: 0,
  });
});

test("a file of the storage that was cut off while written is removed, a whole one stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-attributes-"));
  const stacks = join(folder, "state", ".pulumi", "stacks", "slipway");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, "staging.json.attrs"), "");
  writeFileSync(join(stacks, "production.json.attrs"), '{"user.content_type":"application/json"}');
  expect(removeDamagedAttributes({ kind: "sandbox", folder, real: [] })).toBe(1);
  expect([existsSync(join(stacks, "staging.json.attrs")), existsSync(join(stacks, "production.json.attrs"))]).toEqual([false, true]);
  rmSync(folder, { recursive: true });
});

describe("faults", () => {
  test.each([
    ["kill create aws:ec2/natGateway:NatGateway 2 after", { action: "kill", operation: "create", nth: 2, when: "after" }],
    ["fail update aws:*", { action: "fail", type: "aws:*", nth: 1, when: "before" }],
    ["delay read aws:ec2/vpc:Vpc 3 before 5s", { action: "delay", nth: 3, milliseconds: 5000 }],
  ])("%s", (words, expected) => expect(parseFault(words)).toMatchObject(expected));

  test.each([
    ["", "the action is"],
    ["kill", "the operation is"],
    ["kill make aws:*", "allowed: check, diff, create, read, update, delete"],
    ["kill create vpc", "the type is"],
    ["kill create aws:* 0", "a word after the type"],
    ["kill create aws:* later", "a word after the type"],
  ])("refused: %s", (words, says) => expect(() => parseFault(words)).toThrow(says));

  test("come at the n-th matching call, once", async () => {
    let killed = 0;
    const faults = new Faults([parseFault("fail create aws:ec2/* 2 after")], () => {
      killed += 1;
    });
    let calls = 0;
    const call = (type: string) => faults.around("create", type, () => (calls += 1));
    await call("aws:ec2/vpc:Vpc");
    await call("aws:s3/bucket:Bucket");
    await expect(call("aws:ec2/subnet:Subnet")).rejects.toThrow("injected: create of aws:ec2/* fails after the live write");
    await call("aws:ec2/vpc:Vpc");
    expect([calls, killed]).toEqual([4, 0]);
  });
});
