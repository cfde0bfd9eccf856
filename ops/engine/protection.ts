/** A protected stack is not deleted: its data would stay, but its tasks and rules would go, and users would see an outage. */

import type { ProblemSource } from "../../infra/config/problem.ts";
import { setCommandOf } from "../../infra/config/problem.ts";
import { resourceName } from "../../infra/config/resourceName.ts";
import { UserError } from "../userError.ts";
import type { State } from "./state.ts";
import { namesTargets } from "./targets.ts";

/** What is told of a stack whose config protects it. @param source of the config */
export function protectedStack(stack: string, { originOf, file }: ProblemSource): UserError {
  const origin = originOf(["protect"]);
  return refusal(stack, `slipway:protect is true in ${origin === undefined ? file : `${origin.file} line ${origin.line}`}`);
}

/**
 * Refuses to delete a stack in whose state a resource is protected: the engine would delete everything else first. A default of
 * the project does that, without a word in the stack's own config.
 * @param flags of the command: what names its targets, or leaves out what is protected, goes on
 */
export function refuseProtected({ resources }: State, stack: string, flags: readonly string[]): void {
  if (namesTargets(flags) || flags.some((flag) => /^--exclude-protected(?:=|$)/.test(flag))) return;
  const names = resources.filter(({ protect }) => protect === true).map(({ urn }) => resourceName(urn));
  if (names.length === 0) return;
  const shown = names.slice(0, 3).join(", ");
  const those = names.length === 1 ? `1 resource, ${shown}` : `${names.length} resources, such as ${shown}`;
  throw refusal(stack, `its state protects ${those}`);
}

function refusal(stack: string, why: string): UserError {
  return new UserError(
    [
      `${stack} is protected: ${why}. Nothing was deleted. To delete the stack and its data:`,
      `  ${setCommandOf(stack, ["protect"], false)}`,
      `  slipway up --stack ${stack}          lifts the protection, in the engine and at AWS`,
      `  slipway destroy --stack ${stack}`,
    ].join("\n"),
    2,
  );
}
