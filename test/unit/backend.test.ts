/** The backend decides which cloud a command asks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { backendOf, banner, cloudName, copyOf, isReal, sandboxOf, simulatedOn } from "../../ops/engine/backend.ts";
import type { Project } from "../../ops/project/project.ts";
import { type PackageName, packageNames } from "../../sandbox/sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-backend-"));
const project: Project = { folder, name: "slipway", runtimeOptions: {} };
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test.each<[string, string, PackageName[], number]>([
  ["a shared state is real throughout: who reads AWS's part may read all of it", "s3://state", [], 3],
  ["a state on this machine has what was asked for", "", ["aws"], 1],
  ["without a real provider everything stays simulated", "", [], 0],
])("%s", (_, url, real, count) => {
  vi.stubEnv("PULUMI_BACKEND_URL", url);
  const backend = backendOf(project, real);
  expect(packageNames.filter((name) => isReal(backend, name))).toHaveLength(count);
  expect(simulatedOn(backend)).toHaveLength(packageNames.length - count);
});

test("a shared state is not read as if its AWS part were simulated", () => {
  vi.stubEnv("PULUMI_BACKEND_URL", "s3://state");
  vi.stubGlobal(
    "process",
    Object.assign(Object.create(process), { argv: ["node", "slipway", "up", "--real", "cloudflare", "-s", "prod"] }),
  );
  try {
    expect(() => backendOf(project, ["cloudflare"])).toThrow(
      /in s3:\/\/state, where every provider is the real one.*\n.*: {3}slipway up -s prod$/,
    );
  } finally {
    vi.unstubAllGlobals();
  }
});

test("the address in Pulumi.yaml is a backend like the one of the environment, which goes before it", () => {
  vi.stubEnv("PULUMI_BACKEND_URL", "");
  const named = { ...project, backendUrl: "gs://named" };
  expect(backendOf(named)).toMatchObject({ kind: "shared", url: "gs://named" });
  vi.stubEnv("PULUMI_BACKEND_URL", "s3://state");
  expect(backendOf(named)).toMatchObject({ kind: "shared", url: "s3://state" });
});

describe("an address that leads into .slipway", () => {
  test.each([`file://${folder}/.slipway/state`, "file://.slipway/state?x=1", `file://${folder}/.slipway/real-aws/state?x=1`])(
    "%s",
    (url) => {
      vi.stubEnv("PULUMI_BACKEND_URL", url);
      expect(() => backendOf(project)).toThrow("where the simulated cloud keeps its states");
    },
  );

  test.each([`file://${folder}/.slipway`, "file://.slipway", "file://./.slipway/"])(
    "%s is the simulated cloud's, whatever Pulumi.yaml names",
    (url) => {
      vi.stubEnv("PULUMI_BACKEND_URL", url);
      expect(backendOf({ ...project, backendUrl: "s3://state" })).toEqual(sandboxOf(project));
    },
  );

  test("another folder is a backend of real resources", () => {
    vi.stubEnv("PULUMI_BACKEND_URL", `file://${folder}/.slipway-team`);
    expect(backendOf(project).kind).toBe("shared");
  });
});

test("the banner says what is real and what is simulated", () => {
  const shared = { kind: "shared", folder, url: "s3://state" } as const;
  expect(banner(sandboxOf(project, ["kubernetes"]), "1")).toMatch(
    /^AWS simulated, Cloudflare simulated, Kubernetes real; state in .*real-kubernetes$/,
  );
  expect(banner(sandboxOf(project), "1")).toMatch(/^the simulated cloud in .*\.slipway$/);
  expect(banner(shared, "123456789012")).toBe("AWS account 123456789012, state in s3://state");
  expect(banner(copyOf(shared, "staging"), "123456789012")).toBe("AWS account 123456789012, state in s3://state, on a copy");
});

test("a copy of a state speaks of the cloud of the original", () => {
  const shared = { kind: "shared", folder, url: "s3://state" } as const;
  expect(simulatedOn(copyOf(shared, "staging"))).toEqual([]);
  expect(simulatedOn(copyOf(sandboxOf(project), "staging"))).toEqual(packageNames);
});

test("messages name the cloud", () => {
  expect(cloudName(sandboxOf(project), "123456789012")).toMatch(/^the simulated cloud in .*\.slipway$/);
  expect(cloudName(sandboxOf(project, ["aws"]), "123456789012")).toBe("AWS account 123456789012");
  expect(cloudName(sandboxOf(project, ["kubernetes"]), "123456789012")).toMatch(/^the simulated cloud in .*real-kubernetes$/);
  expect(cloudName({ kind: "shared", folder, url: "s3://state" }, "123456789012")).toBe("AWS account 123456789012");
});
