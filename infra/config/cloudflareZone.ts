/** A zone as Cloudflare has it, held against the one that config believes in. Pure. */
import { showValue } from "../../components/contract/rule.ts";
import { plans } from "../../components/edge/plan.ts";
import { type Problem, setCommand } from "./problem.ts";
import type { StackConfig } from "./stack.ts";

/** A zone as Cloudflare answers. What it does not tell is not judged. */
export interface AnsweredZone {
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  /** As `edge.plan` calls it. */
  readonly plan?: string | undefined;
  /** Name of the account that has it. */
  readonly account?: string | undefined;
}

/** What is not as config says. A plan with more than config believes is a warning. */
export function zoneProblems({ dns, edge }: Pick<StackConfig, "dns" | "edge">, { name, status, plan, account }: AnsweredZone): Problem[] {
  if (name !== undefined && name !== dns.zone)
    return [
      {
        path: ["dns", "zoneId"],
        found: `is the zone of ${name}${account === undefined ? "" : ` in the account ${showValue(account)}`}, and dns.zone is ${dns.zone}`,
        reason: `Each record would be written below ${name}.`,
        allowed: `the id on the overview page of ${dns.zone} at https://dash.cloudflare.com`,
        choose: true,
      },
    ];
  const problems: Problem[] = [];
  if (status !== undefined && status !== "active")
    problems.push({
      path: ["dns", "zone"],
      found: `is ${status} at Cloudflare: the zone is not delegated to it`,
      reason: "No record of it answers, so that a certificate would wait for its validation in vain.",
      allowed: "a zone that is active",
      fix: `at the registrar of ${dns.zone}: the name servers that https://dash.cloudflare.com names for it`,
    });
  const [has, wanted] = [
    (plans as readonly (string | undefined)[]).indexOf(plan),
    edge.provider === "cloudflare" ? plans.indexOf(edge.plan) : -1,
  ];
  if (has !== -1 && wanted !== -1 && has !== wanted)
    problems.push({
      path: ["edge", "plan"],
      found: `is ${showValue(edge.provider === "cloudflare" ? edge.plan : "")}, and the zone has the plan ${plan}`,
      reason:
        has < wanted ? "Cloudflare would refuse rules that this plan does not have." : "Rules are refused here that the zone could have.",
      fix: setCommand(["edge", "plan"], plan ?? ""),
      severity: has < wanted ? "error" : "warning",
    });
  return problems;
}
