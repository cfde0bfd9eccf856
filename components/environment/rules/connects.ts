/** Rules between a service and the data stores that it uses. */

import { type BrokenRule, broken, type RulePath } from "../../contract/rule.ts";
import { networkVariables, variablePrefix } from "../contract/connects.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Service = StackConfig["services"][string];

/** Everything that is wrong with what services are connected to. */
export function connectsRules(config: PartialStackConfig): BrokenRule[] {
  return Object.entries(config.services ?? {}).flatMap(([name, service]) => [
    ...unknownStores(config, name, service),
    ...twiceNamedVariables(config, name, service),
    ...mountPaths(name, service),
    ...unreachableApis(config, name, service),
  ]);
}

function unknownStores(config: PartialStackConfig, service: string, { connects }: Service): BrokenRule[] {
  const check = (
    area: "databases" | "caches" | "buckets" | "fileSystems",
    given: readonly (readonly [RulePath, string])[],
  ): BrokenRule[] => {
    const stores = config[area];
    if (stores === undefined) return [];
    const known = Object.keys(stores);
    return given.flatMap(([path, name]) =>
      known.includes(name)
        ? []
        : broken({
            path: ["services", service, "connects", area, ...path],
            found: `is ${JSON.stringify(name)}, which is not among ${area}`,
            allowed: known.length === 0 ? `a name that ${area} declares` : known.join(", "),
            fix: { path: ["services", service, "connects", area, ...path] },
          }),
    );
  };
  return [
    ...check(
      "databases",
      connects.databases.map((name, index) => [[index], name] as const),
    ),
    ...check(
      "caches",
      connects.caches.map((name, index) => [[index], name] as const),
    ),
    ...check(
      "buckets",
      Object.keys(connects.buckets).map((name) => [[name], name] as const),
    ),
    ...check(
      "fileSystems",
      Object.keys(connects.fileSystems).map((name) => [[name], name] as const),
    ),
  ];
}

/** Variables that each connection sets, with the place in config that brings them. */
function variablesOf({ databases = {} }: PartialStackConfig, { connects }: Service): [variable: string, at: RulePath][] {
  const all = (store: string, endings: readonly string[], at: RulePath): [string, RulePath][] =>
    endings.map((ending) => [`${variablePrefix(store)}_${ending}`, at]);
  return [
    ...connects.databases.flatMap((name, index) =>
      all(name, databases[name]?.engine === "dynamodb" ? ["TABLE"] : [...networkVariables, "DATABASE"], ["databases", index]),
    ),
    ...connects.caches.flatMap((name, index) => all(name, networkVariables, ["caches", index])),
    ...Object.keys(connects.buckets).flatMap((name) => all(name, ["BUCKET"], ["buckets", name])),
    ...Object.keys(connects.fileSystems).flatMap((name) => all(name, ["PATH"], ["fileSystems", name])),
  ];
}

function twiceNamedVariables(config: PartialStackConfig, name: string, service: Service): BrokenRule[] {
  const taken = new Map<string, string>([
    ...Object.keys(service.environment).map((variable) => [variable, "environment"] as const),
    ...Object.keys(service.secrets).map((variable) => [variable, "secrets"] as const),
  ]);
  const reported = new Set<string>();
  return variablesOf(config, service).flatMap(([variable, at]) => {
    const other = taken.get(variable);
    const here = at.join(".");
    taken.set(variable, `connects.${here}`);
    if (other === undefined || reported.has(here)) return [];
    reported.add(here);
    return broken({
      path: ["services", name, "connects", ...at],
      found: `has the variable ${variable}, which ${other} sets too`,
      allowed: "one origin a variable; give the store another name, or remove the other",
      fix: other.startsWith("connects.") ? { path: ["services", name, "connects", ...at] } : { path: ["services", name, other, variable] },
    });
  });
}

/** Fargate mounts nothing inside of what is mounted already. */
function mountPaths(name: string, { connects, writablePaths }: Service): BrokenRule[] {
  const mounts = Object.entries(connects.fileSystems);
  const within = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);
  return mounts.flatMap(([store, { path }], index) => {
    const others = [...writablePaths, ...mounts.slice(0, index).map(([, mount]) => mount.path)];
    const other = others.find((candidate) => within(path, candidate) || within(candidate, path));
    if (other === undefined) return [];
    const at = ["services", name, "connects", "fileSystems", store, "path"];
    return broken({
      path: at,
      found: `is ${JSON.stringify(path)} and overlaps ${other}`,
      allowed: "a path outside of writablePaths and of other file systems",
      fix: { path: at, choose: `a path of its own, such as /mnt/${store}` },
    });
  });
}

/** Buckets and tables are reached through AWS's public API, a NAT gateway or an endpoint of the VPC. */
function unreachableApis({ network, databases = {} }: PartialStackConfig, name: string, { connects }: Service): BrokenRule[] {
  if (network === undefined || network.natGateways !== "none") return [];
  const problems: BrokenRule[] = [];
  const gateway = (service: "s3" | "dynamodb", at: RulePath) => {
    if (network.gatewayEndpoints.includes(service)) return;
    problems.push({
      path: ["services", name, "connects", ...at],
      found: `is out of reach: no NAT gateway and no ${service} endpoint`,
      allowed: `${service} in network.gatewayEndpoints, which costs nothing`,
      fix: { path: ["network", "gatewayEndpoints", network.gatewayEndpoints.length], value: service },
    });
  };
  if (Object.keys(connects.buckets).length > 0) gateway("s3", ["buckets"]);
  if (connects.databases.some((database) => databases[database]?.engine === "dynamodb")) gateway("dynamodb", ["databases"]);
  return problems;
}
