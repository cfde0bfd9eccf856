/** What a change means in the words of those who run the system. */
import type { Change } from "./change.ts";
import type { Difference } from "./difference.ts";
import type { Phrase } from "./phrase.ts";
import { isJsonObject, type Json, type JsonObject, jsonIn } from "./propertyValue.ts";
import type { Risk } from "./risk.ts";

/** One line of a review. */
export interface Story {
  readonly risk: Risk;
  /** What happens, in the fewest words. */
  readonly headline: Phrase;
  /** Where, and what comes with it. @default nothing more */
  readonly detail?: Phrase;
  /** Resources that it is about. */
  readonly urns: readonly string[];
}

/** All that a teller may look at besides the change itself. */
export interface StoryContext {
  readonly changes: readonly Change[];
  /** Config areas that the preview ran with, parsed. */
  readonly config: JsonObject;
}

/** A story, where there is one to tell. */
export type Told = Story | undefined | false;

/** Tells what it knows of a change; nothing when it knows nothing. */
export interface Teller {
  readonly name: string;
  /** Properties, by type, of which it tells every difference that matters. Of others nobody has judged anything. */
  readonly judges: readonly Judged[];
  /** Asked for every change: what is made, what goes and what is replaced too. */
  readonly tell: (change: Change, context: StoryContext) => readonly Told[];
}

/** Types, and paths of their differences. */
export interface Judged {
  readonly type: RegExp;
  readonly path: RegExp;
  /** It looks at all of their meaning: of what it says nothing, nothing changes. @default what it says nothing of is not judged */
  readonly silence?: true;
}

/** A story of one change. */
export function storyOf(change: Change, risk: Risk, headline: Phrase, detail?: Phrase): Story {
  return { risk, headline, ...(detail === undefined ? {} : { detail }), urns: [change.urn] };
}

/** Config areas of a digest by name, without the project. */
export function configAreas(config: unknown): JsonObject {
  if (!isJsonObject(config as Json)) return {};
  return Object.fromEntries(
    Object.entries(config as JsonObject).map(([key, value]) => [key.split(":").at(-1) ?? key, jsonIn(value) ?? value]),
  );
}

/** The difference at a path, if there is one. */
export function differenceAt(change: Change, path: string): Difference | undefined {
  return change.differences.find((difference) => difference.path === path && difference.note !== "order");
}

/** `lb.listenerRule` for `aws:lb/listenerRule:ListenerRule`, `Namespace` for `kubernetes:core/v1:Namespace`. */
export function shortType(type: string): string {
  const [owner = "", module = "", last = ""] = type.split(":");
  if (owner === "kubernetes") return last;
  const [area = "", noun = ""] = module.split("/");
  return noun === "" ? `${area}.${last}` : area === "index" ? noun : `${area}.${noun}`;
}
