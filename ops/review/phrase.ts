/**
 * Words for people, kept apart from values: what comes from a resource is escaped when it is printed, so that no name can
 * mention somebody, open a tag or end a table.
 */

/** A sentence's parts: Slipway's own words, a text from outside, or a value shown as code. */
export type Part = string | { readonly text: string } | { readonly code: string };
export type Phrase = readonly Part[];

/** A value shown as code. */
export function code(value: string): Part {
  return { code: value };
}

/** A phrase; what is put in is taken as text from outside unless it is a part itself. */
export function phrase(words: TemplateStringsArray, ...values: readonly (Part | number)[]): Phrase {
  return words.flatMap((word, index): Part[] => {
    const value = values[index];
    if (index >= values.length || value === undefined) return [word];
    return [word, typeof value === "object" ? value : { text: String(value) }];
  });
}

/** For a terminal. */
export function plainText(parts: Phrase): string {
  return parts.map((part) => (typeof part === "string" ? part : "text" in part ? oneLine(part.text) : oneLine(part.code))).join("");
}

/** For GitHub. */
export function markdown(parts: Phrase): string {
  return parts.map((part) => (typeof part === "string" ? part : "text" in part ? escaped(part.text) : codeSpan(part.code))).join("");
}

/** A text from outside as Markdown that means nothing but itself: no tag, no link, no mention, no reference. */
export function escaped(text: string): string {
  return oneLine(text)
    .replace(/[&<>"`*_~[\]|\\!()]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[@#]|:(?=\/\/)|\bwww(?=\.)/g, (start) => `${start}\u200b`);
}

/** A value as code, on one line; GitHub finds no mentions or references in it. */
export function codeSpan(value: string): string {
  const text = oneLine(value);
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = text === "" || text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}

/** Control characters, line ends and marks that turn the direction of writing do not reach a comment. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
}
