/** What there is to do about a stack, the gravest first, and with it the one command that comes next. Pure. */
import { type Commands, commandsOn, type Named } from "./commands.ts";
import { type Finding, gravities } from "./finding.ts";

import { alarmFindings, engineFindings, holdFindings, regionFindings, storeFindings, upkeepFindings } from "./stackFindings.ts";
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
  ];
  const findings = gravities.flatMap((gravity) => all.filter((one) => one.gravity === gravity));
  const next = findings[0]?.command ?? withoutFindings(unread, commands);
  return { findings, ...(next === undefined ? {} : { next }) };
}

/** The account, its credentials and rights are what keeps a look from being answered. */
function withoutFindings(unread: readonly string[], commands: Commands): string | undefined {
  return unread.length > 0 ? commands.doctor() : undefined;
}
