/** Values of flags that have to be one of what there is. */
import { UserError } from "../userError.ts";

/** @param owner whose they are, for the message: a stack's name  @throws UserError naming what there is */
export function requireOne(flag: string, given: string, known: readonly string[], owner: string): void {
  if (!known.includes(given)) throw new UserError(`${flag} ${given} is none of ${owner}. There is: ${known.join(", ") || "none"}.`, 2);
}
