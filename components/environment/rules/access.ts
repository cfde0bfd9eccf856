import type { BrokenRule } from "../../contract/rule.ts";
import type { PartialStackConfig } from "../contract.ts";

/** What is wrong between the roles and the rest of the stack. */
export function accessRules({ access: all, protect }: PartialStackConfig): BrokenRule[] {
  if (all?.github === undefined || protect !== true) return [];
  const problems: BrokenRule[] = [];
  if (all.github.decryptInPreview)
    problems.push({
      path: ["access", "github", "decryptInPreview"],
      found: "is true in a protected stack: any pull request could read its secrets",
      allowed: "false",
      fix: { path: ["access", "github", "decryptInPreview"], value: false },
    });
  return problems;
}
