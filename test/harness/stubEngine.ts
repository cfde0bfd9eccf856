/** A stand-in for the engine: a script that answers for its version, and does for every other command what a test says. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { Session } from "../../ops/engine/session.ts";

/** Puts it on PATH before each test, and takes it away afterwards. @param script of the shell; the folder is its own */
export function withStubEngine(script: (folder: string) => string) {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-stub-"));
    const pulumi = join(folder, "pulumi");
    writeFileSync(pulumi, `#!/bin/sh\n[ "$1" = version ] && echo v3.276.0 && exit\n${script(folder)}\n`);
    chmodSync(pulumi, 0o700);
    vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
    vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    /** A path in the script's folder. */
    path: (name: string) => join(folder, name),
    /** A session of a stack whose state is elsewhere. @param url of its backend */
    session: (url = "s3://state") =>
      new Session({
        project: { folder, name: "shop", runtimeOptions: {} },
        stack: "prod",
        stackFile: join(folder, "Pulumi.prod.yaml"),
        account: "123456789012",
        backend: { kind: "shared", folder: join(folder, ".slipway"), url },
        progress: () => {},
      }),
  };
}
