/** Who reaches a colour that has no traffic: whoever knows a secret, and nobody else. */
import { describe, expect, it } from "vitest";
import { apiOnCluster } from "../../harness/cluster.ts";
import { configOf, type Edits } from "../../harness/config.ts";
import { declaredGraph } from "../../harness/declaredGraph.ts";
import { behindCloudflare } from "../../harness/edge/declared.ts";
import { threeRegions } from "../../harness/failoverStack.ts";
import type { Registered } from "../../harness/graph.ts";

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
    const { conditions, spec, resourcePath } = inputs as Record<string, never>;
    if (type === "aws:lb/listenerRule:ListenerRule")
      return list(conditions)
        .flatMap(({ httpHeader, queryStrings }) => [...list(httpHeader), ...list(queryStrings)])
        .map((asked) => JSON.stringify(asked))
        .filter((asked) => !asked.includes("x-origin-key"));
    if (type.endsWith(":HTTPRoute"))
      return list((spec as { rules?: never }).rules)
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
  it.fails("A27 a colour is reached by name with a secret only", async () => {
    const found = doors(await declaredGraph(configOf(stack, edits)));
    expect(found.length).toBeGreaterThan(1);
    expect(found.filter((asked) => !asked.includes(sealed))).toEqual([]);
  });
});
