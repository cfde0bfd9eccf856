/** The rules of an HTTPRoute: pure, so that a step can be proved to move nothing but weights. */
import type { Input } from "@pulumi/pulumi";
import { type Colour, colours, type Weights } from "../colours.ts";

/** How the traffic of a service moves between its colours. */
export type Traffic =
  /** By share: the route carries a weight for each colour. */
  | { readonly by: "weights"; readonly weights: Weights }
  /** All at once: the route leads to one Service, whose selector names the colour. */
  | { readonly by: "selector"; readonly serviceName: string };

/** One Service that a rule leads to. All of the API's defaults are spelt out, so that live and declared never differ. */
interface BackendRef {
  readonly group: string;
  readonly kind: string;
  readonly name: Input<string>;
  readonly port: number;
  readonly weight: number;
}

/** What a rule matches. */
interface RouteMatch {
  readonly path: { readonly type: "Exact" | "PathPrefix"; readonly value: string };
  readonly headers?: readonly { readonly type: "Exact"; readonly name: string; readonly value: Input<string> }[];
}

/** One rule of an HTTPRoute. */
interface RouteRule {
  readonly matches: readonly RouteMatch[];
  readonly backendRefs: readonly BackendRef[];
}

/** What the rules are made from. */
interface RouteSettings {
  /** Path patterns as the load balancer writes them: `/api/*` or `/exact`; empty for all. */
  readonly paths: readonly string[];
  readonly port: number;
  /** Service of each colour. */
  readonly services: Readonly<Record<Colour, Input<string>>>;
}

/** The rule for everybody. Both colours are in it at any weight and always in the same order. */
export function routeRules({ paths, port, services }: RouteSettings, traffic: Traffic): RouteRule[] {
  const backendRefs =
    traffic.by === "weights"
      ? colours.map((colour) => backend(services[colour], port, traffic.weights[colour]))
      : [backend(traffic.serviceName, port, 1)];
  return [{ matches: pathMatches(paths), backendRefs }];
}

/**
 * Per colour a rule for requests that ask for it by header. One header more is the more specific match to every gateway, whichever
 * route of the host it stands in.
 * @param header request header that reaches a colour by name at any weight
 * @param values what it says for each
 */
export function candidateRules(
  { paths, port, services }: RouteSettings,
  header: string,
  values: Readonly<Record<Colour, Input<string>>>,
): RouteRule[] {
  return colours.map((colour) => ({
    matches: pathMatches(paths).map((match) => ({ ...match, headers: [{ type: "Exact" as const, name: header, value: values[colour] }] })),
    backendRefs: [backend(services[colour], port, 1)],
  }));
}

function backend(name: Input<string>, port: number, weight: number): BackendRef {
  return { group: "", kind: "Service", name, port, weight };
}

/** Whether a path pattern can be said in the Gateway API: exact, or everything below a path. */
export function isRoutablePath(pattern: string): boolean {
  return !/[*?]/.test(pattern.replace(/\/\*$/, ""));
}

/** Whether the Gateway API takes a path: nothing in it is left for a gateway to resolve. */
export function isTakenPath(pattern: string): boolean {
  return !/\/\/|\/\.{1,2}(?:\/|$)/.test(pattern);
}

function pathMatches(paths: readonly string[]): RouteMatch[] {
  if (paths.length === 0) return [{ path: { type: "PathPrefix", value: "/" } }];
  return [...paths].sort().map((pattern) => ({
    path: pattern.endsWith("/*")
      ? { type: "PathPrefix" as const, value: pattern.slice(0, -2) || "/" }
      : { type: "Exact" as const, value: pattern },
  }));
}
