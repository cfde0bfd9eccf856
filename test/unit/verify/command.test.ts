/** The command by itself: what it refuses before anything is asked, and the order of its verdicts. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../ops/userError.ts";
import type { Target } from "../../../ops/verify/target.ts";
import { requireSomethingToVerify, type VerifyFlags, verify } from "../../../ops/verify/verify.ts";
import { configOf, type Edits } from "../../harness/config.ts";

const none: VerifyFlags = { stack: "staging", real: [], connect: [] };

const databases = { main: { engine: "dynamodb", partitionKey: { name: "id" } } };

/** Message of what is thrown; its exit code has to be 2. */
async function refusal(run: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(run)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).exitCode).toBe(2);
  return (error as UserError).message;
}

describe("a target", () => {
  test.each<[string, Target, Edits, string]>([
    ["without an endpoint", "deployment", { uptime: undefined }, "staging has no endpoint to ask"],
    ["whose plans take nothing", "restoration", {}, "staging has no database, and no backup plan takes a store"],
  ])("%s is refused: %s", async (_, target, edits, says) => {
    expect(await refusal(() => requireSomethingToVerify(target, configOf("staging", edits), "staging"))).toContain(says);
  });

  test.each<[Target, Edits]>([
    ["deployment", {}],
    ["rollback", { uptime: undefined, backup: undefined }],
    ["restoration", { uptime: undefined, backup: undefined, databases }],
    ["restoration", { uptime: undefined, buckets: { media: { purpose: "private" } }, "backup.plans.main.stores": { buckets: ["media"] } }],
  ])("%s with its ground is not", (target, edits) => {
    expect(requireSomethingToVerify(target, configOf("staging", edits), "staging")).toBeUndefined();
  });
});

describe("flags", () => {
  test.each<[string, Partial<VerifyFlags>, string]>([
    [
      "a host that nobody asks",
      { connect: ["api.example.com=127.0.0.1:1"] },
      "Asked are: api.staging.coinestate.io, app.staging.coinestate.io.",
    ],
    ["a connection without a port's form", { connect: ["api.staging.coinestate.io"] }, "give <host>=<address:port>"],
    ["no pause between rounds", { every: 0 }, "--every is 0"],
    ["an unknown stack", { stack: "stagin" }, "Did you mean --stack staging?"],
  ])("%s", async (_, flags, says) => {
    expect(await refusal(() => verify("deployment", { ...none, ...flags }))).toContain(says);
  });
});
