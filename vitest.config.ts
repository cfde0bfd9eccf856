/** Test kinds by folder: the first three run in seconds, `engine` drives the real Pulumi engine against the sandbox. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { cacheFolder } from "./sandbox/engine/engine.ts";

// Workers, and the commands that tests start, inherit what was compiled before: half of their start.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder(), "compile");

/** What commands print is compared as text: no colours, whatever the terminal or the CI asks for. */
const plain = {
  env: { NO_COLOR: "1" },
  setupFiles: ["test/harness/timeFile.ts"],
  // Two files at a time, whatever the machine: engine tests start engines, and two cores carry two of them at best. Projects that
  // differ in this would not run side by side.
  maxWorkers: 2,
  // Node.js runs these files as they are, and finds them compiled in its cache; Vite would transform and compile each of them again in
  // every run, a fifth of the processor time of `unit`.
  experimental: { viteModuleRunner: false, nodeLoader: false },
};
/**
 * Files of one worker share its modules, whose loading took a third of the time. So that what one file leaves behind is
 * noticed in another, their order is shuffled: by a seed that is printed, and that `--sequence.seed` changes. No `vi.mock`:
 * a module that another file has loaded already stays what it is.
 */
const quick = {
  ...plain,
  setupFiles: [...plain.setupFiles, "test/harness/light.ts", "test/harness/host/end.ts"],
  testTimeout: 20_000,
  hookTimeout: 20_000,
  isolate: false,
  restoreMocks: true,
  unstubEnvs: true,
};
const slow = { ...plain, testTimeout: 600_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...quick } },
      { test: { name: "golden", include: ["test/golden/**/*.test.ts"], ...quick } },
      { test: { name: "property", include: ["test/property/**/*.test.ts"], ...quick, testTimeout: slow.testTimeout } },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          ...{ ...slow, hookTimeout: 600_000, isolate: false },
          setupFiles: [...plain.setupFiles, "test/harness/host/end.ts"],
        },
      },
      // Two stacks at a time, each in a process of its own.
      { test: { name: "examples", include: ["test/examples/**/*.test.ts"], ...slow, maxConcurrency: 2 } },
    ],
    sequence: { setupFiles: "list", shuffle: { files: true, tests: false }, seed: 1 },
    expect: { requireAssertions: true },
  },
});
