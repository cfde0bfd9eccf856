/**
 * Random stack files in every form of YAML: the engine reads what Slipway reads, or Slipway refuses the file, in its commands and, by the same
 * question, in the program that the engine runs. Each file is read by Slipway alone; those that it takes are one file of as many keys for the engine,
 * which is started once.
 */
import { writeFileSync } from "node:fs";
import { execa } from "execa";
import { expect, test } from "vitest";
import { engineValue } from "../../infra/config/ownKeys.ts";
import { readStackFile, StackFileError } from "../../infra/config/stackFile.ts";
import { findEngine } from "../../sandbox/engine/engine.ts";
import { fc } from "../harness/campaign.ts";
import { ProjectFolder } from "../harness/projectFolder.ts";

const usual = [
  "x",
  "blue",
  "us-east-1a",
  "10.20.0.0/16",
  "/api/*",
  "sha256:ab",
  "a b",
  "12",
  "0",
  "-3",
  "0.5",
  "1e3",
  "true",
  "false",
  "null",
  "a:b",
  "a#b",
  "x-y_z",
  "é",
  "https://a.example/?q=1",
];
const odd = [
  "~",
  "yes",
  "on",
  "N",
  "True",
  "NULL",
  ".inf",
  "-.INF",
  ".nan",
  "012",
  "089",
  "0o17",
  "-0o7",
  "0x1F",
  "0x_1",
  "0b11",
  "-0b11",
  "1_000",
  "1_000.5",
  "+12",
  ".5",
  "1.",
  "1e999",
  "12:30:00",
  "2024-01-02",
  "2024-2-30",
  "2024-01-02T03:04:05Z",
  "12345678901234567890",
  "9007199254740993",
  "1.50",
  "-0",
  "=",
  "<<",
  "!!binary aGk=",
  "!!str 12",
  "!x y",
  "cron(0 7 * * ? *)",
  "a?",
  "? b",
  "*",
  "&",
  "%a",
  "@a",
  "`a`",
  "-",
  "- a",
  "a: b",
  "{{x}}",
  "a\u0085b",
  "a\u2028b",
  "[",
  "0.1_2",
  "1__0",
  "_1",
  "0_",
  "00",
  "-012",
  "1e+03",
  "0x",
  "0o8",
];
const plain = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
const quoted = fc.oneof(
  plain.map((text) => JSON.stringify(text)),
  fc.constantFrom('"a\\tb"', '"\\u00e9"', '"\\x41"', '"\\ud83d\\ude00"', '"a\\/b"', "'it''s'", '"010"', "'2024-01-02'", '"\\N"', '"\\0"'),
);
const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("a", "b", "c-d", "e/f", '"g h"') },
  { weight: 1, arbitrary: fc.constantFrom("1", "~", "true", "010", "<<", "__proto__", "? k", "constructor") },
);

/** A value on one line. */
const flow: fc.Arbitrary<string> = fc.letrec<Record<"value", string>>((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: plain },
    { weight: 2, arbitrary: quoted },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(key, tie("value")), { maxLength: 3 })
        .map((pairs) => `{${pairs.map(([name, item]) => `${name}: ${item}`).join(", ")}}`),
    },
  ),
})).value;

const indented = (text: string) => text.replaceAll("\n", "\n  ");

/** A value on lines of its own, below a key. */
const block: fc.Arbitrary<string> = fc.letrec<Record<"value", string>>((tie) => ({
  value: fc.oneof(
    { weight: 4, arbitrary: flow.map((text) => ` ${text}`) },
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(fc.tuple(key, tie("value")), { minLength: 1, maxLength: 3, selector: ([name]) => name })
        .map((pairs) => pairs.map(([name, item]) => `\n  ${name}:${indented(item)}`).join("")),
    },
    { weight: 1, arbitrary: fc.array(flow, { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `\n- ${item}`).join("")) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("|", ">", "|-", ">+"), plain, plain)
        .map(([kind, first, second]) => ` ${kind}\n  ${first}\n\n  ${second}`),
    },
    { weight: 1, arbitrary: fc.tuple(plain, plain).map(([first, second]) => ` ${first}\n  ${second}`) },
    { weight: 1, arbitrary: fc.tuple(flow, plain).map(([item, text]) => `\n  one: &one {a: ${item}}\n  two: {<<: *one, b: ${text}}`) },
  ),
})).value;

test("500 random stack files: the engine and Slipway read the same, or the file is refused", async () => {
  using folder = new ProjectFolder({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n" });
  const file = folder.file("Pulumi.staging.yaml");
  const read = (text: string) => {
    writeFileSync(file, text);
    try {
      const { raw, problems } = readStackFile(file);
      return problems.length === 0 ? raw : undefined;
    } catch (error) {
      if (error instanceof StackFileError) return undefined;
      throw error;
    }
  };
  const values = fc.sample(block, { numRuns: 500 });
  const taken = values.flatMap((value, index) => {
    const lines = `  slipway:k${index}:${indented(value)}\n`;
    const raw = read(`config:\n${lines}`);
    return raw === undefined ? [] : [{ name: `k${index}`, lines, value: raw[`k${index}`] }];
  });
  expect(taken.length).toBeGreaterThanOrEqual(300);

  writeFileSync(file, `config:\n${taken.map(({ lines }) => lines).join("")}`);
  const { pulumi } = await findEngine(() => undefined);
  const env = {
    PULUMI_BACKEND_URL: `file://${folder.path}`,
    PULUMI_CONFIG_PASSPHRASE: "x",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: folder.file("home"),
  };
  const run = (args: readonly string[]) => execa(pulumi, [...args, "--non-interactive"], { cwd: folder.path, env });
  await run(["stack", "init", "staging"]);
  const { stdout } = await run(["config", "--json", "--stack", "staging"]);
  const seen = JSON.parse(stdout) as Record<string, { readonly value?: string }>;
  expect(Object.fromEntries(taken.map(({ name, lines }) => [lines, engineValue(seen[`slipway:${name}`]?.value ?? "")]))).toEqual(
    Object.fromEntries(taken.map(({ lines, value }) => [lines, value])),
  );
  console.log(`${taken.length} of 500 files were taken, ${500 - taken.length} refused`);
});
