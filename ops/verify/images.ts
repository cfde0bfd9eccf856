/** Whether the registry still has what is deployed: tasks that run go on without their image, and no other one starts. */
import type { Held, Wanted } from "../release/heldImages.ts";
import { type Check, checked } from "./check.ts";

/** One row for each repository. @param held what it holds @throws never: what cannot be read is a failed row */
export function imageChecks(all: readonly Wanted[], held: (wanted: Wanted) => Promise<Held>): Promise<Check[]> {
  return Promise.all(
    all.map((wanted) => {
      const digests = [...new Set(wanted.images.map(({ digest }) => digest))];
      return checked(`${digests.length} images of ${wanted.repository} in ${wanted.region}`, "in the registry", async () => {
        const found = await held(wanted);
        const there = "repository" in found ? [] : found.digests;
        const lost = digests.filter((digest) => !there.includes(digest));
        if (lost.length === 0) return { found: "all there", verdict: "good" };
        return {
          found: `not there: ${lost.join(", ")}`,
          verdict: "failed",
          advice: "No task of it starts again: push that digest anew, from where it was built, or deploy one that is there.",
        };
      });
    }),
  );
}
