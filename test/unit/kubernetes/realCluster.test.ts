/** A real cluster with a state in `.slipway`: a kubeconfig that the stack's own secrets provider keeps encrypted cannot be read there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sandboxOf } from "../../../ops/engine/backend.ts";
import { prepareLocalStack } from "../../../ops/engine/localStack.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-real-cluster-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const prepare = (access: string, real: readonly "kubernetes"[]) => {
  const file = join(folder, "Pulumi.prod.yaml");
  const cluster = `{server: "https://k8s.example", access: ${access}}`;
  writeFileSync(file, `encryptionsalt: v1:x\nconfig:\n  slipway:kubernetes: {cluster: ${cluster}}\n`);
  const project = { folder, name: "shop", runtimeOptions: {} };
  return prepareLocalStack(sandboxOf(project, real), project, "prod", file);
};
const secret = "{by: secret, context: prod, kubeconfig: {secure: AAABAA==}}";

test("K9 it is refused by its key, with the way that works", () => {
  expect(() => prepare(secret, ["kubernetes"])).toThrow(/Pulumi\.prod\.yaml: slipway:kubernetes\.cluster\.access\.kubeconfig .*by: file/s);
});

test("a simulated cluster needs none, and a file is read as it is", () => {
  expect(() => prepare(secret, [])).not.toThrow();
  expect(() => prepare("{by: file, context: prod, file: kubeconfig.yaml}", ["kubernetes"])).not.toThrow();
});
