/** Nothing is backed up twice, and nothing is left without a backup by that. */
import { expect, it, test } from "vitest";
import { recoveryCoverage } from "../../../components/environment/contract/recoveryCoverage.ts";
import { configOf, errorOf, rawConfig } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";

const stack = "olympiad/production";
const status = async (edits = {}) => {
  const graph = await declaredGraph(configOf(stack, edits));
  return graph.filter(({ type }) => type === "aws:efs/backupPolicy:BackupPolicy").map(({ inputs }) => JSON.stringify(inputs.backupPolicy));
};
const noPlan = { "backup.exempt.fileSystems.uploads": "the files are made again from the database" };

it("A31 a file system that a plan takes has no daily backup of EFS beside it", async () => {
  const [files] = recoveryCoverage(configOf(stack)).filter(({ area }) => area === "fileSystems");
  expect(files?.plans).not.toEqual([]);
  expect(await status()).toEqual(['{"status":"DISABLED"}']);
  expect(files?.sources.map(({ what }) => what)).not.toContain("EFS's own daily backup");
  expect(errorOf(rawConfig(stack, { "fileSystems.uploads.dailyBackup": false }), stack)).toBe("");
});

test("one that no plan takes has it, and needs it where the stack is protected", async () => {
  expect(await status(noPlan)).toEqual(['{"status":"ENABLED"}']);
  expect(errorOf(rawConfig(stack, { ...noPlan, "fileSystems.uploads.dailyBackup": false }), stack)).toContain("false in a protected stack");
});
