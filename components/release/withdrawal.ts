/** How a colour's traffic is taken away as a whole, by a rollback of whatever kind: program, commands and the rollback function do it alike. */
import { type Colour, otherColour } from "../colours.ts";

/** One target group of a rule. */
export interface ColourShare {
  readonly colour: Colour;
  /** Percent. */
  readonly weight: number;
}

/** What is known of a colour that has no traffic any more, or loses it now. */
export interface FormerShare {
  /** Seconds that a client stays with the colour it met. @default clients stay with none */
  readonly stickinessSeconds?: number | undefined;
  /** Percent that it has until now. */
  readonly share: number;
  /** When it lost what it had, ISO 8601; empty where it has some, or never had any. */
  readonly servedUntil: string;
}

/** Whether clients may still have a cookie that leads to the colour. Its group stays out of the rule as long. */
export function clientsMayStay({ stickinessSeconds, share, servedUntil }: FormerShare, now: Date): boolean {
  if (stickinessSeconds === undefined) return false;
  return share > 0 || now.getTime() < Date.parse(servedUntil) + stickinessSeconds * 1000;
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
