/** The address from which a stack calls others: partners let it in, so it stays where it is while zones come and go. */
import { expect, test } from "vitest";
import { declare } from "../../infra/program.ts";
import { natZones } from "../../infra/release/handedOver.ts";
import { networkStories } from "../../ops/review/stories/network.ts";
import type { Story } from "../../ops/review/story.ts";
import { configOf } from "../harness/config.ts";
import { graphOf, wholeName } from "../harness/graph.ts";
import { scarcelyWatched } from "../harness/smallStacks.ts";

const now = new Date("2026-11-21T12:00:00Z");
const three = ["us-east-1b", "us-east-1c", "us-east-1a"];

/** Zones of the addresses of NAT gateways, where the gateways stand as told. */
async function addresses(natGateways: string, stand: Record<string, string>, zones = three): Promise<string[]> {
  const config = configOf("bench/production", { ...scarcelyWatched, "network.zones": zones, "network.natGateways": natGateways });
  const graph = await graphOf(() => declare(config, {}, now, { natZones: stand }));
  return graph.filter(({ type }) => type === "aws:ec2/eip:Eip").map((address) => wholeName(address).slice(-"us-east-1b".length));
}

test("case 15 a single gateway stays in its zone when one that comes before it by name is added", async () => {
  expect(await addresses("single", { "us-east-1": "us-east-1b" })).toEqual(["us-east-1b"]);
});

test("a single gateway stands in the first zone by name where there is none, and where its zone is given up", async () => {
  expect(await addresses("single", {})).toEqual(["us-east-1a"]);
  expect(await addresses("single", { "us-east-1": "us-east-1c" }, ["us-east-1a", "us-east-1b"])).toEqual(["us-east-1a"]);
});

test("where gateways stand is read off the state, by region", () => {
  const gateway = (name: string) => [
    `urn:pulumi:s::p::aws:ec2/natGateway:NatGateway::${name}`,
    { type: "aws:ec2/natGateway:NatGateway", outputs: {} },
  ];
  const names = [
    "shop-prod-use1-network-nat-us-east-1c",
    "shop-prod-use1-network-nat-us-east-1b",
    "shop-prod-apse2-network-nat-ap-southeast-2a",
  ];
  expect(natZones(Object.fromEntries(names.map(gateway)))).toEqual({ "us-east-1": "us-east-1b", "ap-southeast-2": "ap-southeast-2a" });
});

test("a review says that the address changes from which a stack calls others", () => {
  const change = { type: "aws:ec2/eip:Eip", op: "delete", name: "shop-prod-use1-network-nat-us-east-1b" };
  const [story] = networkStories.tell(change as never, [] as never) as Story[];
  expect([story?.risk, JSON.stringify(story)]).toEqual(["outage", expect.stringContaining("the address from which")]);
});
