/** What nearly everything of a stack is made from. */
import type { Place } from "../components/environment/place.ts";
import type { StackConfig } from "./config/stack.ts";

/** The stack's config as it is in one region, and that region. */
export interface Here {
  readonly config: StackConfig;
  readonly place: Place;
}
