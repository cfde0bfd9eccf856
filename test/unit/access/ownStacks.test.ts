/** The pipeline's roles of the project's own stacks, as they are and with more: what they may do, and what bounds them. */
import { expect, test } from "vitest";
import { latchName } from "../../../infra/config/latch.ts";
import { accessStack, accessStacks, account } from "../../harness/accessStacks.ts";
import { exampleStacks } from "../../harness/config.ts";
import { allows } from "../../harness/iam.ts";
import { providerCalls } from "../../harness/providerCalls.ts";
import { applyLaws } from "./applyLaws.ts";
import { boundaryLaws } from "./boundaryLaws.ts";
import { readLaws } from "./readLaws.ts";

// Each stack is declared once for all that is asked of it, in the file that asks.
const own = Object.keys(accessStacks).filter((name) => !name.includes("/"));
boundaryLaws(own);
applyLaws(own);
readLaws(own);

test.each(["preview", "plan", "drift"] as const)("the %s role of a stack is told its latches", async (role) => {
  const { config, roles } = await accessStack("production with one of each");
  const resource = `arn:aws:ssm:${config.aws.region}:${account}:parameter${latchName(config, "api")}`;
  expect(allows(roles[role], { action: "ssm:GetParametersByPath", resource })).toBe(true);
});

test("every row belongs to a type that one of the stacks has", async () => {
  let without = Object.keys(providerCalls);
  // The largest of the examples has what the own stacks lack; the others are declared only for a row that is in none of these.
  for (const name of [...own, "coinestate/production", ...exampleStacks]) {
    if (without.length === 0) break;
    const types = new Set((await accessStack(name)).resources.map(({ type }) => type));
    without = without.filter((type) => !types.has(type));
  }
  expect(without).toEqual([]);
}, 120_000);
