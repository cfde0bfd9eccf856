/** Whether traffic was moved behind the engine's back, from what AWS says of its rules and a cluster of its routes. */
import type { DescribeRulesInput, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { Aws } from "../../ops/aws/aws.ts";
import type { State, StateResource } from "../../ops/engine/state.ts";
import { Cluster } from "../../ops/kubernetes/cluster.ts";
import { liveListenerRules } from "../../ops/recovery/liveRules.ts";
import { adoptLiveTraffic, driftOnCluster, trafficDrift, weightedRules } from "../../ops/recovery/trafficDrift.ts";
import { serviceError } from "../../sandbox/aws/simulated.ts";

const arn = (colour: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/use1-api-${colour}/0123456789abcdef`;
const group = (colour: string, weight: number) => ({ arn: arn(colour), weight });
const forward = (...targetGroups: object[]) => ({ actions: [{ forward: { targetGroups, stickiness: null }, targetGroupArn: null }] });

const urn = "urn:pulumi:staging::slipway::aws:lb/listenerRule:ListenerRule::use1-api";
const id = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/alb/1/2/3";
const conditions = [{ hostHeader: { values: ["b.example", "a.example"], regexValues: null }, httpHeader: null, queryStrings: [] }];
const both = forward(group("blue", 100), group("green", 0));
const rule: StateResource = {
  urn,
  id,
  type: "aws:lb/listenerRule:ListenerRule",
  inputs: { ...both, conditions, priority: 30_100 },
  outputs: { ...both, conditions, priority: 30_100, region: "us-east-1" },
};
const state = { resources: [rule] } as unknown as State;

/** What AWS says of the rule. */
const liveRule = (groups: readonly (readonly [string, number])[], rest: Rule = {}): Rule => ({
  RuleArn: id,
  Priority: "30100",
  Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["a.example", "b.example"] }, Values: ["a.example", "b.example"] }],
  Actions: [
    {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: groups.map(([colour, Weight]) => ({ TargetGroupArn: arn(colour), Weight })),
        TargetGroupStickinessConfig: { Enabled: false },
      },
    },
  ],
  ...rest,
});

const unasked = {
  read: (): never => {
    throw new Error("the cluster may not be asked");
  },
};

const asks: DescribeRulesInput[] = [];
const awsThatSays = (...said: (Rule | Error)[]) =>
  new Aws({
    account: "123456789012",
    region: "us-east-1",
    cloud: "the simulated cloud",
    answer: ({ operation, input }) => {
      if (operation === "GetCallerIdentity") return { Account: "123456789012" };
      asks.push(input);
      for (const one of said) if (one instanceof Error) throw one;
      return { Rules: said };
    },
  });
const drift = (...said: (Rule | Error)[]) => trafficDrift(state, { aws: awsThatSays(...said), cluster: unasked });

test("the same weights in another order are no drift: AWS answers a set", async () => {
  expect(
    await drift(
      liveRule([
        ["green", 0],
        ["blue", 100],
      ]),
    ),
  ).toBe("none");
});

test("weights that changed places are drift, whatever the order", async () => {
  const moved = [
    ["green", 100],
    ["blue", 0],
  ] as const;
  expect(await drift(liveRule(moved))).toBe("weights");
  expect(await drift(liveRule(moved.toReversed()))).toBe("weights");
});

test("a rule that is gone, that was not read, or an engine that failed, is drift", async () => {
  expect(await drift(serviceError("RuleNotFoundException", "One or more rules not found"))).toBe("rules");
  expect(await drift()).toBe("weights");
  expect(await drift(serviceError("AccessDenied", "not allowed"))).toBe("unread");
  expect(await driftOnCluster([route], clusterThatSays(404, notFound))).toBe("weights");
  expect(await driftOnCluster([route], clusterThatSays(200, {}))).toBe("weights");
  expect(await driftOnCluster([route], clusterThatSays(403, { kind: "Status", code: 403, message: "forbidden" }))).toBe("unread");
  expect(await driftOnCluster([route], new Cluster(undefined))).toBe("unread");
});

const asStated = [
  ["blue", 100],
  ["green", 0],
] as const;
const sticky = {
  Type: "forward" as const,
  ForwardConfig: {
    ...liveRule(asStated).Actions?.[0]?.ForwardConfig,
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  },
};
test.each<[string, Rule]>([
  ["other hosts", { Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: ["a.example"] } }] }],
  ["one condition less", { Conditions: [] }],
  ["another place among the rules", { Priority: "1" }],
  ["clients that stick", { Actions: [sticky] }],
])("%s: who reaches the rule was changed by hand, and an update has to know", async (_, rest) => {
  expect(await drift(liveRule(asStated, rest))).toBe("rules");
});

test("a condition whose value is a secret of the state is left to the engine, the others are compared", async () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
  const hidden = [...conditions, { httpHeader: { httpHeaderName: "x-origin", values: [secret] } }];
  const kept = {
    resources: [{ ...rule, inputs: { ...rule.inputs, conditions: hidden }, outputs: { ...rule.outputs, conditions: secret } }],
  };
  const live = liveRule(asStated);
  const header = { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-origin", Values: ["plain"] } };
  const seen = (...found: NonNullable<Rule["Conditions"]>) =>
    trafficDrift(kept as unknown as State, { aws: awsThatSays({ ...live, Conditions: found }), cluster: unasked });
  expect(await seen(...(live.Conditions ?? []), header)).toBe("none");
  expect(await seen(...(live.Conditions ?? []))).toBe("rules");
  expect(await seen({ Field: "host-header", HostHeaderConfig: { Values: ["c.example"] } }, header)).toBe("rules");
});

test("conditions that are one secret in inputs and outputs, as the real provider keeps them, are no drift; weights still are", async () => {
  const conditions = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
  const sealed = {
    resources: [{ ...rule, inputs: { ...rule.inputs, conditions }, outputs: { ...rule.outputs, conditions } }],
  } as unknown as State;
  const seen = (live: Rule) => trafficDrift(sealed, { aws: awsThatSays(live), cluster: unasked });
  expect(await seen(liveRule(asStated))).toBe("none");
  expect(await seen(liveRule(asStated, { Priority: "1" }))).toBe("rules");
  expect(
    await seen(
      liveRule([
        ["blue", 75],
        ["green", 25],
      ]),
    ),
  ).toBe("weights");
});

test("a rule with one group is the same whether AWS names the group beside the weights or in place of them", async () => {
  const alone = forward(group("blue", 100));
  const one = {
    resources: [{ ...rule, inputs: { ...rule.inputs, ...alone }, outputs: { ...rule.outputs, ...alone } }],
  } as unknown as State;
  const actions = [{ Type: "forward" as const, TargetGroupArn: arn("blue") }];
  expect(await trafficDrift(one, { aws: awsThatSays(liveRule([], { Actions: actions })), cluster: unasked })).toBe("none");
  expect(await trafficDrift(one, { aws: awsThatSays(liveRule([["blue", 1]])), cluster: unasked })).toBe("none");
  expect(await trafficDrift(one, { aws: awsThatSays(liveRule([["green", 1]])), cluster: unasked })).toBe("weights");
});

test("rules are asked by region, twenty at once", async () => {
  asks.length = 0;
  const many = Array.from({ length: 45 }, (_, index) => ({
    ...rule,
    urn: `${urn}${index}`,
    id: `${id.replace("us-east-1", index < 22 ? "us-east-1" : "eu-central-1")}${index}`,
  }));
  await liveListenerRules(many, awsThatSays());
  expect(asks.map(({ RuleArns = [] }) => RuleArns.length)).toEqual([20, 2, 20, 3]);
});

const shares = (blue: number, green: number) => ({
  spec: {
    rules: [
      {
        backendRefs: [
          { name: "api-blue", weight: blue },
          { name: "api-green", weight: green },
        ],
      },
    ],
  },
});
const route = {
  urn,
  id: "shop/api",
  type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  inputs: shares(100, 0),
  outputs: shares(100, 0),
} as StateResource;
const answer = (steps: object[], exitCode = 0) => ({
  capture: async () => ({ exitCode, stdout: `a note\n${JSON.stringify({ steps, changeSummary: { update: 1 } })}`, stderr: "" }),
});

/** What the API server says of the route. */
const clusterThatSays = (status: number, body: object) =>
  new Cluster({
    server: "https://cluster.example",
    kubeconfig: () => Promise.reject(new Error("a simulated cluster needs none")),
    answer: async () => (method, path) => {
      expect([method, path]).toEqual(["GET", "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/api"]);
      return { status, body };
    },
  });
const notFound = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
const read = (body: object) => clusterThatSays(200, body);

test("other properties that a provider reads in another form are no drift", async () => {
  expect(await driftOnCluster([route], read({ ...shares(100, 0), status: {}, metadata: { generation: 3 } }))).toBe("none");
  expect(await driftOnCluster([route], read(shares(0, 100)))).toBe("weights");
});

test("a route that a header and a secret reach has no traffic to compare, though the state keeps its rules as one secret", async () => {
  const headers = [
    { name: "x-canary", value: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" } },
  ];
  const inputs = { spec: { rules: [{ matches: [{ headers }], backendRefs: [{ name: "api-blue", weight: 1 }] }] } };
  const { value: sealed } = headers[0]!;
  const candidate = { ...route, inputs, outputs: { spec: { rules: sealed } } } as unknown as StateResource;
  expect(weightedRules({ resources: [candidate, route] } as unknown as State)).toEqual([route]);
  expect(await driftOnCluster([candidate], read({ ...inputs }))).toBe("none");
});

test("what is adopted is told by colour, blue first", async () => {
  const told = async (outputs: object | undefined) =>
    adoptLiveTraffic(
      answer([]),
      state,
      async () => ({ resources: outputs === undefined ? [] : [{ ...rule, outputs }] }) as unknown as State,
    );
  expect(await told(forward(group("green", 50), group("blue", 50)))).toEqual(["use1-api: the state said 100/0, live is 50/50"]);
  expect(await told(forward(group("green", 0), group("blue", 100)))).toEqual([]);
  expect(await told(undefined)).toEqual(["use1-api: the state said 100/0, live is gone"]);
});
