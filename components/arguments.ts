/** Validation of component arguments: everything that is wrong, in one error. */
import { InputPropertiesError } from "@pulumi/pulumi";
import type { ArgumentProblem } from "./argumentProblem.ts";

/** @throws InputPropertiesError naming every problem, when there is one */
export function refuseArguments(component: string, problems: readonly ArgumentProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath} ${reason}`);
  throw new InputPropertiesError({ message: [`${component} cannot be created:`, ...lines].join("\n"), errors: [...problems] });
}
