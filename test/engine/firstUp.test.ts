/** The first update on an account that has no images: what tasks stand on, then images, then tasks. */
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { configuredImages } from "../../infra/config/configuredImages.ts";
import { resolvedConfig } from "../../ops/config/show.ts";
import { imageType, pushImage, tagsOf } from "../../sandbox/cloud/aws/images.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { twoRegions } from "../harness/failoverStack.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";
import { expiredImages } from "../model/lifecycle.ts";

const service = "aws:ecs/service:Service";
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

describe("an account without images", () => {
  const stack = new StackUnderTest("bench/production", { ...unprotected, ...onlyApi });
  stack.imagesArePushed = false;
  afterAll(() => stack.remove());
  const plainUp = () => stack.slipway("pulumi", "--stack", stack.stack, "up", "--yes", "--skip-preview", "--non-interactive");

  test("A1 the first update makes what tasks stand on, and fails with the commands that push", async () => {
    const preview = await stack.slipway("preview", "--stack", stack.stack, "--non-interactive");
    expect(preview.stdout + preview.stderr).toContain(`docker push ${registry}/coinestate-api:<tag>`);
    expect(preview.exitCode).toBe(0);
    const first = await stack.up();
    expect(first.stdout + first.stderr).toContain(`docker push ${registry}/coinestate-api:<tag>`);
    expect(first.exitCode).toBe(1);
    expect(stack.live("aws:ecr/repository:Repository")).toHaveLength(1);
    expect(stack.live("aws:lb/listener:Listener")).not.toEqual([]);
    expect(stack.live(service)).toEqual([]);
  });

  test("A1 plain pulumi does the same, and both run tasks once the images are there", async () => {
    const made = stack.live().length;
    const plain = await plainUp();
    expect(plain.stdout + plain.stderr).toContain(`docker push ${registry}/coinestate-api:<tag>`);
    expect(plain.stdout + plain.stderr).toContain(`slipway sandbox images push --stack ${stack.stack}`);
    expect(plain.exitCode).not.toBe(0);
    expect(stack.live()).toHaveLength(made);
    stack.push();
    const second = await stack.up();
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(stack.live(service)).toHaveLength(2);
  });

  test("A9 a deployed image stays, whatever is pushed after it", () => {
    stack.push();
    const [policy] = stack.live("aws:ecr/lifecyclePolicy:LifecyclePolicy");
    const deployed = stack.live(imageType).map((image) => ({ digest: String(image.properties.imageDigest), tags: tagsOf(image), age: 90 }));
    expect(deployed).toHaveLength(2);
    const later = Array.from({ length: 1000 }, (_, index) => ({
      digest: `sha256:${index}`,
      tags: [`build-${index}`],
      age: 1 + index / 100,
    }));
    const expired = expiredImages(String(policy?.properties.policy), [...deployed, ...later]);
    expect(expired).toContain("sha256:999");
    expect(expired.filter((digest) => deployed.some((image) => image.digest === digest))).toEqual([]);
  });

  test("A1 a service that is new does not take those that run with it", async () => {
    const before = new Set(stack.live().map(({ type, id }) => `${type} ${id}`));
    const route = { priority: 300, hosts: ["api.coinestate.io"], paths: ["/worker/*"] };
    const release = { live: "blue", blue: { image: `sha256:${"b".repeat(64)}` } };
    const worker = { repository: "coinestate-api", port: 3000, scaling: { minimum: 1, maximum: 2 }, healthCheck: { path: "/health" } };
    stack.set({ "services.worker": { ...worker, route, release } });
    const refused = await plainUp();
    expect(refused.stdout + refused.stderr).toContain(`worker: sha256:${"b".repeat(64)}`);
    expect(refused.exitCode).not.toBe(0);
    const now = new Set(stack.live().map(({ type, id }) => `${type} ${id}`));
    expect([...before].filter((object) => !now.has(object))).toEqual([]);
    const outputs = await stack.slipway("pulumi", "--stack", stack.stack, "stack", "output", "release", "--json");
    expect(outputs.stdout).toContain('"api"');
    stack.push();
    const again = await plainUp();
    expect(again.exitCode, again.stdout + again.stderr).toBe(0);
    expect(stack.live(service)).toHaveLength(3);
  });
});

describe("an account without values of secrets", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  stack.secretsAreSet = false;
  afterAll(() => stack.remove());

  it("other systems 5.10 the first update makes what tasks stand on, and asks for the secrets that they read", async () => {
    const first = await stack.up();
    const said = first.stdout + first.stderr;
    expect(said).toContain("slipway secrets set --stack staging /coinestate/staging/jwt/secret");
    expect(first.exitCode).toBe(1);
    expect(stack.live("aws:lb/listener:Listener")).not.toEqual([]);
    expect(stack.live(service)).toEqual([]);
  });

  test("once they are set, it runs tasks", async () => {
    stack.setSecrets();
    const second = await stack.up();
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(stack.live(service)).not.toEqual([]);
  });
});

describe("a stack with a standby region, on an account without images", () => {
  const stack = new StackUnderTest("bench/production", { ...unprotected, ...onlyApi, ...twoRegions("automatic") });
  stack.imagesArePushed = false;
  afterAll(() => stack.remove());

  test("A5 the first update makes the ground of both regions; one push and the same update again run tasks in both", async () => {
    const first = await stack.up();
    expect(first.exitCode).toBe(1);
    expect(first.stdout + first.stderr).toContain(`docker push ${registry}/coinestate-api:<tag>`);
    expect(stack.live("aws:ecr/repository:Repository")).toHaveLength(2);
    expect(stack.live(service)).toEqual([]);
    const store = openLiveStore(join(stack.folder, ".slipway"));
    for (const image of configuredImages(resolvedConfig(stack.file)))
      pushImage(store, { account: "123456789012", region: "us-east-1" }, image);
    const second = await stack.up();
    expect(second.stderr).toContain("is being copied to eu-west-1; waiting for it");
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(stack.live(service)).toHaveLength(4);
  });
});

describe("a database whose application user nobody made", () => {
  const stack = new StackUnderTest("production", {
    ...{ ...unprotected, ...onlyApi, edge: undefined, failover: undefined, backup: undefined, buckets: undefined },
    ...{ "services.api.connects": { databases: ["main"] }, "loadBalancer.allowFrom": ["0.0.0.0/0"] },
  });
  stack.imagesArePushed = false;
  stack.usersAreMade = false;
  afterAll(() => stack.remove());
  const init = () => stack.slipway("database", "init", "--stack", stack.stack);

  it("A3 the first update names the command that makes it, and services start once it ran", async () => {
    const first = await stack.up();
    expect(first.exitCode, first.stdout + first.stderr).toBe(1);
    expect(first.stdout + first.stderr).toContain("slipway database init --stack production");
    const made = await init();
    expect(made.exitCode, made.stdout + made.stderr).toBe(0);
    stack.push();
    const second = await stack.up();
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(stack.live(service)).toHaveLength(2);
  });
});
