/** Moments in which nobody changes a stack: what a job waits for, and what a look at it needs. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { openSession } from "../engine/commands.ts";
import type { Session } from "../engine/session.ts";
import { storedState } from "../engine/stateFiles.ts";
import { namedStack } from "../project/stack.ts";
import { refuseHeld, releaseDeadLocks } from "../recovery/locks.ts";
import { UserError } from "../userError.ts";

/** Whose stack it is. */
export type Watched = Pick<Session, "backend" | "project" | "stack">;

/** How long somebody else is waited for. */
export interface Patience {
  /** Seconds in all. */
  readonly seconds: number;
  /** Between two questions, milliseconds. @default 5000 */
  readonly everyMilliseconds?: number;
}

/** The stack of a name, for the functions here. No engine starts. */
export function watched(stack: string): Watched {
  return openSession(namedStack({ stack }));
}

/** Who changes the stack, as a sentence; undefined when nobody does. A lock that is too old for any update is nobody's. */
async function changing(stack: Watched): Promise<string | undefined> {
  const { held } = await releaseDeadLocks(stack, false);
  if (held === undefined) return undefined;
  try {
    refuseHeld(stack, held, "preview");
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Waits until nobody changes the stack. @returns who does still, when the time is over */
export async function untilFree(stack: Watched, { seconds, everyMilliseconds = 5000 }: Patience): Promise<string | undefined> {
  const until = Date.now() + seconds * 1000;
  for (let said = false; ; said = true) {
    const who = await changing(stack);
    if (who === undefined || Date.now() + everyMilliseconds > until) return who;
    if (!said) console.log(`waiting: ${who.split("\n")[0]}`);
    await pause(everyMilliseconds);
  }
}

/**
 * Looks while nobody changes the stack: a look beside an update saw half of it, and is repeated.
 * @param tries how often it looks at most. @default 3
 * @returns what was seen, or undefined when somebody was always at work
 */
export async function whileQuiet<Seen>(
  stack: Watched,
  look: () => Promise<Seen>,
  patience: Patience,
  tries = 3,
): Promise<Seen | undefined> {
  for (let attempt = 0; attempt < tries; attempt++) {
    if ((await untilFree(stack, patience)) !== undefined) return undefined;
    const before = await printOf(stack);
    const seen = await look().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if ((await changing(stack)) !== undefined || (await printOf(stack)) !== before) continue;
    if ("error" in seen) throw seen.error;
    return seen.value;
  }
  return undefined;
}

async function printOf(stack: Watched): Promise<string> {
  return createHash("sha256")
    .update((await storedState(stack)) ?? "")
    .digest("hex");
}
