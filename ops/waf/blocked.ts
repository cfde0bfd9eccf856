/** `slipway waf blocked`: which rule keeps whom out, at AWS or at Cloudflare. */
import Table from "cli-table3";
import pc from "picocolors";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, operatedStack, type StackFlags } from "../project/stack.ts";
import type { Blocked } from "./blockedRequests.ts";
import { keptOut, mends } from "./keptOut.ts";

/** Flags of the command. */
export interface BlockedFlags extends StackFlags {
  /** How far back, milliseconds. */
  readonly since: number;
  /** Show clients' addresses. @default false */
  readonly addresses?: boolean;
}

/** Rows that a screen takes. */
const shown = 25;

/** Prints what was kept out. @returns 0, whatever it is: a firewall is there to block */
export async function blocked(flags: BlockedFlags): Promise<number> {
  const stack = operatedStack(flags);
  const { requests, notes } = await askedOf(stack, flags);
  const mended = mends(stack, flags, requests);
  const minutes = Math.round(flags.since / 60_000);
  const total = requests.reduce((sum, { count }) => sum + count, 0);
  console.log(
    `${total === 0 ? "Nothing was" : `About ${total} requests were`} kept out of ${stack.name} in the last ${minutes} minutes, in ${cloudOf(stack)}.`,
  );
  for (const note of notes) console.log(pc.dim(note));
  if (total > 0) {
    const head = ["rule", "does", "country", "path", "requests", ...(flags.addresses === true ? ["clients"] : [])];
    const table = new Table({ head, style: { head: [], border: [] } });
    for (const { rule, action, country, path, count, clients } of requests.slice(0, shown))
      table.push([
        rule,
        action,
        country,
        path.slice(0, 60),
        String(count),
        ...(flags.addresses === true ? [clients.slice(0, 5).join("\n")] : []),
      ]);
    console.log(table.toString());
    if (requests.length > shown) console.log(`… and ${requests.length - shown} more kinds of requests.`);
    for (const { about } of mended) console.log(about);
  }
  // Of several rules somebody has to say which one; the page tells how.
  const [only, ...others] = mended.flatMap(({ command }) => command ?? []);
  const page = slipwayCommand("runbook waf-blocking", { ...flags, stack: stack.name });
  console.log(nextLine(total === 0 ? undefined : only !== undefined && others.length === 0 ? only : page));
  return 0;
}

async function askedOf(stack: NamedStack, { since, addresses = false }: BlockedFlags): Promise<Blocked> {
  const session = openSession(stack);
  try {
    return await keptOut({ stack, aws: openAws(stack), since, addresses }, async () => (await readState(session)).resources);
  } finally {
    session.close();
  }
}
