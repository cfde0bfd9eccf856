/** What users may complain of while everything looks well, and the command that looks into it. Pure. */
import type { StackConfig } from "../../infra/config/stack.ts";
import { slipwayCommand } from "../project/nextCommand.ts";
import type { StackFlags } from "../project/stack.ts";

/** A complaint in users' words, and what to run. */
export interface Complaint {
  readonly complaint: string;
  /** As it can be pasted. */
  readonly command: string;
}

/** How far back a restore is proposed: who was called about lost rows reads when it began, and puts that moment in. */
const proposed = 3_600_000;

/** Of what the stack has: a firewall may keep people out, rows may be gone that no metric misses. @param now by the cloud's clock */
export function complaints({ edge, databases }: Pick<StackConfig, "edge" | "databases">, flags: StackFlags, now: Date): Complaint[] {
  const moment = new Date(now.getTime() - proposed).toISOString().replace(/\.\d+Z$/, "Z");
  const restorable = Object.entries(databases).flatMap(([name, { engine }]) => (engine === "postgres" ? [name] : []));
  return [
    ...(edge.provider !== "none" && Object.keys(edge.rules).length > 0
      ? [{ complaint: "we are blocked", command: slipwayCommand("waf blocked", flags) }]
      : []),
    ...restorable.map((name) => ({
      complaint: `data of ${name} are gone or wrong`,
      command: slipwayCommand("database restore", flags, `--database ${name} --to ${moment} --reason 'data are gone or wrong'`),
    })),
  ];
}
