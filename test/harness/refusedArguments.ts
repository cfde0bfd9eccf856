/** What a component refuses before it registers anything. */
import { InputPropertiesError } from "@pulumi/pulumi";

/** Paths of the arguments that cannot be used, in the order in which they are told. */
export function refusedArguments(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputPropertiesError) return (error.errors ?? []).map(({ propertyPath }) => propertyPath);
    throw error;
  }
  return [];
}
