/** Components and program compile to CommonJS too: it is what Pulumi's default makes of a program (`npm run bench` runs them so). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const sources = ["components", "infra"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file)),
);

test("no file of the components or the program needs import.meta, which CommonJS has not", () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(
    sources.filter((file) => /import\.meta\b/.test(readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""))),
  ).toEqual([]);
});
