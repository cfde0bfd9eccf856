/** What plugins leave in the temporary folder: the provider of Kubernetes writes the kubeconfig there at every start, and never removes it. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Session } from "../../../ops/engine/session.ts";

let folder = "";
let temporary = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-temporary-"));
  temporary = join(folder, "tmp");
  mkdirSync(temporary);
  // Stands for the engine and its plugins: what it is given as its temporary folder gets a copy of the kubeconfig.
  const pulumi = join(folder, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh\n[ "$1" = version ] && echo v3.276.0 && exit\necho secret > "$TMPDIR/kubeconfig42"\necho "$TMPDIR" >> ${folder}/given\n`,
  );
  chmodSync(pulumi, 0o700);
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
  vi.stubEnv("TMPDIR", temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test.each(["capture", "run"] as const)("K7 no copy of the kubeconfig stays after %s", async (way) => {
  const session = new Session({
    project: { folder, name: "shop", runtimeOptions: {} },
    stack: "prod",
    stackFile: join(folder, "Pulumi.prod.yaml"),
    account: "123456789012",
    backend: { kind: "shared", folder: join(folder, ".slipway"), url: "s3://state" },
    progress: () => {},
  });
  await session[way](["preview"]);
  const given = readFileSync(join(folder, "given"), "utf8").trim();
  expect(readdirSync(given)).toEqual(["kubeconfig42"]);
  session.close();
  expect(readdirSync(temporary)).toEqual([]);
});
