/** Small faults, made in a file's syntax tree one at a time. */
import ts from "typescript";

/** One fault in one file. */
export interface Mutant {
  /** File, where in it, and what was done: stays the same while the file above it does. */
  readonly id: string;
  readonly file: string;
  /** The whole file with the fault in it. */
  readonly text: string;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** What a node may be replaced by. */
type Operator = (node: ts.Node, text: (node: ts.Node) => string) => readonly Change[];

const pairs = new Map([
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
]);
const names = new Map([
  ["running", "wanted"],
  ["wanted", "running"],
  ["blue", "green"],
  ["live", "wayBack"],
  ["wayBack", "live"],
  ["max", "min"],
  ["since", "share"],
]);

const at = (node: ts.Node, by: string): Change => ({ start: node.getStart(), end: node.end, by });
const isGuard = (node: ts.Node): node is ts.IfStatement =>
  ts.isIfStatement(node) &&
  node.elseStatement === undefined &&
  (ts.isReturnStatement(node.thenStatement) || ts.isThrowStatement(node.thenStatement));

/** The list. */
export const operators: Readonly<Record<string, Operator>> = {
  "guard dropped": (node) => (isGuard(node) ? [at(node, "")] : []),
  "guards swapped": (node, text) => {
    if (!ts.isBlock(node)) return [];
    return node.statements.flatMap((first, index) => {
      const second = node.statements[index + 1];
      if (second === undefined || !isGuard(first) || !(isGuard(second) || ts.isReturnStatement(second))) return [];
      return [{ start: first.getStart(), end: second.end, by: `${text(second)}\n${text(first)}` }];
    });
  },
  "condition negated": (node, text) => {
    if (ts.isIfStatement(node)) return [at(node.expression, `!(${text(node.expression)})`)];
    return ts.isConditionalExpression(node) ? [at(node.condition, `!(${text(node.condition)})`)] : [];
  },
  "operator exchanged": (node) => {
    const by = ts.isBinaryExpression(node) ? pairs.get(node.operatorToken.kind) : undefined;
    return by === undefined || !ts.isBinaryExpression(node) ? [] : [at(node.operatorToken, by)];
  },
  "name exchanged": (node) => {
    if (!ts.isPropertyAccessExpression(node)) return [];
    return [node.name, node.expression].flatMap((part) => {
      const by = ts.isIdentifier(part) ? names.get(part.text) : undefined;
      return by === undefined ? [] : [at(part, by)];
    });
  },
  "constant off by one": (node) => {
    if (!ts.isNumericLiteral(node) || ts.isLiteralTypeNode(node.parent)) return [];
    const value = Number(node.text.replaceAll("_", ""));
    return [at(node, String(value + 1)), at(node, `(${value - 1})`)];
  },
};

/** Every mutant of a file. What stands in words alone, as part of a text, is left as it is. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const textOf = (node: ts.Node) => text.slice(node.getStart(), node.end);
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    for (const [name, operator] of Object.entries(operators))
      for (const { start, end, by } of operator(node, textOf)) {
        const { line } = source.getLineAndCharacterOfPosition(start);
        const before = text.slice(start, end).replaceAll(/\s+/g, " ").slice(0, 60);
        const place = `${file}:${line + 1}`;
        const id = `${place} ${name}: ${before} -> ${by.replaceAll(/\s+/g, " ").slice(0, 60)}`;
        found.push({ id, file, text: text.slice(0, start) + by + text.slice(end) });
      }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
