/** Two stacks in two accounts that run the images of one registry: built once. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { onlyApi, unprotected, unwatched } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

describe("staging in an account of its own, with the registry of production", () => {
  const [owner, other] = ["123456789012", "210987654321"];
  const image = `sha256:${"c".repeat(64)}`;
  const release = { live: "blue", blue: { image } };
  const staging = new StackUnderTest("staging", {
    ...{ ...unwatched, ...onlyApi, "aws.accountId": other, "registry.repositories": undefined, "registry.from": { accountId: owner } },
    ...{ "services.api.repository": "coinestate-api", "services.api.release": release },
  });
  const owning = new StackUnderTest("production", {
    ...{ ...unprotected, ...onlyApi, "services.api.release": release, "services.api.connects": undefined },
    ...{ edge: undefined, failover: undefined, databases: undefined, buckets: undefined, backup: undefined },
    "loadBalancer.allowFrom": ["0.0.0.0/0"],
  });
  const inProduction = async () => {
    cpSync(owning.file, join(staging.folder, "Pulumi.production.yaml"));
    await staging.slipway("sandbox", "images", "push", "--stack", "production");
    await staging.slipway("sandbox", "secrets", "set", "--stack", "production");
    const made = await staging.slipway("up", "--stack", "production", "--yes", "--skip-preview", "--non-interactive");
    expect(made.exitCode, made.stdout + made.stderr).toBe(0);
  };
  afterAll(() => {
    staging.remove();
    owning.remove();
  });

  test("A4 staging in an account of its own waits until production lets it pull, and runs the same digest", async () => {
    await inProduction();
    const refused = await staging.up();
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout + refused.stderr).toContain(`pulumi config set --path 'slipway:registry.pullAccounts[0]' ${other}`);
    owning.set({ "registry.pullAccounts": [other] });
    await inProduction();
    const allowed = await staging.up();
    expect(allowed.exitCode, allowed.stdout + allowed.stderr).toBe(0);
    const revisions = staging.live("aws:ecs/taskDefinition:TaskDefinition");
    const uri = `${owner}.dkr.ecr.us-east-1.amazonaws.com/coinestate-api@${image}`;
    expect(revisions.map(({ scope, properties }) => [scope.split("/")[0], String(properties.containerDefinitions).includes(uri)])).toEqual(
      expect.arrayContaining([
        [owner, true],
        [other, true],
      ]),
    );
    const repositories = staging.live("aws:ecr/repository:Repository");
    expect(repositories.map(({ id, scope }) => [id, scope])).toEqual([["coinestate-api", `${owner}/us-east-1`]]);
  });
});
