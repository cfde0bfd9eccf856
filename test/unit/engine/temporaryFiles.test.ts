/** What plugins leave in the temporary folder: the provider of Kubernetes writes the kubeconfig there at every start, and never removes it. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { withStubEngine } from "../../harness/stubEngine.ts";

// Stands for the engine and its plugins: what it is given as its temporary folder gets a copy of the kubeconfig.
const engine = withStubEngine((folder) => `echo secret > "$TMPDIR/kubeconfig42"\necho "$TMPDIR" >> ${folder}/given`);
let temporary = "";
beforeEach(() => {
  temporary = engine.path("tmp");
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
});

test.each(["capture", "run"] as const)("K7 no copy of the kubeconfig stays after %s", async (way) => {
  const session = engine.session();
  await session[way](["preview"]);
  const given = readFileSync(engine.path("given"), "utf8").trim();
  expect(readdirSync(given)).toEqual(["kubeconfig42"]);
  session.close();
  expect(readdirSync(temporary)).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)("no copy of the kubeconfig stays where %s ends the command", async (signal) => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const before = process.listeners(signal);
  const session = engine.session();
  const running = session.capture(["preview"]);
  await vi.waitFor(() => expect(existsSync(engine.path("given"))).toBe(true));
  const [listener] = process.listeners(signal).filter((one) => !before.includes(one));
  listener?.(signal);
  await running;
  expect(readdirSync(temporary)).toEqual([]);
  expect(kill).toHaveBeenCalledWith(process.pid, signal);
  expect(process.listeners(signal)).toEqual(before);
  kill.mockRestore();
  session.close();
});
