/** What users may complain of while everything looks well, and the command that looks into it. Pure. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";
import type { Mend } from "../waf/keptOut.ts";

/** A complaint in users' words, and what to run. */
export interface Complaint {
  readonly complaint: string;
  /** As it can be pasted. */
  readonly command: string;
}

/** How far back a restore is proposed: who was called about lost rows reads when it began, and puts that moment in. */
const proposed = 3_600_000;

/**
 * Of what the stack has: a firewall may keep people out, rows may be gone that no metric misses.
 * @param now by the cloud's clock
 * @param keptOut rules that kept people out a short time ago; empty too where nobody can tell
 */
export function complaints(
  { edge, databases }: Pick<StackConfig, "edge" | "databases">,
  flags: StackFlags,
  now: Date,
  keptOut: readonly Mend[],
): Complaint[] {
  const moment = new Date(now.getTime() - proposed).toISOString().replace(/\.\d+Z$/, "Z");
  const restorable = Object.entries(databases).flatMap(([name, { engine }]) => (engine === "postgres" ? [name] : []));
  return [
    ...(edge.provider !== "none" && Object.keys(edge.rules).length > 0 ? [blocked(keptOut, flags)] : []),
    ...restorable.map((name) => ({
      complaint: `data of ${name} are gone or wrong`,
      command: slipwayCommand("database restore", flags, `--database ${name} --to ${moment} --reason 'data are gone or wrong'`),
    })),
  ];
}

/** Of several rules somebody has to look which one it is. */
function blocked([only, ...others]: readonly Mend[], flags: StackFlags): Complaint {
  if (only?.command === undefined || others.length > 0)
    return { complaint: "we are blocked", command: slipwayCommand("waf blocked", flags) };
  return { complaint: `we are blocked, as about ${only.count} requests by ${only.rule} in the last hour`, command: only.command };
}
