/** IAM policy documents of a graph, and what parliament says of them. */
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { isObject, type Value } from "../../sandbox/provider/values.ts";
import type { ScanResult } from "./finding.ts";
import type { TerraformPlan } from "./terraformPlan.ts";

const findings = z.array(
  z.object({ policy: z.string(), issue: z.string(), severity: z.string(), detail: z.string(), location: z.string() }),
);

/** Policy documents by where they stand, such as `aws_iam_role.api-task.assume_role_policy`. */
export function policiesOf(plan: TerraformPlan): ReadonlyMap<string, string> {
  const policies = new Map<string, string>();
  const visit = (path: string, value: Value): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(`${path}.${index}`, item);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(`${path}.${key}`, item);
    else if (typeof value === "string" && isPolicy(value)) policies.set(path, value);
  };
  for (const { address, values } of plan.planned_values.root_module.resources) visit(address, values);
  return policies;
}

function isPolicy(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && "Statement" in document;
  } catch {
    return false; // such as the beginning of an answer that a health check looks for
  }
}

/** Analyses every policy of a plan. */
export async function scanPolicies(python: string, plan: TerraformPlan): Promise<ScanResult> {
  const policies = policiesOf(plan);
  const documents = Object.fromEntries([...policies].map(([name, text]) => [name, withResource(name, text)]));
  const { stdout } = await execa(python, ["-W", "ignore", join(import.meta.dirname, "policyFindings.py")], {
    input: JSON.stringify(documents),
  });
  const found = findings.parse(JSON.parse(stdout));
  return {
    scanner: "parliament",
    passed: policies.size - new Set(found.map(({ policy }) => policy)).size,
    findings: found.map(({ policy, issue, detail }) => ({ scanner: "parliament", check: issue, resource: policy, detail })),
  };
}

/** Policies that name no resource, which is the one that they belong to, with an ARN of such a resource: parliament knows none of them. */
const ofThemselves: readonly (readonly [RegExp, string])[] = [
  [/\.assume_role_policy$/, "arn:aws:iam::123456789012:role/itself"],
  [/^aws_ecr_repository_policy\..*\.policy$/, "arn:aws:ecr:us-east-1:123456789012:repository/itself"],
];

function withResource(name: string, text: string): string {
  const [, Resource] = ofThemselves.find(([of]) => of.test(name)) ?? [];
  if (Resource === undefined) return text;
  const document = JSON.parse(text) as { Statement: object[] };
  return JSON.stringify({ ...document, Statement: document.Statement.map((statement) => ({ ...statement, Resource })) });
}
