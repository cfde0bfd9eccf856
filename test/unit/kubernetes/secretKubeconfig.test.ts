/** Secrets of a stack file on a backend of this machine, which cannot decrypt them: what stands for each has the form that its place needs. */
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import type { Shape } from "../../../components/contract/shape.ts";
import { areaNames } from "../../../components/environment/contract.ts";
import { shapeOfArea } from "../../../infra/config/areaShape.ts";
import { clusterAccess } from "../../../infra/config/clusterAccess.ts";
import type { RawConfig } from "../../../infra/config/layers.ts";
import { fileValue, isSecret, ownValues } from "../../../infra/config/ownKeys.ts";
import { parseConfig } from "../../../infra/config/parse.ts";
import { stackFileOf } from "../../../infra/config/stackFile.ts";
import { sandboxOf } from "../../../ops/engine/backend.ts";
import { prepareLocalStack } from "../../../ops/engine/localStack.ts";
import { findProject } from "../../../ops/project/project.ts";
import { apiOnCluster, cluster } from "../../harness/cluster.ts";
import { onlyApi, scarcelyWatched } from "../../harness/smallStacks.ts";
import { StackUnderTest } from "../../harness/stack.ts";

const secure = { secure: "v1:abcdefghij:klmnopqrstuv" };
const stack = new StackUnderTest("bench/production", {
  ...scarcelyWatched,
  ...onlyApi,
  ...apiOnCluster,
  "kubernetes.cluster": { ...cluster, access: { by: "secret", context: "production", kubeconfig: secure } },
  "notifications.pagerDuty": { integrationKey: secure },
});
afterAll(() => stack.remove());

/** The stack file as the engine reads it there; what is encrypted it decrypts to a word. */
function engineValues(): RawConfig {
  const project = findProject(stack.folder);
  const file = prepareLocalStack(sandboxOf(project), project, stack.stack, stack.file);
  const { config } = parse(readFileSync(file, "utf8")) as { readonly config: unknown };
  const decrypted: unknown = JSON.parse(JSON.stringify(config), (_, value: unknown) => (isSecret(value) ? "pulumi" : value));
  return Object.fromEntries(Object.entries(ownValues(decrypted)).map(([key, value]) => [key, fileValue(value ?? null)]));
}

/** Paths of a contract that are encrypted in the stack file. */
function secretPaths(shape: Shape, path: string): string[] {
  if (shape.secret === true) return [path];
  const below = [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].flatMap((option) => secretPaths(option, path));
  return [...below, ...Object.entries(shape.properties ?? {}).flatMap(([name, inner]) => secretPaths(inner, `${path}.${name}`))];
}

test("case 19 what stands for a kubeconfig that nobody can decrypt leads to the cluster of the config", () => {
  expect(areaNames.flatMap((area) => secretPaths(shapeOfArea(area), area)).sort()).toEqual([
    "kubernetes.cluster.access.kubeconfig",
    "notifications.pagerDuty.integrationKey",
  ]);
  const { raw, ...source } = stackFileOf(engineValues(), stack.file, `Pulumi.${stack.stack}.yaml`);
  const access = clusterAccess(parseConfig(raw, source), stack.folder);
  const kubeconfig: unknown = parse(access!.kubeconfig.open((text) => text));
  expect(kubeconfig).toMatchObject({ "current-context": "production", clusters: [{ cluster: { server: cluster.server } }] });
});
