/** Two stacks of a system beside each other: in accounts of their own, and in one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StackConfig } from "../../infra/config/stack.ts";
import { aws } from "../../sandbox/cloud/aws/catalogue.ts";
import { Cloud } from "../../sandbox/cloud/cloud.ts";
import { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { configOf, exampleStacks } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-two-stacks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a stack's records in the simulated Route 53, with the credentials of the stack's account. @returns how many */
async function writeRecords(config: StackConfig): Promise<number> {
  const { accountId: account, region } = config.aws;
  const cloud = new Cloud(aws, new LiveStore(folder), new Set([config.dns.zoneId]));
  const records = (await declaredGraph(config)).filter(({ type }) => type === "aws:route53/record:Record");
  for (const { type, urn, checked } of records) cloud.create({ type, urn, inputs: checked, secrets: [] }, { account, region });
  return records.length;
}

const atRoute53 = [...new Set(exampleStacks.map((stack) => stack.split("/")[0] ?? ""))].filter(
  (system) => configOf(`${system}/production`).dns.provider === "route53",
);

test("A6 staging and production write into zones of their own accounts", async () => {
  expect(atRoute53).toEqual(["clearhold", "olympiad"]);
  for (const system of atRoute53)
    for (const stack of ["production", "staging"]) expect(await writeRecords(configOf(`${system}/${stack}`))).toBeGreaterThan(0);
});
