/** Waiting until users are served. */
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../userError.ts";
import { ask } from "../verify/ask.ts";

/** Answers in a row that count as healthy: one alone may be luck. */
const inARow = 3;

/** Waits until every address has answered 200 three times in a row. @throws UserError naming those that did not in time */
export async function waitForHealth(addresses: readonly string[], seconds: number, everyMilliseconds = 2000): Promise<void> {
  const until = Date.now() + seconds * 1000;
  const results = await Promise.all(addresses.map((address) => healthy(address, until, everyMilliseconds)));
  const bad = results.filter((result) => result !== undefined);
  if (bad.length > 0)
    throw new UserError(
      ["The update went through, and these do not answer 200:", ...bad.map((line) => `  ${line}`), "See docs/runbooks/README.md."].join(
        "\n",
      ),
    );
}

/** @returns what is wrong, or undefined */
async function healthy(address: string, until: number, everyMilliseconds: number): Promise<string | undefined> {
  let good = 0;
  for (let last = "never asked"; ; ) {
    const answer = await ask(new URL(address));
    good = "status" in answer && answer.status === 200 ? good + 1 : 0;
    last = "status" in answer ? `answers ${answer.status}` : answer.reason;
    if (good >= inARow) return undefined;
    if (Date.now() + everyMilliseconds > until) return `${address}: ${last}`;
    await pause(everyMilliseconds);
  }
}
