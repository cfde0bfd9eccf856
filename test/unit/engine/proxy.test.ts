/** A proxy of the environment is for the world outside: engine, program and providers speak to each other on this machine. */
import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { withStubEngine } from "../../harness/stubEngine.ts";

const names = ["NO_PROXY", "no_proxy", "no_grpc_proxy"] as const;

// Notes what it is told.
const engine = withStubEngine((folder) => names.map((name) => `echo "$${name}" >> ${folder}/told`).join("\n"));

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
  const session = engine.session();
  await session.capture(["preview"]);
  session.close();
  expect(readFileSync(engine.path("told"), "utf8").split("\n").slice(0, -1)).toEqual(told);
});
