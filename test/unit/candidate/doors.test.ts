/** Who reaches a colour that has no traffic: whoever knows a secret, and nobody else. */
import { describe, expect, it, test } from "vitest";
import { Environment } from "../../../components/environment/environment.ts";
import { WeightedTargets } from "../../../components/loadBalancer/weightedTargets.ts";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { threeRegions } from "../../harness/failoverStack.ts";
import { graphOf, type Registered } from "../../harness/graph.ts";
import { refusedArguments } from "../../harness/refusedArguments.ts";

/** Key of what the engine keeps encrypted. */
const sealed = "4dabf18193072939515e22adb298388d";

const stacks: readonly (readonly [about: string, stack: string, edits: Edits])[] = [
  ["staging", "staging", {}],
  ["one behind Cloudflare", "bench/production", behindCloudflare],
  ["one that fails over", "bench/production", threeRegions],
  ["one with a service on a cluster", "bench/production", apiOnCluster],
];

/** Every way to a colour by name: what a request must carry for it, as the engine is given it. */
function doors(resources: readonly Registered[]): string[] {
  return resources.flatMap(({ type, inputs }) => {
    const { conditions, spec, resourcePath } = inputs;
    if (type === "aws:lb/listenerRule:ListenerRule")
      return list(conditions)
        .flatMap(({ httpHeader, queryStrings }) => [...list(httpHeader), ...list(queryStrings)])
        .map((asked) => JSON.stringify(asked))
        .filter((asked) => !asked.includes("x-origin-key"));
    if (type.endsWith(":HTTPRoute"))
      return list((spec as Record<string, unknown>).rules)
        .flatMap(({ matches }) => list(matches))
        .flatMap(({ headers }) => list(headers))
        .map((asked) => JSON.stringify(asked));
    const asked = JSON.stringify(resourcePath ?? "");
    return type === "aws:route53/healthCheck:HealthCheck" && /colour|4dabf/.test(asked) ? [asked] : [];
  });
}

function list(value: unknown): Record<string, unknown>[] {
  return value === undefined ? [] : ([value].flat() as Record<string, unknown>[]);
}

describe.each(stacks)("%s", (_, stack, edits) => {
  it("A27 a colour is reached by name with a secret only", async () => {
    const found = doors(await declaredGraph(configOf(stack, edits)));
    expect(found.length).toBeGreaterThan(1);
    expect(found.filter((asked) => !asked.includes(sealed))).toEqual([]);
  });
});

test("another name draws another value, in the place of the old one", async () => {
  const of = async (candidateSecret: string) => {
    const made = await declaredGraph(configOf("staging", { "loadBalancer.candidateSecret": candidateSecret }));
    return { names: made.map(({ name }) => name).filter((name) => name.includes("-candidate-")), doors: doors(made) };
  };
  const [old, next] = [await of("a"), await of("b")];
  expect([old.names.length, next.names]).toEqual([2, old.names.map((name) => name.replace(/a$/, "b"))]);
  expect(next.doors).toHaveLength(old.doors.length);
  expect(next.doors.filter((door) => old.doors.includes(door))).toEqual([]);
});

test("what a checker asks is no header's value", async () => {
  const made = await declaredGraph(configOf("bench/production", threeRegions));
  const found = doors(made).map((door) => /(?:blue|green)-([0-9a-f]{40})/.exec(door)?.[1]);
  const [header, query] = ["httpHeaderName", '"key"'].map(
    (kind) => new Set(found.filter((_, index) => doors(made)[index]!.includes(kind))),
  );
  expect([header!.size, query!.size]).toEqual([3, 3]); // of three regions
  expect([...header!].filter((value) => query!.has(value))).toEqual([]);
});

test("the other colour stays attached, or the targets are refused", async () => {
  const listener = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/b/c";
  const declare = (more: { candidateSecret?: string }) => {
    const { place } = new Environment("shop-prod", { system: "shop", environment: "prod", region: "eu-west-1", accountId: "123456789012" });
    return place.make(WeightedTargets, "web", {
      ...{ network: { vpcId: "vpc-1" }, loadBalancer: { httpsListenerArn: listener }, port: 3000 },
      ...{ route: { priority: 1, hosts: ["shop.example"] }, healthCheck: { path: "/health" }, liveOnly: true, ...more },
    });
  };
  let refused: string[] = [];
  await graphOf(() => {
    refused = refusedArguments(() => declare({}));
  });
  expect(refused).toEqual(["liveOnly"]);
  expect(doors(await graphOf(() => declare({ candidateSecret: "s" })))).toHaveLength(2);
});
