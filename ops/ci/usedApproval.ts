/** Whether an approved change set was applied already: the engine's own history of the stack has each update with its message. */
import { z } from "zod";
import { backendOf, stateAddress } from "../engine/backend.ts";
import { stateFiles } from "../engine/stateFiles.ts";
import { findProject } from "../project/project.ts";
import type { StackReview } from "../review/stackReview.ts";
import { runAddress } from "./variables.ts";

/** How far the clocks of two machines may be apart, milliseconds. */
const clockTolerance = 600_000;

/** One update as the engine notes it (pulumi/pkg, `backend/updates.go`). */
const update = z.looseObject({ message: z.string().nullish(), result: z.string().nullish(), endTime: z.number().nullish() });

/** Message of the update that applies an approved change set: the hash, when it was planned, and the run. */
export function approvalMessage(approved: StackReview): string {
  return [idOf(approved), ...(process.env.GITHUB_RUN_ID === undefined ? [] : [runAddress()])].join(", ");
}

function idOf({ hash, at }: Pick<StackReview, "hash" | "at">): string {
  return `change set ${hash.slice(0, 16)}, planned ${at}`;
}

/**
 * When an update by this approval succeeded, ISO 8601 in UTC; undefined when none has. A plan that was made anew is another approval.
 * Reads only what the history has since the plan. An update that failed or was killed has used up nothing: what is left of it may be applied.
 * @throws UserError when the backend does not tell
 */
export async function appliedBy(approved: StackReview): Promise<string | undefined> {
  const project = findProject();
  const files = stateFiles(stateAddress(backendOf(project)));
  const planned = Date.parse(approved.at) - clockTolerance;
  const entries = (await files.list(`.pulumi/history/${project.name}/${approved.stack}`)).filter((file) => momentOf(file) >= planned);
  for (const file of entries) {
    const { data } = update.safeParse(JSON.parse((await files.read(file)) ?? "null"));
    const own = data?.message?.split(", http")[0] === idOf(approved) && data.result === "succeeded";
    if (own) return new Date(momentOf(file)).toISOString();
  }
  return undefined;
}

/** When an entry of the history was written, milliseconds; its name has it in nanoseconds. Not a number for any other file. */
function momentOf(file: string): number {
  const [, nanoseconds = ""] = /-(\d{16,})\.history\.json$/.exec(file) ?? [];
  return nanoseconds === "" ? Number.NaN : Number(BigInt(nanoseconds) / 1_000_000n);
}
