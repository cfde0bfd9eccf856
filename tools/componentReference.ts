/** The arguments of components, as their contracts hold them: tables between markers in `docs/components/<noun>.md`. */
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { shapeOf } from "../components/contract/shape.ts";
import { z } from "../components/contract/zod.ts";
import { fieldsOf, fieldTable } from "./fieldTable.ts";

const root = join(import.meta.dirname, "..");

/** A component, and the contract that it parses its arguments with. */
interface DocumentedComponent {
  /** Folder of `components`. */
  readonly noun: string;
  readonly className: string;
  readonly contract: z.ZodType;
}

/** Every component that has a contract, told by its own source: `accepted(name, budget, …)` in `class Budget`. */
export async function documentedComponents(): Promise<DocumentedComponent[]> {
  const found = globSync("components/*/*.ts", { cwd: root }).sort();
  const made = found.map(async (path): Promise<DocumentedComponent[]> => {
    const text = readFileSync(join(root, path), "utf8");
    const accepted = /accepted\(name, (\w+)/.exec(text)?.[1];
    // One adds rules to its contract that need more than its fields: `function zoneContract(…) { return zone.superRefine(…) }`.
    const contractName = new RegExp(`function ${accepted}\\([^]*?return (\\w+)\\.`).exec(text)?.[1] ?? accepted;
    const className = /export class (\w+) extends Component/.exec(text)?.[1];
    if (contractName === undefined || className === undefined) return [];
    const imported = new RegExp(`import \\{[^}]*?\\b(?:(\\w+) as )?${contractName}\\b[^}]*\\} from "(\\./\\w*[cC]ontract\\.ts)"`).exec(
      text,
    );
    if (imported === null) throw new Error(`${path} accepts ${contractName}, which it imports from no contract beside it`);
    const [, original = contractName, file = ""] = imported;
    const exports: Record<string, unknown> = await import(pathToFileURL(join(root, dirname(path), file)).href);
    const contract = exports[original];
    if (!(contract instanceof z.ZodType)) throw new Error(`${path}: ${original} of ${file} is no contract`);
    return [{ noun: basename(dirname(path)), className, contract }];
  });
  return (await Promise.all(made)).flat();
}

const [begin, end] = ["<!-- arguments: made from the contracts by `npm run schema` -->", "<!-- end of arguments -->"];

/** Pages by file below `docs/components`, with the tables of today. @throws Error for a component whose page has no place for its table */
export async function componentPages(): Promise<Readonly<Record<string, string>>> {
  const byNoun = Map.groupBy(await documentedComponents(), ({ noun }) => noun);
  const pages = [...byNoun].map(([noun, components]) => {
    const file = `${noun}.md`;
    const text = readFileSync(join(root, "docs", "components", file), "utf8");
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/components/${file} has no place for its arguments: a line ${begin} and a line ${end}`);
    const tables = components.map(
      ({ className, contract }) => `### ${className}\n\n${fieldTable(fieldsOf(shapeOf(contract)), "Argument")}`,
    );
    return [file, `${text.slice(0, from)}${begin}\n\n${tables.join("\n\n")}\n\n${text.slice(to)}`];
  });
  return Object.fromEntries(pages);
}
