/** Changes that contracts and rules propose, and whether a bad config of the tables reaches them, by V8's own count of what ran. */
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What V8 writes of a file. */
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
  }[];
}

/** A place in a source where a change is proposed. */
interface Proposal {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly reached: boolean;
}

const root = join(import.meta.dirname, "..", "..");

/** Every change that contracts and rules propose, and whether the tables' configs come by. */
export function proposals(): Proposal[] {
  const folder = mkdtempSync(join(tmpdir(), "slipway-fixes-"));
  try {
    const { NODE_COMPILE_CACHE: _, ...environment } = process.env; // functions out of a cache are counted less exactly
    execFileSync(process.execPath, [join(import.meta.dirname, "examineBadConfigs.ts")], {
      env: { ...environment, NODE_V8_COVERAGE: folder },
    });
    const scripts = globSync("*.json", { cwd: folder }).flatMap(
      (file) => (JSON.parse(readFileSync(join(folder, file), "utf8")) as { result: ScriptCoverage[] }).result,
    );
    return scripts
      .filter(({ url }) => url.startsWith("file:") && /^components\//.test(relative(root, fileURLToPath(url))))
      .flatMap(proposalsIn);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function proposalsIn(script: ScriptCoverage): Proposal[] {
  const path = fileURLToPath(script.url);
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isProposal(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((node) => ({
    file: relative(root, path),
    line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    text: node.getText(),
    reached: timesAt(script, node.getStart()) > 0,
  }));
}

/** A change of a fix: `{ path, value }`, `{ path, choose }`, or the `{ path }` that a `fix` removes; `better` of an edge's problem. */
function isProposal(node: ts.Node): boolean {
  if (ts.isPropertyAssignment(node) && node.name.getText() === "better") return true;
  if (!ts.isObjectLiteralExpression(node)) return false;
  const names = node.properties.map((property) => property.name?.getText());
  if (!names.includes("path") || names.some((name) => name !== "path" && name !== "value" && name !== "choose")) return false;
  return names.length > 1 || isInFix(node);
}

/** Whether a place belongs to what a `fix` is. */
function isInFix({ parent }: ts.Node): boolean {
  if (ts.isPropertyAssignment(parent)) return parent.name.getText() === "fix";
  return (ts.isConditionalExpression(parent) || ts.isArrayLiteralExpression(parent)) && isInFix(parent);
}

/** How often what stands at a place ran: the count of the innermost range around it. */
function timesAt({ functions }: ScriptCoverage, at: number): number {
  const around = functions.flatMap(({ ranges }) => ranges).filter(({ startOffset, endOffset }) => startOffset <= at && at < endOffset);
  return around.reduce((inner, range) => (range.endOffset - range.startOffset < inner.endOffset - inner.startOffset ? range : inner)).count;
}
