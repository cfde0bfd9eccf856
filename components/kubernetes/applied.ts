/** What the cluster says of a service: where traffic goes and what runs, read off the objects that were applied. */
import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { type Output, output } from "@pulumi/pulumi";
import type { Weights } from "../colours.ts";
import { nothingRuns, type RunningColour } from "../runningColour.ts";

/** The part of an HTTPRoute that carries weights. */
interface RouteSpec {
  readonly rules?: readonly { readonly backendRefs?: readonly { readonly weight?: number }[] }[];
}

/** Weights of a route: those of the rule that has both colours behind it. */
export function routeWeights(route: CustomResource): Output<Weights> {
  // The SDK types no fields of custom resources; at run time they are outputs like all others.
  const { spec } = route as unknown as { readonly spec: Output<RouteSpec> };
  return spec.apply(({ rules = [] }) => {
    const [blue, green] = rules.find(({ backendRefs = [] }) => backendRefs.length === 2)?.backendRefs ?? [];
    return { blue: blue?.weight ?? 0, green: green?.weight ?? 0 };
  });
}

/** Weights where a selector is the switch: everything goes to the colour that it names. */
export function selectorWeights(service: Service): Output<Weights> {
  return service.spec.selector.apply((selector) => (selector.version === "green" ? { blue: 0, green: 100 } : { blue: 100, green: 0 }));
}

/** What a colour's Deployment runs. */
export function runningIn(deployment: Deployment | undefined): Output<RunningColour> {
  if (deployment === undefined) return output(nothingRuns);
  return deployment.spec.apply(({ replicas, template }) => ({
    image: template.spec.containers[0]?.image?.split("@")[1] ?? "",
    settings: "",
    tasks: replicas ?? 1,
  }));
}
