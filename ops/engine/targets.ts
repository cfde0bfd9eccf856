/** Flags that name what of a stack a command is about. */

/** The environment and its regions, which make nothing by themselves: all that is made belongs to them. */
const parents = "**slipway:environment:*::*";

/** Whether the flags name a part of the stack. */
export function namesTargets(flags: readonly string[]): boolean {
  return flags.some((flag) => /^(?:-t|--target)(?:=|$)/.test(flag));
}

/**
 * The flags, with the parents of what they name: of a stack that is not there yet the engine makes no part whose parent it is not
 * to make.
 */
export function withParents(flags: readonly string[]): readonly string[] {
  return namesTargets(flags) ? [...flags, "--target", parents] : flags;
}
