/** The three regions of CoinEstate, as its stack really has them. */
import { beforeAll, expect, test } from "vitest";
import { regionRoles } from "../../../components/environment/contract/failover.ts";
import { configOf } from "../../harness/config.ts";
import { WatchedStack } from "../../harness/watchedStack.ts";

const config = configOf("coinestate/production");
let stack: WatchedStack;
beforeAll(async () => {
  stack = await WatchedStack.of("coinestate/production");
});

test("us-east-1 fails over by itself, eu-west-1 after an approval, ap-southeast-1 is the last", () => {
  expect(regionRoles(config).map(({ role, region, policy }) => [role, region, policy])).toEqual([
    ["primary", "us-east-1", "automatic"],
    ["secondary", "eu-west-1", "manual_approval"],
    ["tertiary", "ap-southeast-1", "automatic"],
  ]);
});

test("each region is asked under a name of its own, and is down at the fourth failure in a row", () => {
  const probes = stack.resources.filter(
    ({ type, urn, inputs }) => type === "aws:route53/healthCheck:HealthCheck" && urn.includes(":RegionProbe$") && inputs.type === "HTTPS",
  );
  const asked = probes.map(({ inputs }) => [
    inputs.fqdn,
    (inputs.resourcePath as { value?: string }).value?.split("?")[0],
    inputs.failureThreshold,
  ]);
  expect([...new Set(asked.map((check) => JSON.stringify(check)))].sort()).toEqual(
    ["eu-api.coinestate.io", "origin-apse1.coinestate.io", "origin-use1.coinestate.io"].map((host) =>
      JSON.stringify([host, "/v1/health", 4]),
    ),
  );
});

test("the name that fails over is Route 53's, below a zone at Cloudflare that leads users to it", () => {
  const failing = stack.resources.filter(
    ({ type, inputs }) => type === "aws:route53/record:Record" && inputs.failoverRoutingPolicies !== undefined,
  );
  expect([...new Set(failing.map(({ inputs }) => inputs.name))].sort()).toEqual([
    "failover.coinestate.io",
    "standby.failover.coinestate.io",
  ]);
  const records = stack.resources
    .filter(({ type }) => type.startsWith("cloudflare:") && type.endsWith("Record"))
    .map(({ inputs }) => inputs);
  expect(records.find(({ name, type }) => name === "api.coinestate.io" && type === "CNAME")?.content).toBe("failover.coinestate.io");
  expect(records.filter(({ name, type }) => name === "failover.coinestate.io" && type === "NS")).toHaveLength(4);
});

test("a command that an alarm tells names the stack", () => {
  const told = stack.resources.flatMap(({ inputs }) => String(inputs.alarmDescription ?? "").match(/slipway (?:[a-z]+ )+[^\n]*/g) ?? []);
  expect(told.length).toBeGreaterThan(2);
  expect(told.filter((command) => !command.includes(" --stack production "))).toEqual([]);
});
