/** Names of properties in the Terraform provider, which the facts keep in the names of the Node.js SDK. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PropertyFacts } from "../../sandbox/facts/facts.ts";

/**
 * Names that the rule below gets wrong, by path in the Terraform provider: all of the AWS provider 6.48, read off its schemas.
 * Of the 9,000 properties of its usual 455 types, the rule is right about all others.
 */
const irregular = JSON.parse(readFileSync(join(import.meta.dirname, "terraformNames.json"), "utf8")) as Readonly<Record<string, string>>;

/**
 * Name of a property in the Terraform provider: in snake case, and a repeated block in the singular.
 * @param path Terraform name of the type, then of each block that the property is in: `aws_lb_listener.default_action`
 */
export function terraformName(path: string, property: string, { type, shape }: Pick<PropertyFacts, "type" | "shape">): string {
  const known = irregular[`${path}.${property}`];
  if (known !== undefined) return known;
  const snake = property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (type === "block-list" || type === "block-set") && shape === "list" ? singular(snake) : snake;
}

function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`;
  if (/(sses|xes|ches|shes)$/.test(name)) return name.slice(0, -2);
  return name.endsWith("s") && !name.endsWith("ss") ? name.slice(0, -1) : name;
}
