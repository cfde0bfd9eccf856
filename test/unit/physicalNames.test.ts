/** What `slipway config show --names` prints is what the program registers. */
import { describe, expect, test } from "vitest";
import { namedTypes, type PhysicalName, physicalNames, trafficNames } from "../../infra/config/physicalNames.ts";
import { namesJson, namesTable } from "../../ops/config/names.ts";
import { configOf, type Edits, exampleStacks } from "../harness/config.ts";
import { dataStores } from "../harness/dataStack.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import { carriedStores, threeRegions } from "../harness/failoverStack.ts";
import type { Registered } from "../harness/graph.ts";
import { longestNames } from "../harness/longestNames.ts";

/** Inputs that hold a physical name; a file system has none but its tag. */
const nameInputs = ["bucket", "clusterIdentifier", "family", "identifier", "replicationGroupId", "name"];

function nameOf({ type, inputs, checked }: Registered): string {
  if (type === namedTypes.fileSystem) return String((inputs.tags as { readonly Name: string }).Name);
  if (type.startsWith("kubernetes:")) return String((inputs.metadata as { readonly name: string }).name);
  const input = nameInputs.find((candidate) => checked[candidate] !== undefined);
  return String(checked[input!]);
}

/** Places of a database and a bucket in several regions have names of their own, so the region of the row is in the name or the inputs. */
const drawn = (name: string) => name.replace(/-[0-9a-f]{7,8}$/, "-*");

function registered(resources: readonly Registered[]): string[] {
  const types = new Set<string>(Object.values(namedTypes));
  return resources
    .filter(({ type }) => types.has(type))
    .map((resource) => `${resource.type} ${String(resource.inputs.region)} ${withStar(resource)}`)
    .sort();
}

function withStar(resource: Registered): string {
  const name = nameOf(resource);
  const generated = (resource.checked.__defaults as readonly string[] | undefined)?.some((input) => nameInputs.includes(input));
  return generated || /:(?:Instance|Cluster)$/.test(resource.type) ? drawn(name) : name;
}

function told(names: readonly PhysicalName[]): string[] {
  return names.map(({ type, region, name }) => `${type} ${type.startsWith("kubernetes:") ? "undefined" : region} ${name}`).sort();
}

const stacks: readonly (readonly [title: string, stack: string, edits: Edits])[] = [
  ...["production", "staging", ...exampleStacks].map((stack) => [stack, stack, {}] as const),
  ["production with data stores", "bench/production", dataStores],
  ["production in three regions", "bench/production", { ...threeRegions, ...carriedStores }],
  ["the longest names", "bench/production", longestNames("bench/production")],
];

describe.each(stacks)("%s", (_, stack, edits) => {
  test("each name that is shown is registered, and each that is registered is shown", async () => {
    const config = configOf(stack, structuredClone(edits));
    const resources = await declaredGraph(config);
    const shown = told(physicalNames(config));
    expect(shown.length).toBeGreaterThan(10);
    expect(shown).toEqual(registered(resources));
    const urns = resources.map(({ type, name, inputs }) => `${type} ${String(inputs.region)} ${name}`);
    for (const [service, { compute }] of Object.entries(config.services)) {
      if (compute !== "ecs") continue;
      const { rule, groups } = trafficNames(config, config.aws.region, service);
      expect(urns).toContain(`aws:lb/listenerRule:ListenerRule ${config.aws.region} ${rule}`);
      for (const group of Object.values(groups)) expect(urns).toContain(`${namedTypes.targetGroup} ${config.aws.region} ${group}`);
    }
  }, 120_000);
});

test("the table tells region, place in the config, resource and name; the JSON is the same list", () => {
  const config = configOf("bench/production");
  const table = namesTable(config);
  expect(table).toMatch(/us-east-1 .*resource .*name/);
  expect(table).toMatch(/services\.api .* ecs Service .* coinestate-prod-use1-api-blue-\*/);
  expect(table).toMatch(/loadBalancer .* lb LoadBalancer .* coinestate-prod-use1-alb-\*/);
  expect(JSON.parse(namesJson(config))).toEqual(physicalNames(config));
});
