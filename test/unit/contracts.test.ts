/** Laws of contracts: config and contracts are read without a provider, and what a component takes is bounded in its contract alone. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countsOf, kept, outsideContracts, totalOf } from "../../tools/outsideContracts.ts";
import { loadedFiles } from "../harness/loadedFiles.ts";

const root = join(import.meta.dirname, "../..");

test("infra/config and contracts load no @pulumi/*", async () => {
  const files = globSync([
    "infra/config/*.ts",
    "components/contract/{fields,rule,shape,zod}.ts",
    "components/*/{contract,*Contract}.ts",
    "components/environment/{contract,rules}/*.ts",
  ]);
  expect(files.length).toBeGreaterThan(60);
  const imports = files.map((file) => `await import("./${file}");`).join("\n");
  const urls = await loadedFiles(["--input-type=module", "--eval", imports]);
  expect(urls.length).toBeGreaterThan(files.length);
  expect(urls.filter((url) => url.includes("@pulumi"))).toEqual([]);
});

test("bounds, defaults and fallbacks outside contracts do not come back", () => {
  const files = outsideContracts(root);
  const { "?? literal": fallbacks, ...others } = totalOf(files);
  expect(others).toEqual({ "numeric bounds": 0, ".default(": 0, "zod patterns": 0 });
  const found = Object.fromEntries(Object.entries(files).map(([path, counts]) => [path, counts["?? literal"]]));
  expect(found).toEqual(Object.fromEntries(Object.entries(kept).map(([path, [count]]) => [path, count])));
  expect(fallbacks).toBeLessThanOrEqual(22);
});

test("a bound by zod, by hand and by a field is counted; a lookup, a sum and what comes in place of nothing are not", () => {
  const text = `
    const a = z.string().min(3).default("x"); range(1, 5, "b"); outsideRange("c", args.list(1).length, 1, 5, "d");
    const e = f ?? 7, g = h ?? "i", j = Math.max(1, k[l] ?? ""), m = n ?? [], o = p ?? { q: 1 }, r = z.array(s).min(least);
    const t = z.string().regex(u), v = flag(true, "w"), x = other.prefault({}), y = matching(/z/, "a", "b"), c = flag(usual, "d");`;
  expect(countsOf(text)).toEqual({ "numeric bounds": 3, ".default(": 3, "zod patterns": 2, "?? literal": 2 });
});
