/** What the simulated providers refuse before anything is created. */
import { describe, expect, test } from "vitest";
import { checkInputs } from "../../../sandbox/cloud/check.ts";
import { factsOf, type TypeFacts } from "../../../sandbox/facts/facts.ts";
import { type Properties, unknown } from "../../../sandbox/provider/values.ts";

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/a/0123456789abcdef";
const rule = (edits: Properties = {}): Properties => ({
  listenerArn: arn,
  priority: 10,
  conditions: [{ hostHeader: { values: ["a.example"] } }],
  actions: [{ type: "forward", forward: { targetGroups: [{ arn, weight: 100 }] } }],
  ...edits,
});

const cases: readonly [name: string, type: string, inputs: Properties, property: string, says: string][] = [
  [
    "a missing required input",
    "aws:lb/listenerRule:ListenerRule",
    { ...rule(), listenerArn: null },
    "listenerArn",
    "Missing required argument",
  ],
  ["an unknown input", "aws:lb/listenerRule:ListenerRule", rule({ weight: 5 }), "weight", "an unexpected argument"],
  [
    "an unknown nested input",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: [{ type: "forward", forwards: {} }] }),
    "actions[0].forwards",
    "an unexpected argument",
  ],
  ["a computed output as input", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", arn }, "arn", "an unexpected argument"],
  [
    "a wrong enum value",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: [{ type: "forwards" }] }),
    "actions[0].type",
    'expected type to be one of ["forward"',
  ],
  [
    "a number out of range",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: [{ type: "forward", forward: { targetGroups: [{ arn, weight: 1000 }] } }] }),
    // The provider names the set, since its elements have no index of their own.
    "actions[0].forward.targetGroups",
    "in the range (0 - 999)",
  ],
  [
    "a bad ARN",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: [{ type: "forward", targetGroupArn: "blue" }] }),
    "actions[0].targetGroupArn",
    "is an invalid ARN",
  ],
  [
    "too many elements",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: [{ type: "forward", forward: { targetGroups: Array.from({ length: 6 }, () => ({ arn, weight: 1 })) } }] }),
    "actions[0].forward.targetGroups",
    "Too many list items",
  ],
  ["a bad address block", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0" }, "cidrBlock", "CIDR"],
  ["a list where an object belongs", "aws:lb/targetGroup:TargetGroup", { healthCheck: ["/"] }, "healthCheck[0]", "expected an object"],
  [
    "an object where a list belongs",
    "aws:lb/listenerRule:ListenerRule",
    rule({ actions: { type: "forward" } }),
    "actions",
    "expected a list",
  ],
  ["text where a number belongs", "aws:lb/targetGroup:TargetGroup", { port: "many" }, "port", "expected a number"],
  ["a policy that is not JSON", "aws:iam/role:Role", { name: "a", assumeRolePolicy: "allow" }, "assumeRolePolicy", "JSON"],
  [
    "a record type that does not exist",
    "cloudflare:index/dnsRecord:DnsRecord",
    { zoneId: "a", name: "b", ttl: 1, type: "CNAMES" },
    "type",
    "expected type to be one of",
  ],
];

describe("refused", () => {
  test.each(cases)("%s", (_, type, inputs, property, says) => {
    const failures = checkInputs(facts(type), inputs);
    expect(failures.map((failure) => failure.property)).toEqual([property]);
    expect(failures[0]!.reason).toContain(says);
  });
});

describe("accepted", () => {
  test("a good rule", () => expect(checkInputs(facts("aws:lb/listenerRule:ListenerRule"), rule())).toEqual([]));
  test("unknown values, wherever they stand", () => {
    const inputs = rule({
      listenerArn: unknown,
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: unknown, weight: unknown }] } }],
    });
    expect(checkInputs(facts("aws:lb/listenerRule:ListenerRule"), inputs)).toEqual([]);
  });
  test("a number for text, as the SDK's types allow", () =>
    expect(checkInputs(facts("aws:lb/targetGroup:TargetGroup"), { deregistrationDelay: 30 })).toEqual([]));
});

test("conflicting inputs are refused on both of them", () => {
  const failures = checkInputs(facts("aws:lb/targetGroup:TargetGroup"), { name: "a", namePrefix: "b" });
  expect(failures.map(({ property }) => property)).toEqual(["name", "namePrefix"]);
  for (const { reason } of failures) expect(reason).toContain("Conflicting configuration arguments");
});

test("all problems of a resource are told at once", () => {
  const failures = checkInputs(facts("aws:lb/targetGroup:TargetGroup"), { port: 0, protocol: "GOPHER", colour: "blue" });
  expect(failures.map(({ property }) => property).sort()).toEqual(["colour", "port", "protocol"]);
});

function facts(type: string): TypeFacts {
  const found = factsOf(type);
  if (found === undefined) throw new Error(`no facts of ${type}`);
  return found;
}
