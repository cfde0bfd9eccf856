/** Regions of a stack by its config: every place that an area of config can put something in. */
import { expect, test } from "vitest";
import { stackRegions } from "../../../infra/stackRegions.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { carriedStores, threeRegions, twoRegions } from "../../harness/failoverStack.ts";

/** Nothing beside the primary region. */
const alone: Edits = {
  "backup.copyRegion": undefined,
  buckets: undefined,
  failover: undefined,
  "notifications.slack": undefined,
  "notifications.sendAllTo": undefined,
};
const documents = { kyc: { purpose: "documents", lock: { mode: "governance", days: 30 } } };
const slack = { workspaceId: "T0123456789", channelId: "C0123456789" };

test.each<[what: string, edits: Edits, regions: readonly string[]]>([
  ["one region", {}, ["us-east-1"]],
  ["Europe, and what CloudFront has in us-east-1", { "aws.region": "eu-west-1" }, ["eu-west-1", "us-east-1"]],
  ["a standby", { ...twoRegions("automatic"), ...carriedStores }, ["eu-west-1", "us-east-1"]],
  ["two standbys", { ...threeRegions, ...carriedStores }, ["ap-southeast-1", "eu-west-1", "us-east-1"]],
  [
    "approvals elsewhere",
    { ...twoRegions("manual_approval"), ...carriedStores, "failover.approval": { region: "us-west-1" } },
    ["eu-west-1", "us-east-1", "us-west-1"],
  ],
  ["a copied bucket", { buckets: { kyc: { ...documents.kyc, replicaRegion: "us-west-2" } } }, ["us-east-1", "us-west-2"]],
  ["Slack", { "notifications.slack": slack }, ["us-east-1", "us-east-2"]],
  ["Slack, and all that is told goes by e-mail", { "notifications.slack": slack, "notifications.sendAllTo": "P2" }, ["us-east-1"]],
])("%s", (_, edits, regions) => {
  const routes = { "notifications.routes": { P2: ["email"] } };
  const { zones } = configOf("staging").network;
  const place = edits["aws.region"] === "eu-west-1" ? { "network.zones": zones.map((zone) => `eu-west-1${zone.at(-1)}`) } : {};
  expect(stackRegions(configOf("staging", { ...alone, ...routes, ...place, ...edits }))).toEqual(regions);
});

test("copies of backups", () => {
  const config = configOf("staging", alone);
  expect(stackRegions({ ...config, backup: { ...config.backup, copyRegion: "us-west-2" } })).toEqual(["us-east-1", "us-west-2"]);
});
