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
  readonly headers?: readonly { readonly type: "Exact"; readonly name: string; readonly value: string }[];
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
  readonly traffic: Traffic;
  /** Service of each colour. */
  readonly services: Readonly<Record<Colour, Input<string>>>;
  /** Request header that reaches a colour by name at any weight. */
  readonly candidateHeader: string;
}

/**
 * One rule for everybody and, per colour, one for requests that ask for it by header. Both colours are in the first rule
 * at any weight and always in the same order. A rule with one more header is the more specific one to every gateway, so
 * the order of the rules does not matter to them.
 */
export function routeRules({ paths, port, traffic, services, candidateHeader }: RouteSettings): RouteRule[] {
  const matches = pathMatches(paths);
  const backend = (name: Input<string>, weight: number): BackendRef => ({ group: "", kind: "Service", name, port, weight });
  const everybody =
    traffic.by === "weights"
      ? colours.map((colour) => backend(services[colour], traffic.weights[colour]))
      : [backend(traffic.serviceName, 1)];
  return [
    { matches, backendRefs: everybody },
    ...colours.map((colour) => ({
      matches: matches.map((match) => ({ ...match, headers: [{ type: "Exact" as const, name: candidateHeader, value: colour }] })),
      backendRefs: [backend(services[colour], 1)],
    })),
  ];
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
