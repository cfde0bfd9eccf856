/** Rulesets of a zone's phases that a stack is to make, and that are there already. Pure. */
import { type Phase, zonePhases, zoneRules } from "../../components/edge/cloudflare/phases.ts";
import { hostsOf, hostsOn } from "../../components/environment/contract/hostRecords.ts";
import type { Problem } from "./problem.ts";
import type { StackConfig } from "./stack.ts";

/** A ruleset as Cloudflare lists it. */
export interface ListedRuleset {
  readonly id: string;
  /** `zone` for the entry point of a phase, of which a zone has one. */
  readonly kind: string;
  readonly phase: string;
  readonly name: string;
}

/** Phases for which the stack declares the zone's ruleset. */
export function phasesOf(config: StackConfig): Phase[] {
  const { dns, edge } = config;
  if (edge.provider !== "cloudflare" || !edge.zoneRules) return [];
  const header = edge.origin.lock ? { name: edge.origin.header, value: "", hosts: hostsOn(config, "ecs") } : undefined;
  return [...zonePhases(zoneRules({ ...edge, zoneId: dns.zoneId, hosts: hostsOf(config) }, header)).keys()];
}

/** Entry points that are not the stack's, of phases that it is to have. @param own phases whose ruleset the stack has made */
export function foreignRulesets(config: StackConfig, listed: readonly ListedRuleset[], own: ReadonlySet<string>): ListedRuleset[] {
  const phases = new Set<string>(phasesOf(config));
  return listed.filter(({ kind, phase }) => kind === "zone" && phases.has(phase) && !own.has(phase));
}

/** Why such a ruleset is refused, and how its rules are read. */
export function foreignRulesetProblem({ dns }: StackConfig, { id, phase, name }: ListedRuleset): Problem {
  const url = `https://api.cloudflare.com/client/v4/zones/${dns.zoneId}/rulesets/${id}`;
  return {
    path: ["edge", "zoneRules"],
    found: `is true, and the zone has a ruleset of the phase ${phase} already: "${name}", which is not of this stack`,
    reason: "A zone has one for a phase: the update would end at it (20217), with what comes before it changed.",
    allowed: "its rules taken over into edge, and then the ruleset deleted; or false, where another stack has the zone's rules",
    fix: `curl -sS -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" ${url}   (its rules; with -X DELETE it goes)`,
  };
}
