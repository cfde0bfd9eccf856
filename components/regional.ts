/** What nearly every component is told besides its own arguments. */
import type { Tags } from "./tags.ts";

/** Something that can carry tags. */
export interface Tagged {
  /** Tags of everything that the component makes. @default no tags */
  readonly tags?: Tags | undefined;
}

/** Something that stands in one AWS region. */
export interface Regional extends Tagged {
  /** AWS region. */
  readonly region: string;
}
