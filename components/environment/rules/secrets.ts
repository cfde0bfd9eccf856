import { type BrokenRule, showValue } from "../../contract/rule.ts";
import { secretPlace } from "../contract/secrets.ts";
import type { PartialStackConfig } from "../contract.ts";

/** What is wrong between secrets and the rest of the stack. */
export function secretsRules({ aws, secrets: all, services, system, environment }: PartialStackConfig): BrokenRule[] {
  const names = Object.keys(all ?? {});
  if (all === undefined || names.length === 0) return [];
  const problems: BrokenRule[] = [];
  if (system !== undefined && environment !== undefined) {
    const prefix = `/${system}/${environment}/`;
    for (const name of names.filter((candidate) => !candidate.startsWith(prefix)))
      problems.push({
        path: ["secrets", name],
        found: "is of another system or environment by its name",
        allowed: `a name that starts with ${prefix}, so that environments never share a secret`,
        fix: { path: ["secrets", name] },
      });
  }
  // Once a stack declares its secrets, a reference that is not declared is a typing error.
  for (const [service, { secrets: references }] of Object.entries(services ?? {})) {
    for (const [variable, reference] of Object.entries(references)) {
      if (aws === undefined || all[reference] !== undefined || secretPlace({ aws, secrets: all }, reference).fixed) continue;
      problems.push({
        path: ["services", service, "secrets", variable],
        found: `is ${showValue(reference)}, which secrets does not declare`,
        allowed: `one of ${names.slice(0, 6).join(", ")}${names.length > 6 ? " …" : ""}, or an ARN`,
        fix: { path: ["secrets", reference, "store"], value: "parameter" },
      });
    }
  }
  return problems;
}
