/** A stack of the sandbox that is removed leaves its stack file, which is the config of the real stack too. */
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { passThrough } from "../../ops/engine/commands.ts";
import { ProjectFolder } from "../harness/projectFolder.ts";

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
  using project = new ProjectFolder({
    "Pulumi.staging.yaml": "config: {}\n",
    ".slipway/stacks/staging.salt": "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAA",
    ".slipway/state/.pulumi/stacks/shop/staging.json": "{}",
    "bin/pulumi": `#!/bin/sh\n[ "$1" = version ] && echo v3.300.0 && exit\necho "$*" > "$(dirname "$0")/../ran"\n`,
  });
  chmodSync(project.file("bin/pulumi"), 0o755);
  mkdirSync(project.file("cache"));
  vi.stubEnv("PATH", `${project.file("bin")}:${process.env.PATH}`);
  vi.stubEnv("SLIPWAY_CACHE", project.file("cache"));
  vi.stubEnv("PULUMI_BACKEND_URL", "");
  vi.spyOn(process, "cwd").mockReturnValue(project.path);
  vi.spyOn(console, "error").mockReturnValue();
  await passThrough(command, { stack: "staging" });
  expect(readFileSync(project.file("ran"), "utf8")).toContain(ran);
});
