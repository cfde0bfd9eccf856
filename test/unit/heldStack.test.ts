/** A stack that somebody has: what a running update has begun is not taken for what a crash left. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engineCommand } from "../../ops/engine/commands.ts";
import { inNotedProject, inProject, leave, own, preview, rule, staging, starts, stateFile, up, weighted } from "../harness/notedEngine.ts";

inNotedProject();

/** A lock as an engine writes it, of a process of this machine, a minute old. @param more what is otherwise in it */
function lockedBy(pid: number, more: object = {}, name = "one"): string {
  const file = inProject(".slipway", "state", ".pulumi", "locks", "organization", "slipway", "staging", `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  writeFileSync(file, JSON.stringify({ pid, username: "ada", hostname: hostname(), timestamp, ...more }));
  return file;
}

const begun = { ...rule, urn: `${rule.urn}-2`, id: undefined, inputs: weighted(5) };

describe("while another update runs", () => {
  let other = spawn("sleep", ["60"]);
  beforeEach(async () => {
    await preview();
    starts();
    writeFileSync(inProject("export"), JSON.stringify({ version: 3, deployment: {} }));
    leave({ resources: [own], pending_operations: [{ type: "creating", resource: begun }] });
    other = spawn("sleep", ["60"]);
  });
  afterEach(() => void other.kill());

  test.each(["preview", "up", "refresh", "destroy"] as const)(
    "case 08 it is not taken for a crash: %s says who holds the stack, since when, and touches nothing",
    async (command) => {
      lockedBy(other.pid!, { timestamp: new Date().toISOString() });
      const before = readFileSync(stateFile(), "utf8");
      const said = await engineCommand(command, staging, ["--yes", "--non-interactive"]).then(String, String);
      expect(said).toMatch(/ada .*process \d+.* since \d{4}-\d\d-\d\dT/);
      expect(starts()).toEqual([]);
      expect(readFileSync(stateFile(), "utf8")).toBe(before);
    },
  );

  test("case 08 a young lock of another machine holds previews as well, one that is older than any update does not", async () => {
    const file = lockedBy(other.pid!, { hostname: "elsewhere" });
    await expect(preview()).rejects.toThrow("elsewhere");
    expect(starts()).toEqual([]);
    lockedBy(other.pid!, { hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" });
    await preview();
    expect(starts()).toEqual(["refresh", "preview"]);
    await expect(up()).rejects.toThrow("pulumi cancel");
    expect(readFileSync(file, "utf8")).toContain("elsewhere");
  });

  test("N16 whoever is held back is told the way past the lock, with the command", async () => {
    lockedBy(other.pid!, { timestamp: new Date().toISOString() });
    await expect(up()).rejects.toThrow("npx slipway rollback now --stack staging --service api --reason 'the stack is locked'");
  });

  test("case 08 a number that another process got since is no holder", async () => {
    const file = lockedBy(other.pid!);
    await preview();
    expect(existsSync(file)).toBe(false);
  });

  test("case 08 what was created is taken in under a lock, without an engine between reading and writing", async () => {
    await up();
    expect(starts()).toEqual(["refresh", "up"]);
    expect(JSON.parse(readFileSync(stateFile(), "utf8"))).toMatchObject({ checkpoint: { latest: { pending_operations: [] } } });
  });
});
