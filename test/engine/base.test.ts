/** A stack with a base under the engine alone, as somebody runs it who has `pulumi` and not `slipway`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { changesOf } from "../../ops/engine/changes.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject } from "../../ops/project/project.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
const project = findProject(stack.folder);
const session = new Session({
  project,
  stack: "staging",
  stackFile: stack.file,
  account: "123456789012",
  backend: sandboxOf(project),
  progress: () => undefined,
});
// The program is told nothing of the files: it is in another project's folder, and finds its own.
const plain = (...args: string[]) => session.capture(args, { SLIPWAY_STACK_FILE: "" });

beforeAll(() => stack.prepare());
afterAll(() => {
  session.close();
  stack.remove();
});

test("a plain preview reads the base beside the project file, and a change of the base is a change", async () => {
  expect(changesOf(await plain("preview", "--json")).changes).toEqual([]);
  const base = join(stack.folder, "base.yaml");
  const text = readFileSync(base, "utf8");
  writeFileSync(base, text.replace("idleTimeoutSeconds: 60", "idleTimeoutSeconds: 61"));
  expect(changesOf(await plain("preview", "--json")).changes).toMatchObject([{ op: "update", name: "coinestate-stagin-94p8ui" }]);
  writeFileSync(base, text.replace("idleTimeoutSeconds: 60", "idleTimeoutSeconds: 6000"));
  const { exitCode, stdout } = await plain("preview");
  expect(exitCode).not.toBe(0);
  expect(stdout).toMatch(/Pulumi\.staging\.yaml has 1 problem:\s+base\.yaml line \d+ +slipway:loadBalancer\.idleTimeoutSeconds +is 6000/);
  expect(stdout).toContain("pulumi config set --stack staging --config-file base.yaml --path 'slipway:loadBalancer.idleTimeoutSeconds' ");
});
