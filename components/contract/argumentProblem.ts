/** What is wrong with a component's arguments. Pure: config holds the same values against the same rules without a provider. */

/** One argument that cannot be used. */
export interface ArgumentProblem {
  /** Path of the argument, for example `zones[0]`. */
  readonly propertyPath: string;
  /** What was given and what is allowed, worded to follow the path. */
  readonly reason: string;
}

/** A problem when the value is not a whole number within the bounds. */
export function outsideRange(propertyPath: string, value: number, least: number, most: number, unit: string): ArgumentProblem[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ propertyPath, reason: `is ${value}; give an integer from ${least} to ${most} (${unit})` }];
}
