/** What there is to do about a stack, the gravest first, and with it the one command that comes next. Pure. */
import { type Commands, commandsOn, type Named } from "./commands.ts";
import { type Finding, gravities } from "./finding.ts";
import {
  alarmFindings,
  byHandFindings,
  engineFindings,
  holdFindings,
  quotaFindings,
  regionFindings,
  storeFindings,
  upkeepFindings,
} from "./stackFindings.ts";
import type { StackStatus } from "./stackStatus.ts";
import { trafficFindings } from "./trafficFindings.ts";

/** What came of it. */
export interface Advice {
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** Of the gravest. @default nothing is to be done */
  readonly next?: string;
}

/**
 * @param status as it was read
 * @param unread sentences about what could not be
 * @param flags that name the stack in commands
 */
export function advice(status: StackStatus, unread: readonly string[], flags: Named): Advice {
  const commands = commandsOn(flags);
  const all = [
    ...regionFindings(status, commands),
    ...trafficFindings(status, commands),
    ...storeFindings(status, commands, flags),
    ...alarmFindings(status, commands),
    ...engineFindings(status, commands),
    ...holdFindings(status, commands),
    ...upkeepFindings(status, commands),
    ...byHandFindings(status, commands),
    ...quotaFindings(status, commands),
  ];
  const findings = gravities.flatMap((gravity) => all.filter((one) => one.gravity === gravity));
  const [first] = findings;
  // What waits for working hours comes after a look at what a hand in a console may have changed; somebody who was told wants the page.
  const pressing = first?.gravity === "chore" ? findings.find(({ rings }) => rings === true) : first;
  const next = pressing?.command ?? withoutFindings(status, unread, commands) ?? first?.command;
  return { findings, ...(next === undefined ? {} : { next }) };
}

/** The account, its credentials and rights are what keeps a look from being answered. */
function withoutFindings({ deep }: StackStatus, unread: readonly string[], commands: Commands): string | undefined {
  if (unread.length > 0) return commands.doctor();
  return deep === undefined ? commands.deeper() : undefined;
}
