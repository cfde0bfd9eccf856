/** What the simulated providers say an update changes. */
import { describe, expect, test } from "vitest";
import { withDefaults } from "../../../sandbox/cloud/cloud.ts";
import { differences, pathOf } from "../../../sandbox/cloud/difference.ts";
import { factsOf } from "../../../sandbox/facts/facts.ts";
import type { Properties } from "../../../sandbox/provider/values.ts";

const rule = (blue: number, green: number): Properties => ({
  listenerArn: "arn",
  priority: 10,
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: "blue", weight: blue },
          { arn: "green", weight: green },
        ],
      },
    },
  ],
});

function changes(type: string, before: Properties, after: Properties, state?: Properties): string[] {
  const facts = factsOf(type)!;
  return differences(facts, state ?? withDefaults(facts.properties, before), before, after).map(
    (change) => `${change.replaces ? "replace " : ""}${change.kind} ${pathOf(change)}`,
  );
}

describe("a listener rule", () => {
  const type = "aws:lb/listenerRule:ListenerRule";
  test("weights update in place, each at its path", () => {
    expect(changes(type, rule(100, 0), rule(95, 5))).toEqual([
      "update actions[0].forward.targetGroups[0].weight",
      "update actions[0].forward.targetGroups[1].weight",
    ]);
  });
  test("the same groups in another order are the same", () => {
    const swapped = {
      ...rule(0, 0),
      actions: [
        {
          type: "forward",
          forward: {
            targetGroups: [
              { arn: "green", weight: 5 },
              { arn: "blue", weight: 95 },
            ],
          },
        },
      ],
    };
    expect(changes(type, rule(95, 5), swapped)).toEqual([]);
  });
  test("nothing changed is nothing", () => expect(changes(type, rule(95, 5), rule(95, 5))).toEqual([]));
  test("drift in the state is seen although the inputs are the same", () => {
    expect(changes(type, rule(95, 5), rule(95, 5), rule(75, 25))).toHaveLength(2);
  });
  test("a priority updates in place, a listener replaces", () => {
    expect(changes(type, rule(95, 5), { ...rule(95, 5), priority: 11 })).toEqual(["update priority"]);
    expect(changes(type, rule(95, 5), { ...rule(95, 5), listenerArn: "other" })).toEqual(["replace update listenerArn"]);
  });
});

describe("other types", () => {
  test("a target group's port replaces, its drain time does not", () => {
    const before = { port: 80, protocol: "HTTP", deregistrationDelay: 30 };
    expect(changes("aws:lb/targetGroup:TargetGroup", before, { ...before, port: 81 })).toEqual(["replace update port"]);
    expect(changes("aws:lb/targetGroup:TargetGroup", before, { ...before, deregistrationDelay: 60 })).toEqual([
      "update deregistrationDelay",
    ]);
  });
  test('30 and "30" are the same', () => {
    const before = { port: 80, deregistrationDelay: 30 };
    expect(changes("aws:lb/targetGroup:TargetGroup", before, before, { ...withDefaults({}, before), deregistrationDelay: "30" })).toEqual(
      [],
    );
  });
  test("a removed input falls back to the default", () => {
    const before = { port: 80, deregistrationDelay: 60 };
    expect(changes("aws:lb/targetGroup:TargetGroup", before, { port: 80 })).toEqual(["update deregistrationDelay"]);
  });
  test("a removed tag is a deletion, a new one an addition", () => {
    const before = { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "2" } };
    expect(changes("aws:ec2/vpc:Vpc", before, { ...before, tags: { b: "2", c: "3" } })).toEqual(["delete tags.a", "add tags.c"]);
  });
  test("a policy that says the same in another order is the same", () => {
    const policy = (actions: string[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
    const before = { role: "a", policy: policy(["s3:GetObject", "s3:PutObject"]) };
    expect(changes("aws:iam/rolePolicy:RolePolicy", before, { ...before, policy: policy(["s3:PutObject", "s3:GetObject"]) })).toEqual([]);
    expect(changes("aws:iam/rolePolicy:RolePolicy", before, { ...before, policy: policy(["s3:PutObject"]) })).toEqual(["update policy"]);
  });
  test("container definitions with another key order are the same, another image replaces", () => {
    const before = { family: "a", containerDefinitions: '[{"name":"app","image":"x@1"}]' };
    expect(
      changes("aws:ecs/taskDefinition:TaskDefinition", before, { ...before, containerDefinitions: '[{"image":"x@1","name":"app"}]' }),
    ).toEqual([]);
    expect(
      changes("aws:ecs/taskDefinition:TaskDefinition", before, { ...before, containerDefinitions: '[{"name":"app","image":"x@2"}]' }),
    ).toEqual(["replace update containerDefinitions"]);
  });
});
