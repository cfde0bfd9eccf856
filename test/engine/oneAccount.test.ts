/** Two stacks in one account, each made, changed and taken away beside the other. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { configOf } from "../harness/config.ts";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

/** Production without what only it has: what both have is what they could share. */
const production = new StackUnderTest("production", {
  ...unprotected,
  ...onlyApi,
  edge: undefined,
  failover: undefined,
  databases: undefined,
  buckets: undefined,
  backup: undefined,
  "services.api.connects": undefined,
  "loadBalancer.allowFrom": ["0.0.0.0/0"],
});

/** Files of a folder by name, byte for byte. */
function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(
      ({ parentPath, name }) => [relative(folder, join(parentPath, name)), readFileSync(join(parentPath, name), "utf8")] as const,
    ),
  );
}

describe("staging and production in one account", () => {
  const staging = new StackUnderTest("staging", { ...unwatched, ...onlyApi });
  const candidateWeight = ["config", "slipway:services", "api", "release", "candidateWeight"];
  const productionFile = join(staging.folder, "Pulumi.production.yaml");
  const cloud = () => filesIn(join(staging.folder, ".slipway", "live"));

  async function inProduction(command: "up" | "destroy"): Promise<void> {
    const { exitCode, stdout, stderr } = await staging.slipway(
      ...[command, "--stack", "production", "--yes", "--skip-preview", "--non-interactive"],
    );
    expect(exitCode, stdout + stderr).toBe(0);
  }

  /** What is there of the names that were there at a time. */
  const stillThere = (then: ReadonlyMap<string, string>, now = cloud()) =>
    new Map([...then.keys()].flatMap((name) => (now.has(name) ? [[name, now.get(name)] as const] : [])));

  beforeAll(async () => {
    cpSync(production.file, productionFile);
    await staging.prepare();
  });
  afterAll(() => {
    staging.remove();
    production.remove();
  });

  test("A4 production is made, changed and taken away beside staging, which stays as it is", async () => {
    expect(configOf("staging").aws.accountId).toBe(configOf("production").aws.accountId);
    const ofStaging = cloud();
    expect(ofStaging.size).toBeGreaterThan(50);
    await staging.slipway("sandbox", "images", "push", "--stack", "production");
    await staging.slipway("sandbox", "secrets", "set", "--stack", "production");
    const byHand = [...cloud().keys()].filter((name) => !ofStaging.has(name) && !name.includes("ecr.Image"));

    await inProduction("up");
    expect(stillThere(ofStaging)).toEqual(ofStaging);
    const document = parseDocument(readFileSync(productionFile, "utf8"));
    document.setIn(candidateWeight, 5);
    writeFileSync(productionFile, document.toString({ lineWidth: 0 }));
    const made = cloud();
    await inProduction("up");
    expect(stillThere(ofStaging)).toEqual(ofStaging);
    expect([...cloud()].filter(([name, text]) => made.get(name) !== text).map(([name]) => name)).toEqual([
      expect.stringContaining("dynamodb.Item"),
      expect.stringContaining("lb.ListenerRule"),
    ]);

    const ofProduction = new Map([...cloud()].filter(([name]) => !ofStaging.has(name)));
    staging.set({ "services.api.release.candidateWeight": 5 });
    await staging.update();
    expect(stillThere(ofProduction)).toEqual(ofProduction);
    const changed = stillThere(ofStaging);
    expect(changed).not.toEqual(ofStaging);

    await inProduction("destroy");
    expect(stillThere(ofStaging)).toEqual(changed);
    expect([...cloud().keys()].filter((name) => !ofStaging.has(name)).sort()).toEqual(byHand.sort());
  });
});
