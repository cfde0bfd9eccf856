/** One look at one thing: what it said, or why nobody could tell. A look that fails keeps no other from being shown. */

/** What came of a look. */
export type Reading<Value> =
  | { readonly answer: "read"; readonly value: Value }
  /** One sentence that says why. */
  | { readonly answer: "unread"; readonly reason: string };

/** How long one look may take, milliseconds, and a part of it: the whole screen is there in five seconds. */
export const patience = { look: 4500, part: 3000 } as const;

/**
 * Looks. Never throws: whoever is on call sees the rest, whatever this one meets.
 * @param milliseconds after which it counts as unread
 */
export async function reading<Value>(ask: () => Promise<Value>, milliseconds: number = patience.part): Promise<Reading<Value>> {
  const { promise: late, resolve } = Promise.withResolvers<Reading<Value>>();
  const timer = setTimeout(() => resolve({ answer: "unread", reason: `no answer within ${milliseconds / 1000} s` }), milliseconds);
  try {
    return await Promise.race([ask().then((value) => ({ answer: "read" as const, value })), late]);
  } catch (error) {
    return { answer: "unread", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The same of what another look has found; what that could not read, this cannot. */
export function from<Before, Value>(
  before: Promise<Reading<Before>>,
  ask: (value: Before) => Promise<Value>,
  milliseconds: number = patience.look,
): Promise<Reading<Value>> {
  return reading(async () => {
    const found = await before;
    if (found.answer === "unread") throw new Error(found.reason);
    return ask(found.value);
  }, milliseconds);
}

/** What was read, as something else. */
export function mapped<Before, Value>(read: Reading<Before>, change: (value: Before) => Value): Reading<Value> {
  return read.answer === "read" ? { answer: "read", value: change(read.value) } : read;
}

/** What was read; undefined where nothing was. */
export function known<Value>(read: Reading<Value>): Value | undefined {
  return read.answer === "read" ? read.value : undefined;
}
