/**
 * Pages of `docs/runbooks`, and how one is filled in. In a page stand `{{cluster}}` for what the stack's state knows, `--stack production`
 * for the stack at hand, and parts for one cloud or engine between comments that Markdown does not show:
 *
 *     <!-- for kubernetes -->
 *     …
 *     <!-- end -->
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Slipway's own pages, in the repository and in the package. */
const own = fileURLToPath(new URL("../../docs/runbooks/", import.meta.url));

/** One page. */
export interface Page {
  /** File name without `.md`; alarms name it. */
  readonly slug: string;
  readonly title: string;
  readonly text: string;
}

/**
 * Every page, by slug: Slipway's, and in their place those of a project that keeps its own in `docs/runbooks`.
 * @param projectFolder folder with `Pulumi.yaml`
 */
export function runbookPages(projectFolder: string): ReadonlyMap<string, Page> {
  const folders = [own, ...[join(projectFolder, "docs", "runbooks")].filter((folder) => existsSync(folder))];
  return new Map(folders.flatMap(pagesIn).map((page) => [page.slug, page]));
}

/** Pages of a folder, in the order of their slugs; its index is none. */
export function pagesIn(folder: string): Page[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const [title = ""] = text.split("\n");
      return { slug: file.replace(/\.md$/, ""), title: title.replace(/^# /, ""), text };
    });
}

/** What a part of a page may be for: a cloud or an engine that not every stack has. */
export const variants = ["ecs", "kubernetes", "awsWaf", "cloudflare", "postgres", "documentdb", "dynamodb"] as const;
export type Variant = (typeof variants)[number];

const part = /^<!-- for ([\w, ]+) -->\n([\s\S]*?)^<!-- end -->\n/gm;

/** A page's text without the parts that are for something else. @throws Error for a part that is for nothing known */
export function forVariants(text: string, present: ReadonlySet<Variant>): string {
  const mine = text.replaceAll(part, (_, names: string, inside: string) =>
    variantsIn(names).some((name) => present.has(name)) ? inside : "",
  );
  return mine.replaceAll("```\n```bash\n", ""); // blocks that only a part's comment kept apart
}

/** Everything that parts of a page are for. */
export function variantsOf(text: string): Variant[] {
  return [...text.matchAll(part)].flatMap(([, names = ""]) => variantsIn(names));
}

function variantsIn(names: string): Variant[] {
  return names.split(",").map((name) => {
    const found = variants.find((variant) => variant === name.trim());
    if (found === undefined) throw new Error(`a part of a page is for ${name.trim()}; known: ${variants.join(", ")}`);
    return found;
  });
}

const placeholder = /\{\{([A-Za-z]+)\}\}/g;

/** Names of placeholders in a text, each once. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map(([, name = ""]) => name))];
}

/**
 * A text with its values.
 * @param shown what stands for a placeholder
 * @param stack words that name the stack at hand: `--stack staging`
 */
export function filledIn(text: string, shown: (name: string) => string, stack: string): string {
  return text.replaceAll(placeholder, (_, name: string) => shown(name)).replaceAll("--stack production", stack);
}

/** Blocks of shell in a text, each as its commands: continued lines are one, comments are gone. */
export function blocksIn(text: string): string[][] {
  return [...text.matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, block = ""]) =>
    block
      .replaceAll(/ *\\\n */g, " ")
      .split("\n")
      .map((line) => line.replace(/(?:^|\s+)# .*$/, "").trim())
      .filter((line) => line !== ""),
  );
}

/** Every command in blocks of a text, as it would be pasted. */
export function commandsIn(text: string): string[] {
  return blocksIn(text).flat();
}

/** A section of a page: what stands below a heading. */
export function sectionOf(text: string, heading: string): string {
  const [, inside = ""] = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(text) ?? [];
  return inside;
}
