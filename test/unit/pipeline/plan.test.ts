/** The plan of a merge, beside an update that is at work. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { previewStack } from "../../../ops/ci/preview.ts";
import { inNotedProject, inProject, preview, starts } from "../../harness/notedEngine.ts";

inNotedProject();

test("V11 a plan waits for the update that is at work, and says for whom", async () => {
  await preview();
  starts();
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  const other = spawn("sleep", ["60"]);
  const lock = inProject(".slipway", "state", ".pulumi", "locks", "organization", "slipway", "staging", "one.json");
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, JSON.stringify({ pid: other.pid, username: "ada", hostname: hostname(), timestamp: new Date().toISOString() }));
  setTimeout(() => other.kill(), 1500);
  await previewStack({ stack: "staging", out: inProject("plan"), withoutSecrets: false, reviewed: false });
  expect(starts()).toEqual(["preview"]);
  expect(said[0]).toContain(`waiting: staging is being changed by ada on ${hostname()} (process ${other.pid})`);
});
