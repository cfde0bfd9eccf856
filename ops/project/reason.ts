/** What a person gives as the reason of what they do: kept with it, and printed. */
import { UserError } from "../userError.ts";

/** Longest reason, characters. */
const longest = 1000;

/** @returns it without spaces at its ends @throws UserError for one that is empty or too long */
export function requireReason(reason: string | undefined): string {
  const said = reason?.trim() ?? "";
  if (said.length > 0 && said.length <= longest) return said;
  const found = reason === undefined ? "is missing" : `has ${said.length} characters`;
  throw new UserError(
    `--reason ${found}; allowed: 1 to ${longest}, not only spaces. Say why: --reason 'why, for whoever reads it later'`,
    2,
  );
}
