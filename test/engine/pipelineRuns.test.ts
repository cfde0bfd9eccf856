/** Whole runs of `.github/workflows/deploy.yml`, script by script as they stand there, on the real engine and the simulated cloud. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Repository } from "../harness/pipeline/repository.ts";
import { SandboxMachine } from "../harness/pipeline/sandboxMachine.ts";
import { scenarios } from "../harness/pipeline/scenarios.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
let repository: Repository;

beforeAll(async () => {
  await stack.prepare();
  repository = new Repository(new SandboxMachine(stack));
  await repository.start();
});
afterAll(() => {
  repository.remove();
  stack.remove();
});

test.each(scenarios.filter(({ long }) => long !== true))("$title", async ({ run }) => {
  expect(await run(repository)).toMatch(/^live: /);
});
