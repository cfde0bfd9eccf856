/** Rules between what is counted in logs, the panels of paths, and the services that write the logs. */

import { type BrokenRule, broken, type RulePath, showValue } from "../../contract/rule.ts";
import { filterLimit } from "../../logs/contract.ts";
import type { PartialStackConfig } from "../contract.ts";

/** Filters that one panel takes: requests, failures, time. */
const filtersOfPanel = 3;

/** Everything that is wrong with patterns and panels. */
export function logsRules(config: PartialStackConfig): BrokenRule[] {
  return [...patternProblems(config), ...panelProblems(config), ...tooMany(config)];
}

function patternProblems(config: PartialStackConfig): BrokenRule[] {
  return Object.entries(config.logs?.patterns ?? {}).flatMap(([name, { services }]) =>
    services.flatMap((service, index) => onEcs(["logs", "patterns", name, "services", index], service, config)),
  );
}

function panelProblems(config: PartialStackConfig): BrokenRule[] {
  const patterns = config.logs?.patterns;
  return Object.entries(config.dashboards?.endpoints ?? {}).flatMap(([name, { service, signal }]) => {
    const at = ["dashboards", "endpoints", name];
    const problems = onEcs([...at, "service"], service, config);
    if (signal === undefined || patterns === undefined) return problems;
    const counted = patterns[signal];
    if (counted !== undefined && (counted.services.length === 0 || counted.services.includes(service))) return problems;
    const known = Object.keys(patterns).filter((pattern) => {
      const { services = [] } = patterns[pattern] ?? {};
      return services.length === 0 || services.includes(service);
    });
    const [first] = known;
    problems.push({
      path: [...at, "signal"],
      found: `is ${showValue(signal)}, which is not counted in the log of ${service}`,
      allowed: known.length === 0 ? "a pattern that logs.patterns declares" : `one of ${known.join(", ")}`,
      fix: first === undefined ? { path: [...at, "signal"] } : { path: [...at, "signal"], value: first },
    });
    return problems;
  });
}

/** A service's log is CloudWatch's only where its tasks are ECS's. */
function onEcs(path: RulePath, name: string, { services }: PartialStackConfig): BrokenRule[] {
  if (services === undefined || services[name]?.compute === "ecs") return [];
  const known = Object.keys(services).filter((service) => services[service]?.compute === "ecs");
  const [first] = known;
  return broken({
    path,
    found: `is ${showValue(name)}${services[name] === undefined ? ", which is not among services" : ", whose log is with its cluster"}`,
    allowed: known.length === 0 ? "a service with compute: ecs; there is none" : `one of ${known.join(", ")}`,
    fix: first === undefined ? { path: path } : { path: path, value: first },
  });
}

function tooMany({ services = {}, logs, dashboards }: PartialStackConfig): BrokenRule[] {
  return Object.keys(services).flatMap((service) => {
    const patterns = Object.values(logs?.patterns ?? {}).filter(
      (pattern) => pattern.services.length === 0 || pattern.services.includes(service),
    );
    const panels = Object.values(dashboards?.endpoints ?? {}).filter((panel) => panel.service === service);
    const filters = patterns.length + filtersOfPanel * panels.length;
    if (filters <= filterLimit) return [];
    return broken({
      path: ["dashboards", "endpoints"],
      found: `has ${filters} metric filters on the log of ${service}, those of logs.patterns among them`,
      allowed: `at most ${filterLimit}: one a pattern, ${filtersOfPanel} a path`,
    });
  });
}
