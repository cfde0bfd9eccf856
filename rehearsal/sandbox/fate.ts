/** What becomes of tasks of an image. */
import { imageFates } from "../../sandbox/cloud/imageFate.ts";

/** `absent`: it is not in the registry any more, as one that a lifecycle rule has expired. */
export const fates = [...imageFates, "absent"] as const;
export type Fate = (typeof fates)[number];
