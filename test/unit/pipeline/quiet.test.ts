/** A look at a stack is repeated when somebody changed it meanwhile, and a job waits for who does. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { untilFree, type Watched, whileQuiet } from "../../../ops/ci/quiet.ts";

let folder = "";
let stack: Watched;
const said: string[] = [];
const quick = { seconds: 0.3, everyMilliseconds: 20 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-quiet-"));
  stack = { backend: { kind: "sandbox", folder, real: [] }, project: { folder, name: "shop", runtimeOptions: {} }, stack: "production" };
  said.length = 0;
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  write("stacks/shop/production.json", '{"version":3}');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): string {
  const file = join(folder, "state", ".pulumi", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A lock as an engine writes it. @returns its file */
function lock(owner: { readonly hostname?: string; readonly minutes?: number } = {}): string {
  const timestamp = new Date(Date.now() - (owner.minutes ?? 0) * 60_000);
  const content = { pid: process.pid, username: userInfo().username, hostname: owner.hostname ?? hostname(), timestamp };
  return write("locks/organization/shop/production/1.json", JSON.stringify(content));
}

describe("a look", () => {
  const look = vi.fn<() => Promise<string>>();
  beforeEach(() => void look.mockReset().mockResolvedValue("seen"));

  test("is taken once where nobody works, and its failure is its own", async () => {
    expect(await whileQuiet(stack, look, quick)).toBe("seen");
    expect(look).toHaveBeenCalledTimes(1);
    look.mockRejectedValue(new Error("AWS refused"));
    await expect(whileQuiet(stack, look, quick)).rejects.toThrow("AWS refused");
  });

  test("V25 the search for drift never looks at half an update", async () => {
    look.mockImplementationOnce(async () => {
      write("stacks/shop/production.json", '{"version":3,"new":1}');
      return "half an update";
    });
    look.mockImplementationOnce(async () => {
      write("stacks/shop/production.json", '{"version":3,"new":2}');
      throw new Error("half an update");
    });
    expect(await whileQuiet(stack, look, quick)).toBe("seen");
    expect(look).toHaveBeenCalledTimes(3);
  });

  test("V25 says nothing when one update follows the other", async () => {
    let updates = 0;
    look.mockImplementation(async () => {
      updates += 1;
      write("stacks/shop/production.json", `{"version":3,"new":${updates}}`);
      return "half an update";
    });
    expect(await whileQuiet(stack, look, quick)).toBeUndefined();
    expect(updates).toBe(3);
  });

  test("V25 says nothing beside an update that has begun meanwhile and goes on", async () => {
    look.mockImplementation(async () => {
      lock();
      return "half an update";
    });
    expect(await whileQuiet(stack, look, quick)).toBeUndefined();
    expect(look).toHaveBeenCalledTimes(1);
    expect(await whileQuiet(stack, look, quick)).toBeUndefined();
    expect(look).toHaveBeenCalledTimes(1);
  });

  test("is held by no lock that is too old for any update", async () => {
    lock({ hostname: "another", minutes: 121 });
    expect(await whileQuiet(stack, look, quick)).toBe("seen");
  });
});

test("a job waits for who changes the stack, names him, and goes on when he is done or the time is over", async () => {
  const file = lock({ hostname: "another" });
  expect(await untilFree(stack, { seconds: 0 })).toContain(`production is being changed by ${userInfo().username} on another`);
  expect(said).toEqual([]);
  setTimeout(() => rmSync(file), 60);
  expect(await untilFree(stack, { seconds: 5, everyMilliseconds: 20 })).toBeUndefined();
  expect(said).toEqual([expect.stringContaining("waiting: production is being changed by ")]);
});
