/** Regions of a stack by its config: every place that an area of config can put something in. */
import { expect, test } from "vitest";
import { type Placed, stackRegions } from "../../../infra/stackRegions.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { carriedStores, threeRegions, twoRegions } from "../../harness/failoverStack.ts";

/** Staging with nothing beside its primary region but what the edits put there. */
function alone(edits: Edits = {}): Placed {
  const config = configOf("staging", edits);
  return {
    ...config,
    backup: { ...config.backup, copyRegion: undefined },
    buckets: {},
    notifications: { ...config.notifications, slack: undefined, sendAllTo: undefined },
  };
}

const staging = alone();
const slack = { workspaceId: "T0123456789", channelId: "C0123456789" };
const { kyc } = configOf("coinestate/production").buckets;
const manual = twoRegions("manual_approval").failover as Record<string, unknown>;

test.each<[what: string, config: Placed, regions: readonly string[]]>([
  ["one region", staging, ["us-east-1"]],
  [
    "Europe, and what CloudFront has in us-east-1",
    { ...staging, aws: { ...staging.aws, region: "eu-west-1" } },
    ["eu-west-1", "us-east-1"],
  ],
  ["a standby", alone({ ...twoRegions("automatic"), ...carriedStores }), ["eu-west-1", "us-east-1"]],
  ["two standbys", alone({ ...threeRegions, ...carriedStores }), ["ap-southeast-1", "eu-west-1", "us-east-1"]],
  [
    "approvals elsewhere",
    alone({ ...carriedStores, failover: { ...manual, approval: { region: "us-west-1" } } }),
    ["eu-west-1", "us-east-1", "us-west-1"],
  ],
  ["copies of backups", { ...staging, backup: { ...staging.backup, copyRegion: "us-west-2" } }, ["us-east-1", "us-west-2"]],
  [
    "a copied bucket",
    { ...staging, buckets: { kyc: { ...kyc!, replicaRegion: "us-west-2" } as typeof kyc & object } },
    ["us-east-1", "us-west-2"],
  ],
  ["Slack", { ...staging, notifications: { ...staging.notifications, slack } }, ["us-east-1", "us-east-2"]],
  [
    "Slack that is told nothing",
    {
      ...staging,
      notifications: { ...staging.notifications, slack, sendAllTo: "P0", routes: { ...staging.notifications.routes, P0: ["email"] } },
    },
    ["us-east-1"],
  ],
])("%s", (_, config, regions) => {
  expect(stackRegions(config)).toEqual(regions);
});
