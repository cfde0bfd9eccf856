/** A project whose engine is a shell script: for what a command does around the engine that it hands on to. */
import { chmodSync, mkdirSync } from "node:fs";
import { vi } from "vitest";
import { ProjectFolder } from "./projectFolder.ts";

/**
 * The project, with a stack `staging` in the sandbox, as this process stands in it. What is stubbed is the caller's to restore.
 * @param script what `pulumi` does but for telling its version; `$(dirname "$0")/..` is the project
 */
export function projectWithEngine(script: string): ProjectFolder {
  const project = new ProjectFolder({
    "Pulumi.staging.yaml": "config: {}\n",
    ".slipway/stacks/staging.salt": "v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAA",
    ".slipway/state/.pulumi/stacks/shop/staging.json": "{}",
    "bin/pulumi": `#!/bin/sh\n[ "$1" = version ] && echo v3.300.0 && exit\n${script}\n`,
  });
  chmodSync(project.file("bin/pulumi"), 0o755);
  mkdirSync(project.file("cache"));
  vi.stubEnv("PATH", `${project.file("bin")}:${process.env.PATH}`);
  vi.stubEnv("SLIPWAY_CACHE", project.file("cache"));
  vi.stubEnv("PULUMI_BACKEND_URL", "");
  vi.spyOn(process, "cwd").mockReturnValue(project.path);
  vi.spyOn(console, "error").mockReturnValue();
  return project;
}
