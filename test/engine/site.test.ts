/** Sites, secrets, pipeline roles and a budget on the real engine: made once, then nothing to do, then gone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configOf } from "../harness/config.ts";
import { oneOfEach } from "../harness/platform.ts";
import { onlyApi, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

describe("a stack with one of each", () => {
  const stack = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  beforeAll(async () => {
    // The entry of Secrets Manager is not read: it would need its value between two updates.
    stack.set({ ...oneOfEach(configOf("staging")), "services.api.secrets": undefined });
    await stack.prepare();
  });
  afterAll(() => stack.remove());

  test("is made", () => {
    const distributions = stack.live("aws:cloudfront/distribution:Distribution");
    expect(distributions).toHaveLength(3);
    for (const { properties } of distributions) expect(String(properties.domainName)).toMatch(/^d[0-9a-f]{13}\.cloudfront\.net$/);
  });

  test("has nothing left to do", async () => {
    const { changes, unchanged, total } = await stack.update();
    expect([changes, unchanged]).toEqual([[], total]);
  });

  test("another release of a site is one update of one property, and going back is another", async () => {
    stack.set({ "sites.app.release": "2026-11-21.2" });
    const { changes } = await stack.preview();
    expect(changes.map(({ urn, op }) => [urn.split("::").slice(2).join(" "), op])).toEqual([
      [
        "slipway:environment:Environment$slipway:staticSite:StaticSite$aws:cloudfront/distribution:Distribution coinestate-staging-site-app",
        "update",
      ],
    ]);
    stack.set({ "sites.app.release": "2026-11-21.1" });
    expect((await stack.preview()).changes).toEqual([]);
  });

  test("the backup of an external host takes over by one record", async () => {
    stack.set({ "sites.docs.origin.serve": "backup" });
    const { changes } = await stack.preview();
    expect(changes.map(({ urn, op }) => [urn.split("::").at(-1), op])).toEqual([
      ["coinestate-staging-edge-records-docs.coinestate.io", "update"],
    ]);
    stack.set({ "sites.docs.origin.serve": "primary" });
  });

  test("is destroyed without a trace", async () => {
    const { exitCode, stdout, stderr } = await stack.destroy();
    expect(exitCode, stdout.slice(-4000) + stderr).toBe(0);
    expect(stack.live().map(({ type, id }) => `${type} ${id}`)).toEqual([]);
  });
});
