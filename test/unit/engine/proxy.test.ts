/** A proxy of the environment is for the world outside: engine, program and providers speak to each other on this machine. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Session } from "../../../ops/engine/session.ts";

const names = ["NO_PROXY", "no_proxy", "no_grpc_proxy"] as const;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-proxy-"));
  // Stands for the engine: notes what it is told.
  const pulumi = join(folder, "pulumi");
  const note = names.map((name) => `echo "$${name}" >> ${folder}/told`).join("\n");
  writeFileSync(pulumi, `#!/bin/sh\n[ "$1" = version ] && echo v3.276.0 && exit\n${note}\n`);
  chmodSync(pulumi, 0o700);
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const own = "localhost,127.0.0.1,::1";

type Row = [about: string, given: Readonly<Partial<Record<(typeof names)[number], string>>>, told: readonly string[]];

const rows: readonly Row[] = [
  ["nothing is excepted yet", {}, [own, own, ""]],
  ["spaces stand between names", { no_proxy: "intranet, localhost" }, [`intranet,${own}`, `intranet,${own}`, ""]],
  [
    "each spelling has names of its own",
    { NO_PROXY: ".corp.example", no_proxy: "10.0.0.0/8" },
    [`.corp.example,10.0.0.0/8,${own}`, `.corp.example,10.0.0.0/8,${own}`, ""],
  ],
  ["everything is excepted", { NO_PROXY: "*" }, [`*,${own}`, `*,${own}`, ""]],
  ["gRPC has a list of its own, which goes before", { no_grpc_proxy: "a.example" }, [own, own, `a.example,${own}`]],
];

it.each(rows)("case 18 this machine is excepted from a proxy where %s", async (_, given, told) => {
  for (const name of names) vi.stubEnv(name, given[name]);
  const session = new Session({
    project: { folder, name: "shop", runtimeOptions: {} },
    stack: "prod",
    stackFile: join(folder, "Pulumi.prod.yaml"),
    account: "123456789012",
    backend: { kind: "shared", folder: join(folder, ".slipway"), url: "s3://state" },
    progress: () => {},
  });
  await session.capture(["preview"]);
  session.close();
  expect(readFileSync(join(folder, "told"), "utf8").split("\n").slice(0, -1)).toEqual(told);
});
