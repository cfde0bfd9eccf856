/** Which providers a command that only reads the state has to take as real. */
import { afterEach, expect, test, vi } from "vitest";
import { providersToRead } from "../../ops/engine/backend.ts";

afterEach(() => vi.unstubAllEnvs());

test.each<[string, string, "aws" | "cloudflare" | undefined, number]>([
  ["a shared state is real throughout: who reads AWS's part may read all of it", "s3://state", "aws", 3],
  ["a state on this machine has what was asked for", "", "aws", 1],
  ["a shared state is not read as if its AWS part were simulated", "s3://state", "cloudflare", 1],
  ["without a real provider everything stays simulated", "s3://state", undefined, 0],
])("%s", (_, backend, real, count) => {
  vi.stubEnv("PULUMI_BACKEND_URL", backend);
  expect(providersToRead(real === undefined ? [] : [real])).toHaveLength(count);
});
