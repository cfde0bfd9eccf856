/** Where Slipway keeps what it made once. */
import { isAbsolute } from "node:path";
import { expect, it, vi } from "vitest";
import { cacheFolder } from "../../../sandbox/engine/engine.ts";

it("case 50 an empty HOME is none: the folder is the account's own", () => {
  for (const name of ["SLIPWAY_CACHE", "XDG_CACHE_HOME"]) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", "");
  expect(isAbsolute(cacheFolder())).toBe(true);
  vi.unstubAllEnvs();
});
