/** What an image has to bring for its scratch space is told where a person looks, with the defaults that config has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configOf } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", path), "utf8");

interface Container {
  readonly user: string;
  readonly readonlyRootFilesystem: boolean;
  readonly mountPoints: readonly { readonly containerPath: string }[];
}

test("the page names the user and the paths that tasks have by default", async () => {
  const page = read("docs/components/service.md");
  const tasks = (await declaredGraph(configOf("bench/production"))).filter(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
  expect(tasks.length).toBeGreaterThan(0);
  for (const { name, inputs } of tasks) {
    const [{ user, readonlyRootFilesystem, mountPoints }] = JSON.parse(String(inputs.containerDefinitions)) as [Container];
    expect(readonlyRootFilesystem, name).toBe(true);
    expect(mountPoints.length, name).toBeGreaterThan(0);
    for (const { containerPath } of mountPoints) {
      expect(page, name).toContain(`RUN mkdir -p ${containerPath} && chown ${user} ${containerPath}\nVOLUME ${containerPath}`);
      expect(page, name).toContain(`EACCES: permission denied, open '${containerPath}/`);
    }
  }
});

test("config and README lead to the page", () => {
  expect(read("components/service/contract.ts")).toContain("(docs/components/service.md)");
  expect(read("README.md")).toContain("docs/components/service.md#scratch-space");
});
