/** Flags that name what of a stack a command is about. */
import type { State } from "./state.ts";

/** The environment and its regions, which make nothing by themselves: all that is made belongs to them. */
const parents = "**slipway:environment:*::*";

/** Whether the flags name what of the stack a command is about. */
export function namesTargets(flags: readonly string[]): boolean {
  return flags.some((flag) => /^(?:-t|--target)(?:=|$)/.test(flag));
}

/** Whether the flags name what of a stack a command is about, or is not. */
export function namesPart(flags: readonly string[]): boolean {
  return namesTargets(flags) || flags.some((flag) => /^--exclude(?:=|$)/.test(flag));
}

/**
 * The flags, with the parents of what they name where the stack is not there yet: the engine makes no part whose parent it is not
 * to make. Of one that is there they stay as they are, since a target is asked to go with all that depends on it.
 */
export function withParents(flags: readonly string[], { resources }: Pick<State, "resources">): readonly string[] {
  const there = resources.some(({ type }) => type === "slipway:environment:Environment");
  return namesTargets(flags) && !there ? [...flags, "--target", parents] : flags;
}
