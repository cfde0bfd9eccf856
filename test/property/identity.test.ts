/** A resource's identity follows from what it means: order in config never matters, and a newcomer moves nobody. */

import "../harness/quickSdk.ts"; // first: it changes the SDK that the others import
import { describe, expect, test } from "vitest";
import { declare } from "../../infra/program.ts";
import { fc } from "../harness/campaign.ts";
import { configOf, type Edits, exampleStacks, parse, rawConfig } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import { graphOf, type Registered } from "../harness/graph.ts";

const runs = 20;

async function urnsOf(raw: Record<string, unknown>): Promise<string[]> {
  return (await graphOf(() => declare(parse(raw)))).map(({ urn }) => urn).sort();
}

/** Inputs by URN, with everything that the cloud chooses at random taken out. */
async function inputsOf(raw: Record<string, unknown>): Promise<Record<string, string>> {
  return stableInputs(await graphOf(() => declare(parse(raw))));
}

function stableInputs(resources: readonly Registered[]): Record<string, string> {
  const stable = (value: unknown) =>
    JSON.stringify(value).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|-[0-9a-f]{17}|\/[0-9a-f]{16}|203\.0\.113\.\d+|-\d{10}\./g, "#");
  return Object.fromEntries(resources.map(({ urn, inputs }) => [urn, stable(inputs)]));
}

/** Every map of a config with its keys in another order; zones, hosts and paths, whose order means nothing, too. */
function reordered(value: unknown, another: <T>(items: readonly T[]) => T[], key = ""): unknown {
  if (Array.isArray(value)) return ["zones", "hosts", "paths"].includes(key) ? another(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, reordered(item, another, name)]);
  return Object.fromEntries(another(entries));
}

test("reordering zones, services, rules and any other key changes no resource", async () => {
  const raw = rawConfig("bench/production", {
    "services.web.egress": { https: { port: 443, cidr: "0.0.0.0/0" }, smtp: { port: 587, cidr: "10.0.0.0/8" } },
  });
  const expected = await inputsOf(raw);
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (numbers) => {
      const shuffled = <T>(items: readonly T[]) => items.toSorted(() => Number(numbers.next().value) - 0.5);
      expect(await inputsOf(reordered(raw, shuffled) as Record<string, unknown>)).toEqual(expected);
    }),
    { numRuns: runs },
  );
});

test.each(exampleStacks)("%s: neither does the other way round", async (stack) => {
  const raw = rawConfig(stack);
  const [expected, again] = [stableInputs(await declaredGraph(configOf(stack))), await inputsOf(raw)];
  // Passwords and the secret header of the origin are other ones in every run.
  const random = Object.keys(expected).filter((urn) => expected[urn] !== again[urn]);
  const known = (inputs: Record<string, string>) => Object.fromEntries(Object.entries(inputs).filter(([urn]) => !random.includes(urn)));
  expect(random.length).toBeLessThan(20);
  const reversed = reordered(raw, (items) => items.toReversed());
  expect(known(await inputsOf(reversed as Record<string, unknown>))).toEqual(known(expected));
});

describe("a newcomer leaves every URN as it was", () => {
  const twoZones = { "network.zones": ["us-east-1b", "us-east-1d"] };
  const newcomers = fc.oneof(
    fc
      .constantFrom("a", "c", "e", "f", "g", "h")
      .chain((letter) =>
        fc
          .constantFrom(0, 1, 2)
          .map((at): Edits => ({ "network.zones": ["us-east-1b", "us-east-1d"].toSpliced(at, 0, `us-east-1${letter}`) })),
      ),
    fc.stringMatching(/^[a-z][a-z0-9]{1,10}$/).map(
      (name): Edits => ({
        [`services.${name}`]: {
          ...configOf("bench/production").services.api,
          route: { priority: 9000, hosts: ["x.coinestate.io"], paths: [] },
        },
      }),
    ),
    fc
      .stringMatching(/^[a-z][a-z0-9]{1,18}$/)
      .map((name): Edits => ({ [`services.api.egress.${name}`]: { port: 5432, cidr: "10.0.0.0/8" } })),
    fc.stringMatching(/^[a-z][a-z0-9]{1,18}$/).map((name): Edits => ({ [`registry.repositories.${name}`]: {} })),
    fc
      .constantFrom("sqs", "sns", "sts", "monitoring")
      .map((name): Edits => ({ "network.interfaceEndpoints": [name, "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm"] })),
    fc.ipV4().map((address): Edits => ({ "loadBalancer.allowFrom": [`${address}/32`, "0.0.0.0/0"] })),
  );

  test("whatever it is and wherever it is put", async () => {
    const before = await urnsOf(rawConfig("bench/production", twoZones));
    await fc.assert(
      fc.asyncProperty(newcomers, async (edits) => {
        const after = new Set(
          await urnsOf(
            rawConfig("bench/production", { ...twoZones, "services.api.egress": { https: { port: 443, cidr: "0.0.0.0/0" } }, ...edits }),
          ),
        );
        expect(before.filter((urn) => !after.has(urn))).toEqual([]);
        expect(after.size).toBeGreaterThan(before.length);
      }),
      { numRuns: runs * 2 },
    );
  });
});
