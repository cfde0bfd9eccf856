/** A stack of the sandbox that is removed leaves its stack file, which is the config of the real stack too. */
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { passThrough } from "../../ops/engine/commands.ts";
import { projectWithEngine } from "../harness/standInEngine.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test.each([
  [["stack", "rm", "--yes"], "stack rm --yes --preserve-config"],
  [["--color", "never", "stack", "rm", "staging"], "--color never stack rm staging --preserve-config"],
  [["stack", "rm", "--preserve-config=false"], "stack rm --preserve-config=false"],
  [["stack", "output", "rm"], "stack output rm"],
])("pulumi %j is run as: %s", async (command, ran) => {
  using project = projectWithEngine('echo "$*" > "$(dirname "$0")/../ran"');
  await passThrough(command, { stack: "staging" });
  expect(readFileSync(project.file("ran"), "utf8")).toContain(ran);
});
