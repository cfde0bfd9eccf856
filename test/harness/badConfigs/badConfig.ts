/** A config that is refused, and what is said of it. */
import type { Edits } from "../config.ts";

export interface BadConfig {
  readonly edits: Edits;
  /** Stack that is edited. @default bench/production */
  readonly stack?: string;
  /** Path that the problem names. */
  readonly path: string;
  /** What the message says besides. */
  readonly says: string;
  /** No single command can fix it; a person has to choose. */
  readonly noFix?: true;
  /** What a person writes into the gaps of the rule's command, in their order. */
  readonly write?: readonly (string | number)[];
  /** The command has a place for a value that only a person knows. */
  readonly choose?: true;
}
