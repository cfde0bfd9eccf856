/** How a colour's traffic is taken away as a whole, by a rollback of whatever kind: program, commands and the rollback function do it alike. */
import { type Colour, otherColour } from "../colours.ts";

/** One target group of a rule. */
export interface ColourShare {
  readonly colour: Colour;
  /** Percent. */
  readonly weight: number;
}

/**
 * What a rule is to forward to. With clients that stick, the other colour leaves the rule: their cookies lead to a group at weight 0 as
 * well, and AWS does not let a rule with two groups drop stickiness while the groups' own targets stick. The candidate's header rule
 * keeps it attached, so that it stays health-checked.
 * @param receiver colour that gets everything
 * @param sticky clients stay with the colour that they met
 */
export function everythingTo(receiver: Colour, sticky: boolean): readonly ColourShare[] {
  const all = { colour: receiver, weight: 100 };
  return sticky ? [all] : [all, { colour: otherColour(receiver), weight: 0 }];
}
