/** What is asked from outside, and from inside: hosts, paths, texts and figures as the systems' guides have them, and who is told. */
import { describe, expect, test } from "vitest";
import { configOf } from "../../harness/config.ts";
import { WatchedStack } from "../../harness/watchedStack.ts";

type Check = readonly [host: string, path: string, failures: number, search: string | undefined];

const asked: Readonly<Record<string, readonly Check[]>> = {
  "clearhold/production": [["api.clearhold.app", "/health/ready", 3, undefined]],
  "coinestate/production": [
    ["api.coinestate.io", "/v1/health", 4, undefined],
    ["app.coinestate.io", "/health", 4, undefined],
    ["www.coinestate.io", "/", 4, undefined],
  ],
  "olympiad/production": [
    ["api.olympiad.example", "/api/health", 3, '"status":"ok"'],
    ["olympiad.example", "/", 3, undefined],
  ],
  "smartduka/production": [
    ["api.smartduka.com", "/health", 3, undefined],
    ["smartduka.com", "/", 3, undefined],
  ],
  // The beginning of the text: a part of it that is well must not count for the whole.
  "deedpro/production": [
    ["api.deedpro.example", "/health", 3, '{"status":"healthy"'],
    ["deedpro.example", "/", 3, undefined],
  ],
};

describe.each(Object.entries(asked))("%s", (name, expected) => {
  test("asks its public names from outside, every 30 seconds, and tells somebody", async () => {
    const stack = await WatchedStack.of(name);
    const checks = stack.resources.filter(({ type, urn }) => type === "aws:route53/healthCheck:HealthCheck" && urn.includes(":Uptime$"));
    const found = checks.map(({ inputs }) => [inputs.fqdn, inputs.resourcePath, inputs.failureThreshold, inputs.searchString]);
    expect(found.sort()).toEqual([...expected].map((check) => [...check]).sort());
    expect(checks.every(({ inputs }) => inputs.requestInterval === 30)).toBe(true);
    const alarms = stack.metricAlarms.filter(({ resource }) => resource.inputs.metricName === "HealthCheckStatus");
    expect(checks.filter(({ urn }) => !alarms.some(({ resource }) => JSON.stringify(resource.references).includes(urn)))).toEqual([]);
  });
});

test("the database and the blockchain node are asked from inside, where a system has them", () => {
  const kinds = (stack: string) => Object.values(configOf(stack).uptime.reachability.targets).map(({ kind, severity }) => [kind, severity]);
  expect(kinds("clearhold/production")).toEqual([["blockchain", "P1"]]);
  expect(kinds("coinestate/production")).toEqual([
    ["database", "P0"],
    ["blockchain", "P1"],
  ]);
  for (const stack of ["olympiad/production", "smartduka/production", "deedpro/production"])
    expect(kinds(stack)[0], stack).toEqual(["database", "P0"]);
});

test("a backend of Olympiad that is down is mailed to its administrator", async () => {
  const { emails, routes } = configOf("olympiad/production").notifications;
  expect([emails, routes.P0]).toEqual([{ admin: "admin@olympiad.example" }, ["email"]]);
  const stack = await WatchedStack.of("olympiad/production");
  const page = stack.compositeAlarms.find(({ rule, severity }) => severity === "P0" && rule?.includes("check-api-failing") === true);
  expect(page && stack.topicsOf(page, "alarmActions").map(({ urn }) => stack.subscribersOf(urn))).toEqual([1]);
});
