/** What IAM says to a request under a role's statements: as far as these policies go, and no further. */
import type { PolicyStatement } from "../../../components/access/policyDocument.ts";

/** One request. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys. @default none */
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether a statement allows the request and none denies it. */
export function allows(statements: readonly PolicyStatement[], request: IamRequest): boolean {
  const meant = statements.filter((one) => speaksOf(one, request));
  return meant.some(({ Effect }) => Effect === "Allow") && meant.every(({ Effect }) => Effect === "Allow");
}

function speaksOf(statement: PolicyStatement, { action, resource, context = {} }: IamRequest): boolean {
  if (!statement.Action.some((pattern) => like(pattern, action))) return false;
  if ("NotResource" in statement) return !statement.NotResource.some((pattern) => like(pattern, resource));
  if (!statement.Resource.some((pattern) => like(pattern, resource))) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) => {
    if (operator !== "StringEquals") throw new Error(`the verdict does not know ${operator}`);
    return Object.entries(keys).every(([key, values]) => [values].flat().includes(context[key] ?? ""));
  });
}

function like(pattern: string, text: string): boolean {
  return new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replaceAll(/[^\w]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text);
}
