/** Validation of component arguments: everything that is wrong, in one error. */
import { InputPropertiesError } from "@pulumi/pulumi";

/** One argument that cannot be used. */
export interface ArgumentProblem {
  /** Path of the argument, for example `zones[0]`. */
  readonly propertyPath: string;
  /** What was given and what is allowed, worded to follow the path. */
  readonly reason: string;
}

/** @throws InputPropertiesError naming every problem, when there is one */
export function refuseArguments(component: string, problems: readonly ArgumentProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ propertyPath, reason }) => `  ${propertyPath} ${reason}`);
  throw new InputPropertiesError({ message: [`${component} cannot be created:`, ...lines].join("\n"), errors: [...problems] });
}

/** A problem when the value is not a whole number within the bounds. */
export function outsideRange(propertyPath: string, value: number, least: number, most: number, unit: string): ArgumentProblem[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ propertyPath, reason: `is ${value}; give an integer from ${least} to ${most} (${unit})` }];
}
