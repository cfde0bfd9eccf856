/** The part of the releases' core that the rollback function carries: Lambda runs no TypeScript, and reads nothing beside its own files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const components = join(import.meta.dirname, "..", "components");

/** Each after those that it imports. */
const files = ["colours.ts", "release/capacity.ts", "release/item.ts", "release/record.ts", "release/withdrawal.ts"];

/** Where it stands, from the project's folder. */
export const functionCoreFile = "components/rollback/function/release.mjs";

/** One module of them all. @throws Error when one of them imports another file, which the function would not find */
export function functionCore(): string {
  const given = new Set(files.map((file) => join(components, file)));
  const parts = files.map((file) => {
    const path = join(components, file);
    const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), {
      compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, removeComments: true },
    });
    return outputText.replaceAll(/^import .* from "(\..*)";\n/gm, (_, from: string) => {
      if (!given.has(join(path, "..", from))) throw new Error(`${file} imports ${from}, which the rollback function does not carry`);
      return "";
    });
  });
  return `// Made by \`npm run schema\` of ${files.map((file) => `components/${file}`).join(", ")}.\n${parts.join("\n")}`;
}
