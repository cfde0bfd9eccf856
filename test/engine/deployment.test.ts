/** Deployments that fail, on the real engine: what the next update makes of them. */
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { deploymentOf, runningTasks } from "../../sandbox/cloud/aws/tasks.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const image = "services.api.release.green.image";
const [absent, dying] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi, [image]: undefined });

/** What green runs: digest, running tasks and wanted ones. */
function green(): { readonly digest: string; readonly running: number; readonly desired: number; readonly rollout: string } {
  const store = openLiveStore(`${stack.folder}/.slipway`);
  const service = store.all("aws:ecs/service:Service").find(({ createdFor }) => createdFor.endsWith("-api-green"))!;
  const { revision, rollout } = deploymentOf(store, service);
  const { properties } = store.all("aws:ecs/taskDefinition:TaskDefinition").find(({ properties: { arn } }) => arn === revision)!;
  const digest = /sha256:[0-9a-f]{64}/.exec(String(properties.containerDefinitions))?.[0] ?? "";
  return { digest, running: runningTasks(store, service), desired: Number(service.properties.desiredCount), rollout };
}

const set = (digest: string, fate: string) => stack.slipway("sandbox", "images", "set", digest, fate);
const said = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr;

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());

describe("an image that nobody pushed", () => {
  test("fails the update, in ECS's words, and no task runs", async () => {
    stack.set({ [image]: absent });
    stack.imagesArePushed = false;
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(said(failed)).toMatch(
      /ECS deployment circuit breaker: tasks failed to start\. CannotPullContainerError: .*coinestate-staging-api@sha256:aaaa/,
    );
    expect(green()).toEqual({ digest: absent, running: 0, desired: 1, rollout: "FAILED" });
  });

  it("A1 pushed afterwards, it runs after the next up, or that fails", async () => {
    stack.imagesArePushed = true;
    const { exitCode } = await stack.slipway("pulumi", "--stack", "staging", "up", "--yes", "--skip-preview", "--non-interactive");
    expect({ exitCode, ...green() }).toEqual({ exitCode: 0, digest: absent, running: 1, desired: 1, rollout: "COMPLETED" });
  });
});

test("an update after the repeated deployment changes nothing", async () => {
  const { changes } = await stack.update();
  expect(changes).toEqual([]);
});

test("a preview tells of a colour whose tasks have died since, and an update that mends nothing fails", async () => {
  await set(absent, "dies");
  const preview = await stack.slipway("preview", "--stack", "staging", "--non-interactive");
  expect(preview.exitCode, said(preview)).toBe(0);
  expect(said(preview)).toContain("coinestate-staging-use1-api-green is deployed again: 0 of 1 tasks of ");
  expect((await stack.up()).exitCode).not.toBe(0);
  await set(absent, "runs");
  expect((await stack.up()).exitCode).toBe(0);
});

test("a release whose tasks reach no registry fails, and is deployed once there is a way out again", async () => {
  const routes = stack.live("aws:ec2/route:Route").filter(({ properties }) => typeof properties.natGatewayId === "string");
  expect(routes).not.toEqual([]);
  for (const { id } of routes) stack.forget(id);
  stack.set({ [image]: `sha256:${"c".repeat(64)}` });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(said(failed)).toContain("ResourceInitializationError: unable to pull secrets or registry auth");
  for (const route of routes) stack.edit(route, () => undefined);
  const { exitCode } = await stack.up();
  expect({ exitCode, running: green().running, rollout: green().rollout }).toEqual({ exitCode: 0, running: 1, rollout: "COMPLETED" });
});

describe("a release whose tasks die", () => {
  it("A2 each up of it fails while they die, and deploys it once they do not", async () => {
    stack.set({ [image]: dying });
    stack.push();
    await set(dying, "dies");
    const codes = [(await stack.up()).exitCode, (await stack.up()).exitCode];
    expect(codes.map((code) => code !== 0)).toEqual([true, true]);
    expect(green().digest).not.toBe(dying);
    await set(dying, "runs");
    const { exitCode } = await stack.up();
    expect({ exitCode, ...green() }).toEqual({ exitCode: 0, digest: dying, running: 1, desired: 1, rollout: "COMPLETED" });
  });
});
