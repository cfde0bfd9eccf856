/** Rules between checks and what they ask. */
import { type BrokenRule, broken, type RulePath, showValue } from "../../contract/rule.ts";
import type { PartialStackConfig, StackConfig } from "../contract.ts";

type Target = StackConfig["uptime"]["reachability"]["targets"][string];
type Endpoint = StackConfig["uptime"]["endpoints"][string];

/** Everything that is wrong with what is asked. */
export function uptimeRules(config: PartialStackConfig): BrokenRule[] {
  const { uptime } = config;
  if (uptime === undefined) return [];
  return [
    ...Object.entries(uptime.reachability.targets).flatMap(([name, target]) =>
      targetProblems(["uptime", "reachability", "targets", name], target, config),
    ),
    ...Object.entries(uptime.endpoints).flatMap(([name, endpoint]) => refusedCheckers(["uptime", "endpoints", name], endpoint, config)),
  ];
}

function targetProblems(at: RulePath, target: Target, { databases, caches, secrets, network }: PartialStackConfig): BrokenRule[] {
  switch (target.kind) {
    case "database":
      return among(
        [...at, "database"],
        target.database,
        databases && Object.keys(databases).filter((name) => databases[name]?.engine !== "dynamodb"),
        "a PostgreSQL or DocumentDB of databases: a DynamoDB table has no server to reach",
      );
    case "cache":
      return among([...at, "cache"], target.cache, caches && Object.keys(caches), "one of caches");
    case "blockchain":
      return [
        ...among(
          [...at, "url"],
          target.url,
          secrets && Object.keys(secrets).filter((name) => secrets[name]?.store === "parameter"),
          "one of secrets, with store parameter",
        ),
        ...(network?.natGateways === "none"
          ? broken({
              path: [...at, "kind"],
              found: 'is "blockchain", and network.natGateways is none: the function has no way out' as const,
              allowed: "a way out through NAT gateways, or no blockchain target",
              fix: { path: at },
            })
          : []),
      ];
  }
}

function among(path: RulePath, found: string, known: readonly string[] | undefined, allowed: string): BrokenRule[] {
  if (known === undefined || known.includes(found)) return [];
  const [first] = known;
  return broken({
    path,
    found: `is ${showValue(found)}`,
    allowed: known.length === 0 ? `${allowed}; there is none` : `${allowed}: ${known.join(", ")}`,
    fix: first === undefined ? { path: path.slice(0, -1) } : { path: path, value: first },
  });
}

/** Route 53's checkers are automated clients: a rule against those would raise the alarm for ever. */
function refusedCheckers(at: RulePath, { host, path }: Endpoint, { edge }: PartialStackConfig): BrokenRule[] {
  if (edge?.provider !== "cloudflare") return [];
  return Object.entries(edge.rules).flatMap(([name, rule]): BrokenRule[] => {
    if (rule.type !== "match" || rule.when.botScoreBelow === undefined || (rule.mode !== "block" && rule.mode !== "challenge")) return [];
    const { when, unless } = rule;
    const meets = (hosts: readonly string[] = [host], paths: readonly string[] = [path]) =>
      hosts.includes(host) && paths.some((pattern) => covers(pattern, path));
    if (!meets(when.hosts, when.paths)) return [];
    if (unless !== undefined && (unless.hosts ?? unless.paths) !== undefined && meets(unless.hosts, unless.paths)) return [];
    const free = [...(unless?.paths ?? [])];
    return broken({
      path: [...at, "path"],
      found: `is ${showValue(path)}, where the rule edge.rules.${name} refuses automated clients, as Route 53's checkers are`,
      allowed: "a path that the rule lets alone (unless.paths)",
      fix: { path: ["edge", "rules", name, "unless", "paths", free.length], value: path },
    });
  });
}

/** Whether a path pattern with a star at its start or end covers a path. */
function covers(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), path.toLowerCase().replace(/\?.*$/, "")];
  if (wanted.startsWith("*")) return given.endsWith(wanted.slice(1));
  return wanted.endsWith("*") ? given.startsWith(wanted.slice(0, -1)) : wanted === given;
}
