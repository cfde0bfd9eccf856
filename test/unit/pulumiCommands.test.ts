/** Commands of Pulumi in messages: by the program that the reader has started. */
import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test, vi } from "vitest";
import { pulumiVariable } from "../../infra/config/commandVariables.ts";
import { setCommandOf } from "../../infra/config/problem.ts";
import { pulumiCommand } from "../../infra/config/pulumiCommand.ts";

const root = new URL("../..", import.meta.url).pathname;

/** A fix of a config is one text until it is printed, and the help of `slipway pulumi` names itself. */
const others = ["infra/config/problem.ts", "ops/engine/command.ts"];

/** Texts of a source, the parts of templates one by one. */
function textsIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(root + file, "utf8"), ts.ScriptTarget.Latest));
  return found;
}

describe("commands of Pulumi in messages", () => {
  test("are those of slipway where slipway was started, and of pulumi else", () => {
    expect(pulumiCommand("stack ls")).toBe("pulumi stack ls");
    vi.stubEnv(pulumiVariable, "npx slipway pulumi");
    expect(pulumiCommand("stack ls")).toBe("npx slipway pulumi stack ls");
    expect(setCommandOf("staging", ["protect"], false)).toBe(
      "npx slipway pulumi config set --stack staging --path 'slipway:protect' false",
    );
  });

  test("are made in one place", () => {
    const files = globSync("{infra,ops,rehearsal,sandbox}/**/*.ts", { cwd: root }).filter((file) => !others.includes(file));
    expect(files.length).toBeGreaterThan(300);
    const own = files.flatMap((file) =>
      textsIn(file)
        .filter((text) => /\bpulumi (?:\$|--stack|cancel|config|destroy|import|login|refresh|stack|state|version)\b/.test(text))
        .map((text) => `${file}: ${text}`),
    );
    expect(own).toEqual([]);
  });
});
