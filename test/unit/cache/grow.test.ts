/** Larger nodes for a cache at once, on simulated ElastiCache: which type, once, with what else waits, and killed before and after it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namedTypes, physicalNames } from "../../../infra/config/physicalNames.ts";
import { Aws } from "../../../ops/aws/aws.ts";
import { type GrowFlags, growNodes } from "../../../ops/cache/grow.ts";
import { nextLarger } from "../../../ops/cache/nodeTypes.ts";
import { type Call, simulatedAws } from "../../../sandbox/aws/simulated.ts";
import { pendingNodes } from "../../../sandbox/cloud/aws/pendingChanges.ts";
import { LiveStore } from "../../../sandbox/cloud/liveStore.ts";
import { configOf } from "../../harness/config.ts";
import { dataStores } from "../../harness/dataStack.ts";
import { account } from "../../harness/stubbedAws.ts";

const config = configOf("staging", { caches: dataStores.caches });
const [cache = ""] = Object.keys(config.caches);
const small = config.caches[cache]!.nodeType;
const row = physicalNames(config).find(({ type, of }) => type === namedTypes.cache && of === `caches.${cache}`)!;
const id = row.name.replace(/\*$/, "03a6c4b");
const scope = `${account}/us-east-1`;

let folder = "";
let store: LiveStore;
let lines: string[] = [];
let calls: Call[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  store = new LiveStore(folder);
  [lines, calls] = [[], []];
  const properties = { status: "available", nodeType: small, memberClusters: [`${id}-001`], automaticFailoverEnabled: false };
  store.put({ type: namedTypes.cache, id, scope, properties, createdFor: "" });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nodeType = () => store.get(namedTypes.cache, id, scope)!.properties.nodeType;
const write = (type: string, properties: Readonly<Record<string, string>>) =>
  store.put({
    type,
    id,
    scope,
    properties: { ...(type === namedTypes.cache && store.get(type, id, scope)!.properties), ...properties },
    createdFor: "",
  });

/** @param fails the call that the machine dies at, and whether AWS has taken it */
function grow(more: Partial<GrowFlags> = {}, wanted = small, fails?: { readonly after: boolean }) {
  const answer = simulatedAws(store, account);
  const cloud = async (call: Call) => {
    calls.push(call);
    const dies = fails !== undefined && call.operation === "ModifyReplicationGroup";
    if (dies && !fails.after) throw new Error("killed");
    const answered = await answer(call);
    if (dies) throw new Error("killed");
    return answered;
  };
  const aws = new Aws({ account, region: "us-east-1", cloud: "the simulated cloud", answer: cloud });
  const there = { ...config, caches: { ...config.caches, [cache]: { ...config.caches[cache]!, nodeType: wanted } } };
  return growNodes(aws, there, { cache, ...more }, "no memory is left", (line) => lines.push(line));
}

describe("a cache without memory", () => {
  test("gets the next larger type at once, and no further by the same command before config has followed", async () => {
    expect(await grow({ dryRun: true })).toBe("cache.t4g.medium");
    expect([nodeType(), lines[0]]).toEqual([
      small,
      expect.stringMatching(/^Would grow .*connections break for some seconds.*Nothing was changed\.$/),
    ]);
    expect(await grow()).toBe("cache.t4g.medium");
    expect(await grow()).toBe("cache.t4g.medium");
    expect([nodeType(), lines.at(-1)]).toEqual(["cache.t4g.medium", expect.stringContaining("has cache.t4g.medium already, more than")]);
    expect(calls.filter(({ operation }) => operation === "ModifyReplicationGroup")).toHaveLength(1);
    // Config has followed: what is full again grows again, out of the family where that has nothing larger.
    expect(await grow({}, "cache.t4g.medium")).toBe("cache.m7g.large");
  });

  test("gets what config asks for where that is larger, and what a person says", async () => {
    expect(await grow({}, "cache.r7g.xlarge")).toBe("cache.r7g.xlarge");
    expect(await grow({ nodeType: "cache.r7g.2xlarge" })).toBe("cache.r7g.2xlarge");
    expect(await grow({ nodeType: "cache.r7g.2xlarge" })).toBe("cache.r7g.2xlarge");
    await expect(grow({ nodeType: "cache.t4g.small" })).rejects.toThrow(
      /scales it up to no cache.t4g.small.*Allowed as --node-type: cache.r7g.4xlarge/,
    );
    expect(nodeType()).toBe("cache.r7g.2xlarge");
  });

  test("beside what else waits is left as it is, since ElastiCache does all of it; and not when told so", async () => {
    write(pendingNodes, { engineVersion: "8.1", nodeType: "cache.t4g.medium" });
    await expect(grow()).rejects.toThrow(/more than the node type:\n {2}\S+-001: EngineVersion → "8.1"[\s\S]*--with-pending$/);
    expect(nodeType()).toBe(small);
    await grow({ withPending: true });
    expect([nodeType(), lines[0]]).toEqual(["cache.t4g.medium", expect.stringMatching(/^Done with it: .*EngineVersion/)]);
  });

  test("is left alone while it is changed, and where there is none it is said", async () => {
    write(namedTypes.cache, { status: "modifying" });
    await expect(grow()).rejects.toThrow(/is modifying, not available: nothing was changed/);
    store.delete(store.get(namedTypes.cache, id, scope)!);
    await expect(grow()).rejects.toThrow(`us-east-1 has no cache ${cache}`);
  });

  test.each([{ after: false }, { after: true }])(
    "killed at the call ($after: AWS has taken it) ends by the same command the same",
    async (fails) => {
      await expect(grow({}, small, fails)).rejects.toThrow("killed");
      expect(await grow()).toBe("cache.t4g.medium");
      expect(nodeType()).toBe("cache.t4g.medium");
    },
  );
});

test.each([
  ["cache.t4g.micro", ["cache.m7g.large", "cache.t4g.medium", "cache.t4g.small"], "cache.t4g.small"],
  ["cache.r7g.large", ["cache.r7g.12xlarge", "cache.r7g.2xlarge", "cache.r7g.xlarge"], "cache.r7g.xlarge"],
  ["cache.r7g.xlarge", ["cache.r7g.12xlarge", "cache.r7g.2xlarge"], "cache.r7g.2xlarge"],
  ["cache.t3.medium", ["cache.m6g.large", "cache.m7g.xlarge", "cache.m7g.large", "cache.r7g.large"], "cache.m7g.large"],
  ["cache.r7g.16xlarge", [], undefined],
  ["cache.t4g.medium", ["cache.c7gn.large"], undefined],
])("after %s of %j comes %s", (has, larger, next) => {
  expect(nextLarger(has, larger)).toBe(next);
});
