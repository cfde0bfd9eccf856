/** What a rollback knows of a stack whose file has problems: from the file what can be read, from the state the rest, and nothing made up. */
import { expect, test } from "vitest";
import { latchName } from "../../../infra/config/latch.ts";
import type { State, StateResource } from "../../../ops/engine/state.ts";
import { areasInState, rolledBackByAlarm, serviceInState } from "../../../ops/rollback/configInState.ts";

const place = { system: "coinestate", environment: "prod", aws: { accountId: "123456789012", region: "us-east-1" as const } };
const resource = (type: string, name: string, more: Partial<StateResource>): StateResource => ({
  urn: `urn:pulumi:p::s::${type}::${name}`,
  type,
  ...more,
});
const [blue, green] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const left = {
  ...{ weights: { blue: 75, green: 25 }, images: { blue, green }, capacity: { blue: "full", green: "full" }, rollbackTo: "blue" },
  ...{ settings: {}, port: 80, priority: 1, servedUntil: {} },
};
const stateOf = (rule: string, release: object, more: readonly StateResource[] = []): State => ({
  resources: [resource("pulumi:pulumi:Stack", "s", { outputs: { release, trafficRules: { api: rule } } }), ...more],
  pendingOperations: [],
});
const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/x";

test("a service is as the last complete update left it, with the bounds of the colour that gets everything", () => {
  const bounds = (colour: string, minCapacity: number) =>
    resource("aws:appautoscaling/target:Target", `coinestate-prod-use1-api-${colour}`, { inputs: { minCapacity, maxCapacity: 9 } });
  const state = stateOf(arn, { api: left }, [bounds("blue", 3), bounds("green", 1)]);
  expect(serviceInState(state, place, "api")).toEqual({
    compute: "ecs",
    release: { live: "blue", candidateWeight: 25, blue: { image: blue, capacity: "full" }, green: { image: green, capacity: "full" } },
    scaling: { minimum: 3, maximum: 9 },
  });
});

test("on a cluster the bounds are those of the colour's autoscaler", () => {
  const inputs = { spec: { minReplicas: 4, maxReplicas: 12 } };
  const autoscaler = resource("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "x", { id: "shop/api-blue", inputs });
  expect(serviceInState(stateOf("shop/api", { api: left }, [autoscaler]), place, "api")).toMatchObject({
    compute: "kubernetes",
    scaling: { minimum: 4, maximum: 12 },
  });
});

test("a service that no complete update left, or whose way back nobody knows, is none", () => {
  const { rollbackTo: _, ...older } = left;
  for (const release of [{}, { api: older }, { api: { ...left, rollbackTo: "red" } }])
    expect(serviceInState(stateOf(arn, release), place, "api")).toBeUndefined();
  expect(serviceInState({ resources: [], pendingOperations: [] }, place, "api")).toBeUndefined();
});

test("owner, account and region are those of the resources and of their provider", () => {
  const provider = resource("pulumi:providers:aws", "aws", { inputs: { region: "us-east-1", allowedAccountIds: '["123456789012"]' } });
  const table = resource("aws:dynamodb/table:Table", "t", { outputs: { tags: { System: "coinestate", Environment: "prod" } } });
  expect(areasInState(stateOf(arn, {}, [provider, table]))).toEqual(place);
  expect(areasInState(stateOf(arn, {}))).toEqual({});
});

test("the latch is the stack's own where the state has it, else a person's", () => {
  const parameter = (name: string) => resource("aws:ssm/parameter:Parameter", "latch", { outputs: { name } });
  const nameIn = (state: State) => latchName({ ...place, autoRollback: rolledBackByAlarm(state, place, "api") }, "api");
  expect(nameIn(stateOf(arn, {}, [parameter("/slipway/coinestate/prod/rollback/api")]))).toBe("/slipway/coinestate/prod/rollback/api");
  expect(nameIn(stateOf(arn, {}))).toBe("/slipway/coinestate/prod/rollback/api.by-hand");
});
