/** What of an approved change set may be applied later, and what returns traffic. */
import { expect, test } from "vitest";
import { isPartOf, type PlannedChange } from "../../../ops/review/changeSet.ts";
import { unknownValue } from "../../../ops/review/propertyValue.ts";
import { reviewPreview, type StackReview } from "../../../ops/review/stackReview.ts";

interface Step {
  readonly op: string;
  readonly type: string;
  readonly before?: object;
  readonly after?: object;
  readonly protect?: boolean;
  /** Left to be deleted by an update that was killed. */
  readonly left?: boolean;
}

function reviewOf(steps: Readonly<Record<string, Step>>, made: readonly string[] = []): StackReview {
  const listed = Object.entries(steps).map(([name, { op, type, before, after, protect = false, left = false }]) => {
    const state = (inputs: object | undefined) => inputs && { type, custom: true, inputs, protect };
    const oldState = left ? { ...state(before), delete: true } : state(before);
    return { op, urn: `urn:pulumi:s::p::${type}::${name}`, oldState, newState: state(after) };
  });
  const config = { "p:services": JSON.stringify({ api: { release: { live: "blue" } } }) };
  return reviewPreview({ project: "p", stack: "s", exitCode: 0, stdout: JSON.stringify({ config, steps: listed }), stderr: "", made });
}

const planOf = (...given: Parameters<typeof reviewOf>): PlannedChange[] => reviewOf(...given).plan;

const role = { op: "create", type: "aws:iam/role:Role", after: { name: "app-1a2b3c4" } };
const policy = (arn: string) => ({ op: "create", type: "aws:iam/rolePolicy:RolePolicy", after: { role: "app-1a2b3c4", arn } });
const approved = planOf({ app: role, rights: policy(unknownValue) });

test("what was known only after the update may be anything that it is by now, and the name that was drawn since is the resource's", () => {
  expect(isPartOf(planOf({ rights: policy("arn:aws:sqs:::jobs") }, ["app-1a2b3c4"]), approved)).toBe(true);
  const another = { ...policy("arn"), after: { role: "app-9f8e7d6", arn: "arn" } };
  expect(isPartOf(planOf({ rights: another }, ["app-9f8e7d6"]), approved)).toBe(true);
  expect(isPartOf(planOf({ rights: another }), approved)).toBe(false);
});

test.each<[string, Readonly<Record<string, Step>>]>([
  ["a value more", { app: { ...role, after: { ...role.after, path: "/admin/" } } }],
  ["a value less", { rights: { ...policy("arn"), after: { arn: "arn" } } }],
  ["another operation", { app: { ...role, op: "delete", before: role.after } }],
  ["protection taken away", { app: { ...role, protect: true } }],
  ["another resource", { other: role }],
])("%s is no part of what was approved", (_, steps) => {
  expect(isPartOf(planOf(steps, ["app-1a2b3c4"]), approved)).toBe(false);
});

test("an update from another value than the one that was read is no part", () => {
  const queue = (before: object, after: object) => planOf({ jobs: { op: "update", type: "aws:sqs/queue:Queue", before, after } });
  const both = queue({ delaySeconds: 0, maxMessageSize: 1 }, { delaySeconds: 5, maxMessageSize: 2 });
  expect(isPartOf(queue({ delaySeconds: 0 }, { delaySeconds: 5 }), both)).toBe(true);
  expect(isPartOf(queue({ delaySeconds: 1 }, { delaySeconds: 5 }), both)).toBe(false);
  expect(isPartOf(queue({ delaySeconds: 0 }, { delaySeconds: 9 }), both)).toBe(false);
});

const definition = "aws:ecs/taskDefinition:TaskDefinition";
const [old, wanted] = [{ cpu: "256" }, { cpu: "512" }];

test("V11 the deletion that a killed update left of a replacement is a part of that replacement, and no other deletion is", () => {
  const replaced = planOf({ api: { op: "replace", type: definition, before: old, after: wanted } });
  const left = { op: "delete", type: definition, before: old };
  expect(isPartOf(planOf({ api: { ...left, left: true } }), replaced)).toBe(true);
  expect(isPartOf(planOf({ api: left }), replaced)).toBe(false);
  expect(isPartOf(planOf({ api: { ...left, left: true } }), [])).toBe(false);
});

const route = (blue: number, host = "api.example") => ({
  metadata: { labels: { "app.kubernetes.io/name": "api" } },
  spec: {
    hostnames: [host],
    rules: [
      {
        name: "everybody",
        backendRefs: [
          { name: "use1-api-blue", weight: blue },
          { name: "use1-api-green", weight: 100 - blue },
        ],
      },
    ],
  },
});

test.each<[string, Step, boolean]>([
  ["the live colour gets more", { op: "update", type: "", before: route(75), after: route(95) }, true],
  ["the live colour gets less", { op: "update", type: "", before: route(95), after: route(75) }, false],
  ["hosts change as well", { op: "update", type: "", before: route(75), after: route(95, "x.example") }, false],
  ["the route is new", { op: "create", type: "", after: route(100) }, false],
])("on a cluster, when %s", (_, step, returns) => {
  const type = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
  expect(reviewOf({ "use1-api": { ...step, type } }).returnsTraffic).toBe(returns);
  expect(reviewOf({ "use1-api": { ...step, type }, jobs: { op: "create", type: "aws:sqs/queue:Queue", after: {} } }).returnsTraffic).toBe(
    false,
  );
});

test("so does a Service whose selector names the live colour again, and none that leaves it", () => {
  const type = "kubernetes:core/v1:Service";
  const service = (version: string) => ({
    metadata: { labels: { "app.kubernetes.io/name": "api" } },
    spec: { selector: { "app.kubernetes.io/name": "api", version } },
  });
  const moved = (from: string, to: string) => reviewOf({ api: { op: "update", type, before: service(from), after: service(to) } });
  expect(moved("green", "blue").returnsTraffic).toBe(true);
  expect(moved("blue", "green").returnsTraffic).toBe(false);
});
