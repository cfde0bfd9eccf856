/** What stands for a placeholder in a page: its value, or what it is and the command that finds it. Pure. */
import { slipwayCommand } from "../project/nextCommand.ts";
import type { AtHand } from "./atHand.ts";
import { type Placeholder, placeholders, show } from "./placeholders.ts";
import { namesOf, type Part } from "./subject.ts";

/** What stands for a placeholder in a page. */
export type Filling =
  | { readonly known: true; readonly text: string }
  /** Nobody can tell: what it is, and what finds it. */
  | { readonly known: false; readonly about: string; readonly command: string };

/**
 * The value of a placeholder.
 * @throws Error for a name that the table does not have: the page is wrong
 */
export function fillingOf(name: string, at: AtHand): Filling {
  if (!Object.hasOwn(placeholders, name))
    throw new Error(`the page ${at.page} names {{${name}}}, which nobody knows; known: ${Object.keys(placeholders).join(", ")}`);
  const { about, of, find, elsewhere }: Placeholder = placeholders[name as keyof typeof placeholders];
  const part = of === undefined || at.subject.named[of] !== undefined ? undefined : of;
  const text = part === undefined ? find(at) : undefined;
  if (text !== undefined && text !== "") return { known: true, text };
  if (part === undefined) return { known: false, about, command: elsewhere(at) };
  const names = namesOf(at.config, part);
  if (names.length === 0) return { known: false, about: `${about}: the stack has no ${part}`, command: show(at) };
  return { known: false, about: `${about}: one of ${names.join(", ")}`, command: naming(at, part, names[0] ?? "") };
}

/** The command that prints the page for one of several. */
function naming({ flags, page }: AtHand, part: Part, first: string): string {
  if (part === "service" || part === "database") return slipwayCommand(`runbook ${page}`, flags, `--${part} ${first}`);
  return slipwayCommand("runbook", flags);
}
