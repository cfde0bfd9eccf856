/** What is wrong with a component's arguments. Pure: config holds the same values against the same rules without a provider. */
import { describeShape, shapeOf } from "./shape.ts";
import type { z } from "./zod.ts";

/** One argument that cannot be used. */
export interface ArgumentProblem {
  /** Path of the argument, for example `zones[0]`. */
  readonly propertyPath: string;
  /** What was given and what is allowed, worded to follow the path. */
  readonly reason: string;
}

/** A problem when a number is not what a contract takes: of arguments that are counted, or made of others. */
export function outside(propertyPath: string, value: number, contract: z.ZodType<number>): ArgumentProblem[] {
  if (contract.safeParse(value).success) return [];
  return [{ propertyPath, reason: `is ${value}; give ${describeShape(shapeOf(contract))}` }];
}
