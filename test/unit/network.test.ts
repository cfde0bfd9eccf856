/** Address plan and shape of the network. */
import { describe, expect, test } from "vitest";
import { contractProblems } from "../../components/contract/accepted.ts";
import { regionCode } from "../../components/environment/regionCode.ts";
import { subnetBlock, tiers } from "../../components/network/addresses.ts";
import { network } from "../../components/network/contract.ts";
import { configOf } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";

const zones = [..."abcdefgh"].map((letter) => `us-east-1${letter}`);

describe("addresses", () => {
  test("of the documented example", () => expect(subnetBlock("10.20.0.0/16", "private", "us-east-1b")).toBe("10.20.72.0/21"));

  test.each([16, 18, 20, 22])("of a /%i are disjoint and inside the VPC", (prefix) => {
    const ranges = tiers
      .flatMap((tier) => zones.map((zone) => range(subnetBlock(`10.64.0.0/${prefix}`, tier, zone))))
      .sort((a, b) => a[0] - b[0]);
    const vpc = range(`10.64.0.0/${prefix}`);
    expect(ranges[0]![0]).toBeGreaterThanOrEqual(vpc[0]);
    expect(ranges.at(-1)![1]).toBeLessThanOrEqual(vpc[1]);
    for (const [index, [first]] of ranges.entries()) if (index > 0) expect(first).toBeGreaterThan(ranges[index - 1]![1]);
  });
});

describe("ways out", () => {
  const gateways = async (natGateways: string) =>
    (await declaredGraph(configOf("bench/production", { "network.natGateways": natGateways })))
      .filter(({ type }) => type === "aws:ec2/natGateway:NatGateway")
      .map(({ name }) => name);
  test("one in each zone", async () =>
    expect(await gateways("perZone")).toEqual([
      "coinestate-prod-use1-network-nat-us-east-1a",
      "coinestate-prod-use1-network-nat-us-east-1b",
      "coinestate-prod-use1-network-nat-us-east-1c",
    ]));
  test("a single one", async () => expect(await gateways("single")).toEqual(["coinestate-prod-use1-network-nat-us-east-1a"]));
  test("none", async () => expect(await gateways("none")).toEqual([]));
});

test("isolated subnets have no way out", async () => {
  const resources = await declaredGraph(configOf("bench/production"));
  const routes = resources.filter(({ type }) => type === "aws:ec2/route:Route").map(({ name }) => name);
  expect(routes.length).toBe(4);
  expect(routes.filter((name) => name.includes("isolated"))).toEqual([]);
});

test("wrong arguments are all named at once", () => {
  const problems = contractProblems(network, {
    region: "us-east-1",
    cidrBlock: "10.0.0.0/8",
    zones: ["eu-west-1a"],
    flowLogs: { retentionDays: 1 },
  });
  expect(problems.map(({ propertyPath }) => propertyPath)).toEqual(["cidrBlock", "zones", "zones[0]"]);
});

test.each([
  ["us-east-1", "use1"],
  ["eu-west-1", "euw1"],
  ["ap-southeast-1", "apse1"],
  ["us-west-2", "usw2"],
  ["eu-central-1", "euc1"],
  ["ap-northeast-3", "apne3"],
  ["us-gov-east-1", "usge1"],
])("the code of %s is %s", (region, code) => expect(regionCode(region)).toBe(code));

function range(block: string): [number, number] {
  const [address = "", bits = "32"] = block.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}
