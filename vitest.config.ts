/** Test kinds by folder: the first three run in seconds, `engine` drives the real Pulumi engine against the sandbox. */
import { defineConfig } from "vitest/config";

/** What commands print is compared as text: no colours, whatever the terminal or the CI asks for. */
const plain = { env: { NO_COLOR: "1" } };
const quick = { ...plain, testTimeout: 20_000 };
const slow = { ...plain, testTimeout: 600_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], ...quick } },
      { test: { name: "golden", include: ["test/golden/**/*.test.ts"], ...quick } },
      { test: { name: "property", include: ["test/property/**/*.test.ts"], ...slow } },
      // One file at a time: each test starts engines of its own, and two cores carry two of them at best.
      { test: { name: "engine", include: ["test/engine/**/*.test.ts"], ...slow, hookTimeout: 600_000, maxWorkers: 2 } },
      // Two stacks at a time, each in a process of its own.
      { test: { name: "examples", include: ["test/examples/**/*.test.ts"], ...slow, maxConcurrency: 2 } },
    ],
    expect: { requireAssertions: true },
  },
});
