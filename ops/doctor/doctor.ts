/** `slipway doctor`: what an update of a stack lacks, before anything is changed. */
import pc from "picocolors";
import { openSession } from "../engine/commands.ts";
import { cloudOf, namedStack, type StackFlags, stackWords } from "../project/stack.ts";
import { type Line, passes } from "./line.ts";
import { examined } from "./probe.ts";
import { probesOf } from "./probes.ts";

/** Flags of the command. */
export interface DoctorFlags extends StackFlags {
  /** Print JSON. @default lines for people */
  readonly json?: boolean;
}

/** Asks and prints. Nothing is changed. @returns 0 when all is good, 1 when something is missing or could not be asked */
export async function doctor({ json = false, ...flags }: DoctorFlags): Promise<number> {
  const stack = namedStack(flags);
  const words = stackWords(flags);
  const session = openSession(stack);
  try {
    const lines = await examined(await probesOf(stack, session, words), `slipway doctor ${words}   (once that is put right)`);
    const good = lines.every(passes);
    if (json) console.log(JSON.stringify({ stack: stack.name, cloud: cloudOf(stack), good, lines }, undefined, 2));
    else console.log(report(`${stack.name} in ${cloudOf(stack)}`, lines));
    return good ? 0 : 1;
  } finally {
    session.close();
  }
}

const marks: Readonly<Record<Line["verdict"], string>> = {
  good: pc.green("good     "),
  later: pc.dim("later    "),
  missing: pc.red("MISSING  "),
  notAsked: pc.yellow("not asked"),
};

/** For a terminal: a line for each thing, and under it how it is put right. */
export function report(about: string, lines: readonly Line[]): string {
  const rows = lines.flatMap((line) => [
    `${marks[line.verdict]} ${line.area.padEnd(12)} ${line.what}: ${line.found.replaceAll("\n", "\n             ")}`,
    ...("fix" in line ? [`          ${pc.bold(`→ ${line.fix}`)}`] : []),
  ]);
  const bad = lines.filter((line) => !passes(line)).length;
  const end =
    bad === 0
      ? pc.green(`${about}: all of ${lines.length} are there.`)
      : pc.red(`${about}: ${bad} of ${lines.length} are missing or could not be asked.`);
  return [...rows, end].join("\n");
}
