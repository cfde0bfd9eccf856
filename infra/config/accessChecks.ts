import { type Problem, setCommand } from "./problem.ts";
import type { PartialStackConfig } from "./stack.ts";

/** What is wrong between the roles and the rest of the stack. */
export function accessProblems({ access: all, protect }: PartialStackConfig): Problem[] {
  if (all?.github === undefined || protect !== true) return [];
  const problems: Problem[] = [];
  if (all.github.decryptInPreview)
    problems.push({
      path: ["access", "github", "decryptInPreview"],
      found: "is true in a protected stack: any pull request could read its secrets",
      allowed: "false",
      fix: setCommand(["access", "github", "decryptInPreview"], false),
    });
  return problems;
}
