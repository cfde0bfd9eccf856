/** What carries another stack's tags: as stacks may share an account, no update changes it, and no role that a stack makes uses it. */
import { regionalChanges } from "./applyChanges.ts";
import type { Statement } from "./policyDocument.ts";
import { type PipelineScope, tagged } from "./scope.ts";

/** Images of a registry that stacks may share are given a tag that keeps them. */
const shared: readonly string[] = ["BatchGetImage", "PutImage"];

/** All of these services' actions, and so the change of the tags themselves; of keys and secrets the uses have conditions of their own. */
export const othersChanges: readonly string[] = [
  ...Object.keys(regionalChanges)
    .filter((service) => service !== "ecr")
    .map((service) => `${service}:*`),
  ...(regionalChanges.ecr ?? []).filter((verb) => !shared.includes(verb)).map((verb) => `ecr:${verb}`),
  "cloudfront:*",
  "kms:TagResource",
  "lambda:*",
  "secretsmanager:TagResource",
];

/** Statements that refuse actions on them. Where a service does not look at tags, or something has none, they refuse nothing. */
export function othersStatements(scope: PipelineScope, refused: readonly string[]): Statement[] {
  return Object.entries(tagged(scope, "ResourceTag")).map(([tag, value]) => ({
    Sid: `NoOther${tag.split("/")[1]}`,
    Effect: "Deny",
    Action: refused,
    Resource: ["*"],
    Condition: { StringNotEquals: { [tag]: value }, Null: { [tag]: "false" } },
  }));
}
