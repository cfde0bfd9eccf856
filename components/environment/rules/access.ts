import type { BrokenRule } from "../../contract/rule.ts";
import type { PartialStackConfig } from "../contract.ts";

/** What is wrong between the roles and the rest of the stack. */
export function accessRules({ access, protect }: PartialStackConfig): BrokenRule[] {
  const github = access?.github;
  if (github === undefined) return [];
  const { repository, branch, workflow, apply, readEnvironment, decryptInPreview } = github;
  const problems: BrokenRule[] = [];
  if (protect === true && decryptInPreview)
    problems.push({
      path: ["access", "github", "decryptInPreview"],
      found: "is true in a protected stack: any pull request could read its secrets",
      allowed: "false",
      fix: { path: ["access", "github", "decryptInPreview"], value: false },
    });
  if ((apply.kind === "environment" || readEnvironment !== undefined) && workflow === undefined)
    problems.push({
      path: ["access", "github", "workflow"],
      found: "is missing",
      reason: "the token of a job with an environment names no branch: a workflow on any branch could take the role",
      allowed: "the workflow file that applies, and its branch",
      fix: {
        path: ["access", "github", "workflow"],
        choose: `your workflow: ${repository}/.github/workflows/….yml@refs/heads/${branch}`,
      },
    });
  return problems;
}
