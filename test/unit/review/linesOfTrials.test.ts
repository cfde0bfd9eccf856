/** Lines of config that a pull request changes: those of the trials' edits, and of any scalar of a shipped stack's files. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { isScalar, parseDocument, type Scalar, visit } from "yaml";
import { baseNames } from "../../../infra/config/baseFiles.ts";
import { formatConfigPath } from "../../../infra/config/problem.ts";
import { readStackFile } from "../../../infra/config/stackFile.ts";
import { configFiles, findProject } from "../../../ops/project/project.ts";
import { configLines } from "../../../ops/review/configLines.ts";
import { fc } from "../../harness/campaign.ts";
import { exampleStacks, sourceOf } from "../../harness/config.ts";
import { trials } from "../../review/trials.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A stack's files as they are shipped, in a folder of their own. */
function copyOf(stack: string): { readonly folder: string; readonly file: string } {
  const { folder: source, name } = sourceOf(stack);
  const folder = mkdtempSync(join(tmpdir(), "slipway-lines-"));
  folders.push(folder);
  for (const file of configFiles(findProject(source))) cpSync(join(source, file), join(folder, file));
  return { folder, file: `Pulumi.${name}.yaml` };
}

function linesBetween(before: ReturnType<typeof copyOf>, after: ReturnType<typeof copyOf>) {
  const [was, is] = [before, after].map(({ folder, file }) => readStackFile(join(folder, file)));
  return configLines(was!, is!).map(({ at, path, ...values }) => {
    const [, file = "", line = ""] = /^(.+):(\d+)(?: before)?$/.exec(at) ?? [];
    return { ...values, file, line: Number(line), path: formatConfigPath(path) };
  });
}

const configEdits = Object.entries(trials.edits).flatMap(([name, edit]) => ("config" in edit ? [[name, edit] as const] : []));

test.each(configEdits)("the line of the trial %s is named", (_, { stack, config }) => {
  const [before, after] = [copyOf(stack), copyOf(stack)];
  const wanted = new Set<string>();
  for (const { in: where, at, to } of config) {
    const file = where === "base" ? "base.yaml" : after.file;
    const [area, ...rest] = at.split(".");
    const keys = ["config", `slipway:${area}`, ...rest];
    const document = parseDocument(readFileSync(join(after.folder, file), "utf8"));
    if (to === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(to));
    writeFileSync(join(after.folder, file), document.toString({ lineWidth: 0 }));
    wanted.add(at);
  }
  const found = linesBetween(before, after);
  const named = found.map(({ path }) => path.replaceAll(/\["|"\]/g, "").replaceAll(/\[(\d+)\]/g, ".$1"));
  const isOf = (path: string, at: string) => path === at || path.startsWith(`${at}.`) || at.startsWith(`${path}.`);
  expect([...wanted].filter((at) => !named.some((path) => isOf(path, at)))).toEqual([]);
  expect(named.filter((path) => ![...wanted].some((at) => isOf(path, at)))).toEqual([]);
  // The line is the key's own, in the version that has it.
  for (const { file, line, path, before: was, after: to } of found) {
    const text = readFileSync(join((to === undefined ? before : after).folder, file), "utf8");
    const at = text.split("\n")[line - 1] ?? "";
    if (path.endsWith("]") && !path.endsWith('"]')) expect(at).toContain(String(to ?? was));
    else expect(at).toContain(/([^."[\]]+)("\])?$/.exec(path)?.[1]);
  }
});

test("the other trials change no line of config", () => {
  for (const { stack } of Object.values(trials.edits)) expect(linesBetween(copyOf(stack), copyOf(stack))).toEqual([]);
});

/** Scalars of a file's config, by position. */
function scalarsIn(text: string): { readonly document: ReturnType<typeof parseDocument>; readonly scalars: Scalar[] } {
  const document = parseDocument(text);
  const scalars: Scalar[] = [];
  visit(document, {
    Pair: (_, { value }) => void (isScalar(value) && ["string", "number"].includes(typeof value.value) && scalars.push(value)),
  });
  return { document, scalars };
}

test.each(exampleStacks)("%s: one scalar that changes is named by file and line, or is hidden by another file", (stack) => {
  const [before, after] = [copyOf(stack), copyOf(stack)];
  const files = [after.file, ...baseNames(readFileSync(join(after.folder, after.file), "utf8"))];
  for (const { folder } of [before, after])
    for (const file of files)
      writeFileSync(join(folder, file), parseDocument(readFileSync(join(folder, file), "utf8")).toString({ lineWidth: 0 }));
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), (file, at) => {
      const text = readFileSync(join(before.folder, file), "utf8");
      const { document, scalars } = scalarsIn(text);
      const scalar = scalars[at % scalars.length];
      if (scalar === undefined) return;
      scalar.value = typeof scalar.value === "number" ? scalar.value + 1 : `${String(scalar.value)}x`;
      const changed = document.toString({ lineWidth: 0 });
      writeFileSync(join(after.folder, file), changed);
      try {
        const line = changed.split("\n").findIndex((one, index) => one !== text.split("\n")[index]) + 1;
        const found = linesBetween(before, after).map(({ file: own, line: where }) => `${own}:${where}`);
        // The stack's own file lies over its bases; what lies under it may be hidden.
        expect(file === after.file ? [[`${file}:${line}`]] : [[], [`${file}:${line}`]]).toContainEqual(found);
      } finally {
        writeFileSync(join(after.folder, file), text);
      }
    }),
    { numRuns: 30 },
  );
});
