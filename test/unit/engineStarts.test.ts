/**
 * How often a command starts the engine. Each start brings providers of hundreds of megabytes with it, so every number is a law: what
 * a command has to know beforehand is read from the state, or asked of the cloud itself.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { engineCommand, openSession } from "../../ops/engine/commands.ts";
import { readState } from "../../ops/engine/state.ts";
import { namedStack } from "../../ops/project/stack.ts";
import { reviewStack } from "../../ops/review/preview.ts";
import { openLiveStore } from "../../sandbox/sandbox.ts";
import { besideProject, inNotedProject, inProject, leave, live, own, preview, rule, staging, starts, up } from "../harness/notedEngine.ts";

inNotedProject();

test("a new engine is asked for its version, once", async () => {
  await preview();
  expect(starts()).toEqual(["version", "preview"]);
  await preview();
  expect(starts()).toEqual(["preview"]);
});

test("a stack of the sandbox that is not there yet is made without a start", async () => {
  rmSync(inProject(".slipway"), { recursive: true });
  await preview();
  expect(starts().slice(1)).toEqual(["preview"]);
  const state = readFileSync(inProject(".slipway", "state", ".pulumi", "stacks", "slipway", "staging.json"), "utf8");
  expect(JSON.parse(state)).toEqual({ version: 3, checkpoint: { stack: "organization/slipway/staging" } });
});

test("live is what the state says: one start for each command", async () => {
  await preview();
  starts();
  await preview();
  expect(starts()).toEqual(["preview"]);
  await up();
  expect(starts()).toEqual(["up"]);
  await reviewStack(staging);
  expect(starts()).toEqual(["preview"]);
  await engineCommand("refresh", staging, ["--yes"]);
  expect(starts()).toEqual(["refresh"]);
  await engineCommand("destroy", staging, ["--yes"]);
  expect(starts()).toEqual(["destroy"]);
});

test("who only reads the state starts nothing, not even to learn a version", async () => {
  const session = openSession(namedStack(staging));
  expect((await readState(session)).resources.map(({ urn }) => urn)).toEqual([rule.urn]);
  session.close();
  expect(starts()).toEqual([]);
});

test("the team's state is read where it lies; only what nobody else can read is exported by the engine", async () => {
  await preview();
  starts();
  const team = besideProject("team state");
  leave({ resources: [{ ...rule, type: "aws:s3/bucket:Bucket" }] }, team);
  vi.stubEnv("PULUMI_BACKEND_URL", pathToFileURL(team).href);
  expect((await readState(openSession(namedStack(staging)))).resources).toHaveLength(1);
  await preview();
  expect(starts()).toEqual(["preview"]);
  vi.stubEnv("PULUMI_BACKEND_URL", "gs://team-state");
  await expect(preview()).rejects.toThrow();
  expect(starts()).toEqual(["stack export"]);
});

test("traffic was moved by hand: one more, for the rules alone", async () => {
  await preview();
  starts();
  live(40);
  await preview();
  expect(starts()).toEqual(["refresh", "preview"]);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

test("a rule is gone: one more, which tells the state", async () => {
  await preview();
  starts();
  const store = openLiveStore(inProject(".slipway"));
  for (const object of store.all(rule.type)) store.delete(object);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

test("the last update did not finish: one more, for what it left half done", async () => {
  await preview();
  starts();
  leave({ resources: [own], pending_operations: [{ type: "updating", resource: own }] });
  await preview();
  expect(starts()).toEqual(["refresh", "preview"]);
  await up();
  expect(starts()).toEqual(["refresh", "up"]);
});

test("secrets of the stack file cost no start", async () => {
  await preview();
  starts();
  const file = inProject("Pulumi.staging.yaml");
  const secret = "    pagerDuty: {integrationKey: {secure: AAABAAexampleOfAnEncryptedValue}}";
  writeFileSync(file, readFileSync(file, "utf8").replace(/^( {2}slipway:notifications:.*)$/m, `$1\n${secret}`));
  await preview();
  expect(starts()).toEqual(["preview"]);
});
