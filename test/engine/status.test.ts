/** `slipway status` on the real engine's state and the simulated cloud: what is wrong is in it, and its last line says what to run. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onlyApi, watchedRelease } from "../harness/smallStacks.ts";
import { StackUnderTest } from "../harness/stack.ts";

const stack = new StackUnderTest("staging", { ...watchedRelease, ...onlyApi, "autoRollback.web": undefined, uptime: undefined });
const status = (...flags: string[]) => stack.slipway("status", "--stack", "staging", ...flags);

beforeAll(() => stack.prepare());
afterAll(() => stack.remove());

describe("one screen", () => {
  it("N15 says what serves, by what is live, the state and the config, and what to run next", async () => {
    const { stdout } = await status();
    expect(stdout).toMatch(/api +blue +100 +100 +100 +1 of 1 /);
    expect(stdout).toMatch(/ +green +0 +0 +0 +1 of 1 /);
    expect(stdout).toMatch(/\nNext: npx slipway \S.*$/);
  });
});
