/** Stories that say the same of several things, as one. */
import type { Part, Phrase } from "./phrase.ts";
import type { Story } from "./story.ts";

/** Names in one line; the rest is counted. */
const mostNames = 5;

/** Joins stories of one class that differ only in the first name of their headline. The first of them keeps its place. */
export function joined(stories: readonly Story[]): Story[] {
  const alike = Map.groupBy(stories, ({ risk, headline, detail }) => {
    const { before, after } = around(headline);
    return JSON.stringify([risk, before, after, detail]);
  });
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    const urns = [...new Set(same.flatMap((story) => story.urns))];
    return [{ ...first, headline: headlineOf(same.map(({ headline }) => headline)), urns }];
  });
}

interface Around {
  readonly before: Phrase;
  readonly name: string | undefined;
  readonly after: Phrase;
}

function around(headline: Phrase): Around {
  const at = headline.findIndex((part) => typeof part === "object" && "code" in part);
  const part = headline[at];
  if (typeof part !== "object" || !("code" in part)) return { before: headline, name: undefined, after: [] };
  return { before: headline.slice(0, at), name: part.code, after: headline.slice(at + 1) };
}

function headlineOf(headlines: readonly Phrase[]): Phrase {
  const parts = headlines.map(around);
  const names = [...new Set(parts.flatMap(({ name }) => name ?? []))];
  const [{ before, after } = { before: [], after: [] }] = parts;
  if (names.length < 2) return headlines[0] ?? [];
  const shown = names.slice(0, mostNames).flatMap((name, index): Part[] => [index === 0 ? "" : ", ", { code: name }]);
  const more = names.length > mostNames ? [` and ${names.length - mostNames} more`] : [];
  const [nouns, verbs] = isSubject(before) ? [plural(before), several(after)] : [before, after];
  return [...nouns, ...shown, ...more, ...verbs];
}

/** Whether the names are what the sentence is about: not in "logs of a, b are deleted". */
function isSubject(before: Phrase): boolean {
  const last = before.at(-1);
  return typeof last !== "string" || !/\b(of|by|to|in|on|for|from|with) $/.test(last);
}

function plural(before: Phrase): Phrase {
  return before.map((part, index) =>
    typeof part === "string" && index === before.length - 1 ? part.replace(/([a-rt-z]) $/, "$1s ") : part,
  );
}

const verbs: Readonly<Record<string, string>> = { goes: "go", is: "are", has: "have" };

/** The same for several: the first verb after the names. */
function several(after: Phrase): Phrase {
  const at = after.findIndex((part) => typeof part === "string" && /[a-z]/.test(part));
  return after.map((part, index) =>
    index === at && typeof part === "string"
      ? part.replace(/\b([a-z]+)\b/, (word) => verbs[word] ?? (/^(may|no)$/.test(word) ? word : word.replace(/([a-z])s$/, "$1")))
      : part,
  );
}
