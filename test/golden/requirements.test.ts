/** Every requirement has one honest entry: the files, config keys and tests that it names exist, and what is open is counted. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configPages } from "../../tools/configReference.ts";
import { requirementsPage } from "../../tools/requirements/page.ts";
import {
  keysIn,
  type Requirement,
  type RequirementState,
  readCatalogue,
  referenceOf,
  sectionOf,
  stateOf,
} from "../../tools/requirements/requirement.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const catalogue = readCatalogue(read("docs/requirements.yaml"));
const entries = Object.entries(catalogue.requirements);

/** How many ids each section has, numbered from 01 on. */
const idsOf: Readonly<Record<string, number>> = {
  ALM: 18,
  BAK: 10,
  CAN: 16,
  CCH: 3,
  CDN: 12,
  CHK: 8,
  CI: 15,
  CMP: 11,
  CST: 3,
  DB: 14,
  DOC: 5,
  ENV: 17,
  FRZ: 11,
  HC: 13,
  HRD: 10,
  KPI: 5,
  MNT: 3,
  NET: 10,
  OBJ: 6,
  OBS: 11,
  PRG: 6,
  RBK: 15,
  REG: 8,
  SEC: 10,
  TST: 5,
  WAF: 9,
};

/** What may wait: whole sections, and single ids of others. */
const mayWait = new Set(["CAN-10", "FRZ", "TST", "CHK", "KPI"]);

/** The state of the work. A change here is a change of what is promised: make it on purpose. */
const counts: Readonly<Record<RequirementState, number>> = { met: 170, partly: 33, outside: 32, planned: 19 };

test("each of the 254 ids has one entry", () => {
  const ids = Object.entries(idsOf).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}-${String(index + 1).padStart(2, "0")}`),
  );
  expect(ids).toHaveLength(254);
  expect(entries.map(([id]) => id).sort()).toEqual(ids.sort());
  expect(Object.keys(catalogue.sections).sort()).toEqual(Object.keys(idsOf).sort());
});

test("an id that is there twice, and an entry of no shape or of two, are refused", () => {
  const one = (entry: string) => () => readCatalogue(`sections: {}\ncontradictions: {}\nrequirements:\n  CAN-01: ${entry}\n`);
  expect(one("{ title: one, planned: later }")).not.toThrow();
  expect(one("{ title: one, planned: later }\n  CAN-01: { title: two, planned: later }")).toThrow("unique");
  expect(one("{ title: one, by: [README.md] }")).toThrow();
  expect(one("{ title: one, outside: because }")).toThrow();
  expect(one("{ title: one, by: [README.md], test: [README.md], planned: later }")).toThrow();
});

test("only what waits for later parts is planned", () => {
  const waiting = entries.filter(([, requirement]) => stateOf(requirement) === "planned").map(([id]) => id);
  expect(waiting.filter((id) => !mayWait.has(id) && !mayWait.has(sectionOf(id)))).toEqual([]);
});

test("as many are met, partly met, outside and planned as is said", () => {
  const found = { met: 0, partly: 0, outside: 0, planned: 0 };
  for (const [, requirement] of entries) found[stateOf(requirement)] += 1;
  expect(found).toEqual(counts);
});

describe("what an entry names exists", () => {
  test("files, and texts of tests in them", () => {
    const missing = entries.flatMap(([id, requirement]) => missingFiles(id, requirement));
    expect(missing).toEqual([]);
  });

  test("config keys", () => {
    const known = new Set(
      [
        ...Object.values(configPages())
          .join("\n")
          .matchAll(/^\| `([^`]+)` \|/gm),
      ].map(([, path]) => path),
    );
    const named = [
      ...entries.map(([id, requirement]) => [id, keysOf(requirement)] as const),
      ...Object.entries(catalogue.contradictions).map(([id, { becomes }]) => [id, keysIn(becomes)] as const),
    ];
    const missing = named.flatMap(([id, paths]) =>
      paths.flatMap((path) => (known.has(path) ? [] : [`${id}: slipway:${path} is no config key`])),
    );
    expect(missing).toEqual([]);
  });

  test("ids, in the catalogue and in the pages of the examples", () => {
    const pages = readdirSync(join(root, "examples")).map((system) => `examples/${system}/README.md`);
    const known = new Set([...entries.map(([id]) => id), ...Object.keys(catalogue.contradictions)]);
    const sections = [...Object.keys(catalogue.sections), "X"].join("|");
    const id = new RegExp(`\\b(?:${sections})-\\d{2}\\b`, "g");
    const unknown = ["docs/requirements.yaml", ...pages].flatMap((file) =>
      [...read(file).matchAll(id)].flatMap(([found]) => (known.has(found) ? [] : [`${file}: ${found}`])),
    );
    expect(unknown).toEqual([]);
    expect(Object.keys(catalogue.contradictions)).toHaveLength(20);
  });

  test("tests are files that a test run reads", () => {
    const runs =
      /^test\/(?:.+\.test\.ts|run\.ts|examples\/run\.ts|acceptance\/acceptance\.ts|unit\/.+\/corpus\/.+\.ts|harness\/badConfigs\/.+\.ts)$/;
    const others = entries.flatMap(([id, requirement]) =>
      "test" in requirement
        ? requirement.test.filter((text) => !runs.test(text.split(" > ")[0] ?? "")).map((text) => `${id}: ${text}`)
        : [],
    );
    expect(others).toEqual([]);
  });
});

test("docs/requirements.md is the page that the catalogue gives; `npm run schema` writes it", async () => {
  await expect(requirementsPage(catalogue)).toMatchFileSnapshot(join(root, "docs", "requirements.md"));
});

function missingFiles(id: string, requirement: Requirement): string[] {
  if (!("by" in requirement)) return [];
  return [...requirement.by, ...requirement.test].flatMap((text) => {
    const reference = referenceOf(text);
    if (reference.kind === "key") return [];
    const { file, contains } = reference;
    if (!existsSync(join(root, file))) return [`${id}: ${file} does not exist`];
    return contains !== undefined && !read(file).includes(contains) ? [`${id}: ${file} has no “${contains}”`] : [];
  });
}

/** Config keys that an entry names, as references or within its texts. */
function keysOf(requirement: Requirement): string[] {
  const texts = [
    requirement.note,
    "lacks" in requirement ? requirement.lacks : undefined,
    "offers" in requirement ? requirement.offers : undefined,
  ];
  const references = "by" in requirement ? requirement.by.map(referenceOf) : [];
  return [
    ...references.flatMap((reference) => (reference.kind === "key" ? [reference.path] : [])),
    ...texts.flatMap((text) => keysIn(text ?? "")),
  ];
}
