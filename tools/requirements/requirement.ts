/** What the systems ask for, as docs/requirements.yaml says it: one entry an id, in one of three shapes. */
import { parse } from "yaml";
import { z } from "zod";

const text = z.string().min(3);
const references = z.array(text).min(1);

const common = {
  /** In a few words. */
  title: text,
  /** How it is read, where that is not obvious. */
  note: text.optional(),
};

/** The platform has it: where, and what proves it. */
const met = z.strictObject({
  ...common,
  /** Files, or config keys as `slipway:<path>`. */
  by: references,
  /** Test files, or `file > text of a test`. */
  test: references,
  /** The part that is not met yet. */
  lacks: text.optional(),
});

/** It belongs to the application or to people: why, and what the platform has for it. */
const outside = z.strictObject({ ...common, outside: text, offers: text });

/** It comes later: what it waits for. */
const planned = z.strictObject({ ...common, planned: text });

/** Two things that deployment guides say, and what they are here. */
const contradiction = z.strictObject({ topic: text, said: text, becomes: text });

const catalogue = z.strictObject({
  sections: z.record(z.string(), text),
  requirements: z.record(z.string().regex(/^[A-Z]+-\d{2}$/), z.union([met, outside, planned])),
  contradictions: z.record(z.string().regex(/^X-\d{2}$/), contradiction),
});

/** One entry, without its id. */
export type Requirement = z.output<typeof met> | z.output<typeof outside> | z.output<typeof planned>;

/** One contradiction, without its id. */
type Contradiction = z.output<typeof contradiction>;

/** All entries, in the order of the file. */
export interface Catalogue {
  /** Headings by prefix of the ids. */
  readonly sections: Readonly<Record<string, string>>;
  readonly requirements: Readonly<Record<string, Requirement>>;
  readonly contradictions: Readonly<Record<string, Contradiction>>;
}

/** States, from done to open. `partly` is met with something lacking. */
export const states = ["met", "partly", "outside", "planned"] as const;
export type RequirementState = (typeof states)[number];

/** Reads the catalogue. @throws Error for what is not one of the three shapes, and for an id that is there twice */
export function readCatalogue(source: string): Catalogue {
  const result = catalogue.safeParse(parse(source));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  return result.data;
}

/** Which of the three shapes an entry has, and whether something is lacking. */
export function stateOf(requirement: Requirement): RequirementState {
  if ("by" in requirement) return requirement.lacks === undefined ? "met" : "partly";
  return "outside" in requirement ? "outside" : "planned";
}

/** `CAN` of `CAN-10`. */
export function sectionOf(id: string): string {
  return id.slice(0, id.indexOf("-"));
}

/** A file, or a text within it. */
interface FileReference {
  readonly kind: "file";
  readonly file: string;
  readonly contains?: string;
}

/** What a reference means. */
type Reference = FileReference | { readonly kind: "key"; readonly path: string };

/** Reads a reference of `by` or `test`. */
export function referenceOf(text: string): Reference {
  if (text.startsWith("slipway:")) return { kind: "key", path: text.slice("slipway:".length) };
  const [file = "", contains] = text.split(" > ");
  return { kind: "file", file, ...(contains === undefined ? {} : { contains }) };
}

/** Config keys that a text names in backticks, as in "`slipway:tags`". */
export function keysIn(text: string): string[] {
  return [...text.matchAll(/`slipway:([^`]+)`/g)].map(([, path = ""]) => path);
}
