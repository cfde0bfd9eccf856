/** `slipway destroy` asks the state as well: what protects a resource may be a default of the project, which config does not show. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { refuseProtected } from "../../ops/engine/protection.ts";
import { slipway } from "../harness/host/commandProcess.ts";

const root = join(import.meta.dirname, "..", "..");
const balancer = {
  urn: "urn:pulumi:staging::slipway::aws:lb/loadBalancer:LoadBalancer::use1-alb",
  type: "aws:lb/loadBalancer:LoadBalancer",
};
const rule = { urn: "urn:pulumi:staging::slipway::aws:lb/listenerRule:ListenerRule::use1-api", type: "aws:lb/listenerRule:ListenerRule" };

test("a state that protects one resource keeps everything", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-protected-"));
  const state = join(folder, ".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  for (const file of ["Pulumi.staging.yaml", "base.yaml"]) copyFileSync(join(root, file), join(folder, file));
  mkdirSync(dirname(state), { recursive: true });
  writeFileSync(state, JSON.stringify({ version: 3, checkpoint: { latest: { resources: [rule, { ...balancer, protect: true }] } } }));
  try {
    const args = ["destroy", "--stack", "staging", "--yes", "--skip-preview", "--non-interactive"];
    const { exitCode, stderr } = await slipway(args, folder);
    expect(stderr).toContain("staging is protected: its state protects 1 resource, use1-alb. Nothing was deleted.");
    expect(stderr).toContain("pulumi config set --stack staging --path 'slipway:protect' false");
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, ".slipway", "stacks"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("who names what is to go, or leaves out what is protected, knows it", () => {
  const state = { resources: [rule, { ...balancer, protect: true }], pendingOperations: [] };
  for (const flags of [["--target", rule.urn], ["-t", rule.urn], [`--target=${rule.urn}`], ["--exclude-protected"]])
    expect(() => refuseProtected(state, "staging", flags)).not.toThrow();
  expect(() => refuseProtected({ resources: [rule, balancer], pendingOperations: [] }, "staging", ["--yes"])).not.toThrow();
});
