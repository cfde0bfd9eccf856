/** The program that prepares an account, on the real engine and the simulated cloud: previewed, applied, applied again. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { appliedChanges, changesOf } from "../../ops/engine/changes.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject } from "../../ops/project/project.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";

const source = join(import.meta.dirname, "..", "..", "bootstrap");
const folder = mkdtempSync(join(tmpdir(), "slipway-bootstrap-"));
let session: Session;

beforeAll(() => {
  for (const file of ["Pulumi.yaml", "Pulumi.account.yaml"]) cpSync(join(source, file), join(folder, file));
  const project = join(folder, "Pulumi.yaml");
  writeFileSync(project, readFileSync(project, "utf8").replace("main: index.ts", `main: ${join(source, "index.ts")}`));
  const found = findProject(folder);
  session = new Session({
    ...{ project: found, stack: "account", stackFile: join(folder, "Pulumi.account.yaml"), account: "123456789012" },
    ...{ backend: sandboxOf(found), progress: () => {} },
  });
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

test("an account is prepared, and prepared again without a change", async () => {
  const planned = changesOf(await session.capture(["preview", "--json"]));
  expect(new Set(planned.changes.map(({ op }) => op))).toEqual(new Set(["create"]));
  const first = await session.capture(["up", "--yes", "--skip-preview", "--json"]);
  expect([first.exitCode, first.stderr]).toEqual([0, expect.not.stringContaining("error")]);
  expect(appliedChanges(first.stdout).changes).toHaveLength(planned.changes.length);
  const live = openLiveStore(join(folder, ".slipway"));
  const buckets = live.all("aws:s3/bucket:Bucket").map(({ id, scope }) => [id, scope]);
  expect(buckets.sort()).toEqual([
    ["coinestate-pulumi-state", "123456789012/us-east-1"],
    ["coinestate-pulumi-state-us-west-2", "123456789012/us-west-2"],
  ]);
  expect(live.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider")).toHaveLength(1);
  const second = await session.capture(["up", "--yes", "--skip-preview", "--json"]);
  expect(appliedChanges(second.stdout)).toMatchObject({ changes: [], unchanged: planned.changes.length });
});

test("what it holds is not deleted by mistake", async () => {
  const { exitCode, stdout, stderr } = await session.capture(["destroy", "--yes", "--skip-preview"]);
  expect(exitCode).not.toBe(0);
  expect(stdout + stderr).toMatch(/protect/);
  expect(openLiveStore(join(folder, ".slipway")).all("aws:s3/bucket:Bucket")).toHaveLength(2);
});
