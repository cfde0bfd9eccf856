/** Laws of the tree: what is declared where, what is documented, what never happens. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { areaNames } from "../../components/environment/contract.ts";
import { stackFileSchema } from "../../ops/config/jsonSchema.ts";

const root = join(import.meta.dirname, "..", "..");

const files = ["components", "infra", "ops", "rehearsal", "sandbox", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const sources = files.map((file) => ts.createSourceFile(relative(root, file), readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));

test("Pulumi.yaml declares no key: a default there would go before a base, and the editor's schema has them all", () => {
  for (const folder of [
    "",
    ...readdirSync(join(root, "examples"), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? `examples/${entry.name}` : [],
    ),
  ])
    expect(parse(readFileSync(join(root, folder, "Pulumi.yaml"), "utf8")), folder).not.toHaveProperty("config");
  const { config } = stackFileSchema().$defs as { config: { properties: Record<string, { description?: string; anyOf?: unknown[] }> } };
  expect(Object.keys(config.properties).sort()).toEqual(["slipway:base", ...areaNames.map((name) => `slipway:${name}`)].sort());
});

test("stack files name their schema in the first line and hold no secret in clear", () => {
  const stackFiles = readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  expect(stackFiles.length).toBeGreaterThan(1);
  for (const name of stackFiles) {
    const text = readFileSync(join(root, name), "utf8");
    expect(text.split("\n")[0], name).toBe("# yaml-language-server: $schema=infra/config/stack.schema.json");
    expect(text, name).not.toMatch(/(password|passwd|token|private_key)\s*:\s*[^\s/{[]|AKIA[0-9A-Z]{16}|-----BEGIN/i);
  }
});

describe("every source file", () => {
  test("has fewer than 300 lines", () => {
    expect(sources.filter((source) => source.getLineAndCharacterOfPosition(source.end).line > 300).map(({ fileName }) => fileName)).toEqual(
      [],
    );
  });

  test("has no constructor of more than 60 lines: it reads like a table of contents", () => {
    const long = sources.flatMap((source) => {
      const found: string[] = [];
      const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
      const visit = (node: ts.Node): void => {
        if (ts.isConstructorDeclaration(node) && lineOf(node.end) - lineOf(node.getStart(source)) >= 60) found.push(source.fileName);
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
    expect(long).toEqual([]);
  });

  test("documents what it exports", () => {
    const bare = sources.flatMap((source) =>
      source.statements
        .filter((statement) => isExported(statement) && !isDocumented(statement))
        .map((statement) => `${source.fileName}: ${nameOf(statement)}`),
    );
    // Types and constants that stand right under a documented declaration of the same thing need no second sentence.
    expect(bare.filter((entry) => !/: (type|const) /.test(entry))).toEqual([]);
  });
});

test("component arguments that are optional say their default", () => {
  const bare = sources
    .filter(({ fileName }) => fileName.startsWith("components/"))
    .flatMap((source) => {
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (
          ts.isPropertySignature(node) &&
          node.questionToken !== undefined &&
          ts.isInterfaceDeclaration(node.parent) &&
          isExported(node.parent) &&
          /(Args|Settings|Check|Retention)$/.test(node.parent.name.text)
        ) {
          if (!docOf(node).includes("@default")) found.push(`${source.fileName}: ${node.parent.name.text}.${node.name.getText()}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
  expect(bare).toEqual([]);
});

test("nothing is created inside an apply: a preview could not show it", () => {
  const found = sources.flatMap((source) => {
    const inside: string[] = [];
    const visit = (node: ts.Node, applied: boolean): void => {
      if (
        applied &&
        ts.isNewExpression(node) &&
        /^[A-Z]/.test(node.expression.getText()) &&
        !/Error$|^(Map|Set|Date|URL)$/.test(node.expression.getText())
      )
        inside.push(`${source.fileName}: ${node.expression.getText()}`);
      const entering = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "apply";
      ts.forEachChild(node, (child) => visit(child, applied || entering));
    };
    visit(source, false);
    return source.fileName.startsWith("components/") || source.fileName.startsWith("infra/") ? inside : [];
  });
  expect(found).toEqual([]);
});

test("nothing branches on the name of a stack, and no component reads config or environment", () => {
  for (const source of sources.filter(({ fileName }) => fileName.startsWith("components/"))) {
    expect(source.text, source.fileName).not.toMatch(/process\.env|new Config\(|getStack\(/);
  }
  for (const source of sources.filter(({ fileName }) => fileName.startsWith("infra/"))) {
    expect(source.text, source.fileName).not.toMatch(/getStack\(\)\s*[!=]==?|===\s*"(production|staging|prod)"/);
  }
});

test("no quick test replaces a module: the files of a worker share their modules, and one may be loaded already", () => {
  for (const folder of ["unit", "golden"]) {
    const tests = readdirSync(join(root, "test", folder), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".test.ts"),
    );
    expect(tests.length).toBeGreaterThan(4);
    for (const name of tests) expect(readFileSync(join(root, "test", folder, name), "utf8"), name).not.toMatch(/\bvi\.(mock|doMock)\(/);
  }
});

function isExported(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isDocumented(node: ts.Node): boolean {
  return docOf(node) !== "";
}

function docOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => doc.getText())
    .join("\n");
}

function nameOf(node: ts.Node): string {
  if (ts.isVariableStatement(node)) return `const ${node.declarationList.declarations.map(({ name }) => name.getText()).join(", ")}`;
  if (ts.isTypeAliasDeclaration(node)) return `type ${node.name.text}`;
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) return node.name?.text ?? "";
  return node.getText().slice(0, 40);
}
