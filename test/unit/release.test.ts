/** The release model: a weight moves one property, a relabel moves nothing, the serving colour is left alone. */
import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { otherColour, weightsOf } from "../../components/colours.ts";
import { declare } from "../../infra/program.ts";
import type { DeployedRelease } from "../../infra/release/deployedRelease.ts";
import { configOf, type Edits } from "../harness/config.ts";
import { declaredGraph } from "../harness/declaredGraph.ts";
import { graphOf, type Registered, wholeName } from "../harness/graph.ts";

const graph = (edits: Edits) => declaredGraph(configOf("bench/production", edits));

/** One update after another: what it registers, and the record that it leaves. */
async function update(
  edits: Edits,
  deployed: DeployedRelease = {},
): Promise<{ resources: readonly Registered[]; release: DeployedRelease }> {
  let release: DeployedRelease = {};
  const resources = await graphOf(() => {
    output(declare(configOf("bench/production", edits), deployed).release).apply((record) => {
      release = record as DeployedRelease;
    });
  });
  return { resources, release };
}

const full: Edits = { "services.api.release.candidateWeight": 100 };
const relabelled: Edits = { "services.api.release.live": "green", "services.api.release.candidateWeight": 0 };

/** An update that gives everything to the candidate, and the one after it that makes the candidate the live colour: the same for all tests. */
let swap: Promise<{ before: Awaited<ReturnType<typeof update>>; after: Awaited<ReturnType<typeof update>> }> | undefined;
function swapped() {
  swap ??= (async () => {
    const before = await update(full);
    return { before, after: await update(relabelled, before.release) };
  })();
  return swap;
}

/** Registrations whose inputs or options differ, by URN. Random ids are taken out of the comparison. */
function changed(before: readonly Registered[], after: readonly Registered[]): string[] {
  const plain = (resources: readonly Registered[]) => new Map(resources.map((resource) => [resource.urn, stable(resource)]));
  const [a, b] = [plain(before), plain(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((urn) => a.get(urn) !== b.get(urn));
}

function stable(resource: Registered): string {
  return JSON.stringify(resource).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|-[0-9a-f]{17}|\/[0-9a-f]{16}|203\.0\.113\.\d+|-\d{10}\./g, "#");
}

describe("weights", () => {
  test("sum to 100 at every weight, for either label", () => {
    for (const live of ["blue", "green"] as const) {
      for (let weight = 0; weight <= 100; weight++) {
        const weights = weightsOf(live, weight);
        expect(weights.blue + weights.green).toBe(100);
        expect(weights[otherColour(live)]).toBe(weight);
      }
    }
  });

  test.each([1, 5, 25, 50, 99, 100])("a step to %i changes the weighted rule and nothing else", async (weight) => {
    const before = await graph({});
    const after = await graph({ "services.api.release.candidateWeight": weight });
    const urns = changed(before, after);
    expect(urns).toEqual([
      "urn:pulumi:stack::slipway::slipway:environment:Environment$slipway:environment:Region$slipway:loadBalancer:WeightedTargets$aws:lb/listenerRule:ListenerRule::coinestate-prod-use1-api",
    ]);
    const [was, is] = [before, after].map((resources) => resources.find(({ urn }) => urn === urns[0])!.inputs);
    const withoutWeights = (inputs: unknown) =>
      JSON.stringify(inputs)
        .replaceAll(/"weight":\d+/g, "")
        .replaceAll(/[0-9a-f]{16,17}/g, "#");
    expect(withoutWeights(is)).toBe(withoutWeights(was));
  });

  test("swapping the labels at 100 changes nothing at all, nor does going back at once", async () => {
    const { before, after } = await swapped();
    expect(changed(before.resources, after.resources)).toEqual([]);
    expect(after.release).toEqual(before.release);
    const back = await update({ ...relabelled, ...full }, after.release);
    expect(changed(after.resources, back.resources)).toEqual([
      "urn:pulumi:stack::slipway::slipway:environment:Environment$slipway:environment:Region$slipway:loadBalancer:WeightedTargets$aws:lb/listenerRule:ListenerRule::coinestate-prod-use1-api",
    ]);
  });

  test.each<[string, Edits]>([
    ["the old colour is closed", { "services.api.release.blue.capacity": "zero" }],
    ["the old colour gets the next image", { "services.api.release.blue.image": `sha256:${"b".repeat(64)}` }],
    ["the old colour gets a part of the traffic again", { "services.api.release.candidateWeight": 5 }],
  ])("an alarm goes back to the colour before until %s", async (_, edits) => {
    const target = (resources: readonly Registered[]) => {
      const made = resources.find(
        ({ name, type }) => name === "coinestate-prod-use1-api-rollback" && type === "aws:lambda/function:Function",
      );
      const { variables } = made!.inputs.environment as { variables: { SLIPWAY_ROLLBACK: string } };
      return (JSON.parse(variables.SLIPWAY_ROLLBACK) as { live: string }).live;
    };
    const { after } = await swapped();
    const closed = await update({ ...relabelled, ...edits }, after.release);
    expect([target(after.resources), target(closed.resources), closed.release.api!.rollbackTo]).toEqual(["blue", "green", "green"]);
  });

  test("both colours stay in the rule at 0 and at 100", async () => {
    for (const weight of [0, 100]) {
      const rule = (await graph({ "services.api.release.candidateWeight": weight })).find(
        ({ name, type }) => name === "coinestate-prod-use1-api" && type === "aws:lb/listenerRule:ListenerRule",
      );
      const [action] = rule!.inputs.actions as unknown as { type: string; forward: { targetGroups: { weight: number }[] } }[];
      expect(action!.type).toBe("forward");
      expect(action!.forward.targetGroups.map((group) => group.weight)).toEqual([100 - weight, weight]);
    }
  });

  test("the header rules reach each colour by name, before every weighted rule", async () => {
    const rules = (await graph({})).filter(({ type }) => type === "aws:lb/listenerRule:ListenerRule");
    const headers = rules.filter(({ name }) => name.includes("-header-"));
    expect(headers.map(({ name }) => name).sort()).toEqual([
      "coinestate-prod-use1-api-header-blue",
      "coinestate-prod-use1-api-header-green",
      "coinestate-prod-use1-web-header-blue",
      "coinestate-prod-use1-web-header-green",
    ]);
    const weighted = rules.filter(({ name }) => !name.includes("-header-"));
    expect(Math.max(...headers.map(({ inputs }) => Number(inputs.priority)))).toBeLessThan(
      Math.min(...weighted.map(({ inputs }) => Number(inputs.priority))),
    );
  });

  test("stickiness is off by default, and on it bounds both the rule and the target groups", async () => {
    const off = JSON.stringify(
      (await graph({ "services.web.release.stickinessSeconds": undefined }))
        .filter(({ type }) => type.startsWith("aws:lb/"))
        .map(({ inputs }) => inputs),
    );
    expect(off).not.toContain("stickiness");
    const on = await graph({ "services.web.release.stickinessSeconds": 300 });
    const rule = on.find(({ name, type }) => name === "coinestate-prod-use1-web" && type === "aws:lb/listenerRule:ListenerRule");
    expect(rule!.inputs.actions).toMatchObject([{ forward: { stickiness: { enabled: true, duration: 300 } } }]);
    for (const group of on.filter(
      ({ name, type }) => name.startsWith("coinestate-prod-use1-web-") && type === "aws:lb/targetGroup:TargetGroup",
    )) {
      expect(group.inputs.stickiness).toEqual({ type: "lb_cookie", enabled: true, cookieDuration: 300 });
    }
  });
});

describe("capacity", () => {
  test("a colour at zero has no tasks and keeps its service, ready to come back", async () => {
    const resources = await graph({ "services.api.release.green.capacity": "zero" });
    const target = resources.find(
      ({ name, type }) => name === "coinestate-prod-use1-api-green" && type === "aws:appautoscaling/target:Target",
    );
    expect(target!.inputs).toMatchObject({ minCapacity: 0, maxCapacity: 0 });
    expect(
      resources.find(({ name, type }) => name === "coinestate-prod-use1-api-green" && type === "aws:ecs/service:Service")!.inputs
        .desiredCount,
    ).toBe(0);
  });

  test("a colour without an image has target group and header rule, and runs nothing", async () => {
    const resources = await graph({});
    const ofGreen = resources
      .map((resource) => `${resource.type} ${wholeName(resource)}`)
      .filter((made) => made.includes(" coinestate-prod-use1-web") && made.includes("green"));
    expect(ofGreen.sort()).toEqual([
      "aws:lb/listenerRule:ListenerRule coinestate-prod-use1-web-header-green",
      "aws:lb/targetGroup:TargetGroup coinestate-prod-use1-web-green",
    ]);
  });

  test("scaling owns the number of tasks, and a deployment waits until it is steady", async () => {
    const services = (await graph({})).filter(({ type }) => type === "aws:ecs/service:Service");
    expect(services).toHaveLength(3);
    for (const service of services) {
      expect(service.ignoreChanges).toEqual(["desiredCount"]);
      for (const part of [
        "Route::coinestate-prod-use1-network-public-internet",
        "natGateway:NatGateway::",
        "EgressRule::coinestate-prod-use1-",
      ])
        expect(
          service.dependsOn.some((urn) => urn.includes(part)),
          `${service.name} waits for ${part}`,
        ).toBe(true);
      expect(service.inputs).toMatchObject({ waitForSteadyState: true, deploymentCircuitBreaker: { enable: true, rollback: true } });
      expect(service.dependsOn.some((urn) => urn.includes("listenerRule"))).toBe(true);
    }
  });
});
