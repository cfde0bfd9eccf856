/** Whatever stack file, bases and project file say together, `slipway config show` says what a program sees. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { engineValue, ownValues } from "../../infra/config/ownKeys.ts";
import { readStackFile, stackFileOf } from "../../infra/config/stackFile.ts";
import { isRecord } from "../../infra/config/yamlFile.ts";
import { resolvedConfig, showConfig } from "../../ops/config/show.ts";
import { sandboxOf } from "../../ops/engine/backend.ts";
import { Session } from "../../ops/engine/session.ts";
import { findProject } from "../../ops/project/project.ts";
import { fc } from "../harness/campaign.ts";
import { configOf, exampleStacks, rawConfig } from "../harness/config.ts";
import { ProjectFolder } from "../harness/projectFolder.ts";

/** Texts that look like something else, to one parser of YAML or another. */
const texts = [
  "x",
  "",
  "true",
  "False",
  "null",
  "~",
  "yes",
  "on",
  "12",
  "012",
  "089",
  "-0b11",
  "1_000",
  "1.50",
  "1e3",
  "[x]",
  "{}",
  "a: b",
];
const times = ["2024-01-02", "2024-2-30", "2024-01-02T3:04:05.600+02:00", "2024-01-02 03:04:05"];

/** Any value, with the texts that may be in it. */
function anyValue(among: readonly string[]): fc.Arbitrary<unknown> {
  const numbers = fc.oneof(fc.integer(), fc.constantFrom(0.5, -1.25, 1e21));
  const scalar = fc.oneof(fc.constantFrom(...among), numbers, fc.boolean(), fc.constant(null));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { weight: 3, arbitrary: scalar },
      { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
      // Few names, so that the files meet.
      { weight: 4, arbitrary: fc.dictionary(fc.constantFrom("a", "b", "c-d"), tie("value"), { maxKeys: 3 }) },
    ),
  }));
  return value;
}

/** One key of the config in each of the files that may say something of it. In `Pulumi.yaml` the engine writes times in another way. */
const value = anyValue([...texts, ...times]);
const key = fc.record(
  { first: value, second: value, project: anyValue(texts).filter((item) => item !== null), stack: value },
  { requiredKeys: [] },
);

type Key = Readonly<Record<"first" | "second" | "project" | "stack", unknown>>;

/** Keys of one file. @param wrap how a value stands there. @default as it is */
function fileOf(keys: readonly Partial<Key>[], part: keyof Key, wrap = (item: unknown): unknown => item): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((one, index) => (part in one ? [[`slipway:k${index}`, wrap(one[part])]] : [])));
}

test("a program's own pulumi.Config, merged by thirty lines of its own, is what Slipway reads from the files", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(key, { minLength: 150, maxLength: 150 }), async (keys) => {
      using folder = new ProjectFolder({
        "Pulumi.yaml": stringify(
          {
            name: "shop",
            runtime: { name: "nodejs", options: { typescript: false } },
            main: join(import.meta.dirname, "..", "harness", "mergedConfig", "program.ts"),
            config: fileOf(keys, "project", (item) => ({ value: item })),
          },
          { defaultStringType: "QUOTE_DOUBLE" },
        ),
        // All texts in quotes: no two parsers of YAML differ in them. Without quotes: reading.test.ts.
        "first.yaml": stringify({ config: fileOf(keys, "first") }, { defaultStringType: "QUOTE_DOUBLE" }),
        "more/second.yaml": stringify({ config: fileOf(keys, "second") }, { defaultStringType: "QUOTE_DOUBLE" }),
        "Pulumi.staging.yaml": stringify(
          { config: { "slipway:base": ["first.yaml", "more/second.yaml"], ...fileOf(keys, "stack") } },
          { defaultStringType: "QUOTE_DOUBLE" },
        ),
      });
      const stackFile = folder.file("Pulumi.staging.yaml");
      const project = findProject(folder.path);
      const account = "123456789012";
      const session = new Session({
        project,
        stack: "staging",
        stackFile,
        account,
        backend: sandboxOf(project),
        progress: () => undefined,
      });
      try {
        const { exitCode, stdout, stderr } = await session.capture(["preview"], { PROJECT_FOLDER: folder.path });
        expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
      } finally {
        session.close();
      }
      const { bases, merged, handed } = JSON.parse(readFileSync(folder.file("seen.json"), "utf8")) as Record<
        string,
        Record<string, string>
      >;
      expect(bases).toEqual(["first.yaml", "more/second.yaml"]);
      const { raw, problems } = readStackFile(stackFile);
      expect(problems.filter(({ found, severity }) => severity !== "warning" && !found.includes("in place of the list"))).toEqual([]);
      expect(Object.fromEntries(Object.entries(raw).map(([name, item]) => [`slipway:${name}`, item]))).toEqual(merged);
      const given = Object.entries(ownValues(handed)).map(([name, text]) => [name, engineValue(String(text))]);
      expect(stackFileOf(Object.fromEntries(given), stackFile, "Pulumi.staging.yaml").raw).toEqual(raw);
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

/** A base and a stack file that come to a value. */
interface Dealt {
  readonly base?: unknown;
  readonly stack?: unknown;
}

/** Deals a value out to a base and a stack file. @param next a number from 0 to 1, another each time */
function dealt(item: unknown, next: () => number): Dealt {
  const draw = next();
  if (isRecord(item) && draw < 0.8) return dealtMap(item, next);
  if (draw > 0.5 && draw < 0.65) return { base: item };
  if (draw < 0.9) return { stack: item };
  return { base: next() < 0.5 ? [1, 2] : { another: 1 }, stack: isRecord(item) ? { another: null, ...item } : item };
}

function dealtMap(item: Readonly<Record<string, unknown>>, next: () => number): Record<keyof Dealt, Record<string, unknown>> {
  const sides: Record<keyof Dealt, Record<string, unknown>> = { base: {}, stack: {} };
  for (const [name, below] of Object.entries(item))
    for (const [side, part] of Object.entries(dealt(below, next))) sides[side as keyof Dealt][name] = part;
  if (next() < 0.2) [sides.base.another, sides.stack.another] = [{ a: 1 }, null];
  return sides;
}

test("however a stack is dealt out to a base and a stack file, config show says the same", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("staging", "production", ...exampleStacks),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (stack, numbers) => {
        const parts = dealtMap(rawConfig(stack), () => Number(numbers.next().value));
        const text = (values: Record<string, unknown> = {}) =>
          stringify({ config: Object.fromEntries(Object.entries(values).map(([name, item]) => [`slipway:${name}`, item])) });
        using folder = new ProjectFolder({
          "base.yaml": text(parts.base),
          "Pulumi.staging.yaml": text({ base: "base.yaml", ...parts.stack }),
        });
        expect(showConfig(resolvedConfig(folder.file("Pulumi.staging.yaml")))).toBe(showConfig(configOf(stack)));
      },
    ),
    { numRuns: 30 },
  );
});
