/** `slipway backup`: a backup now, what there is, and whether every store has one that is young enough. */
import { type Command, InvalidArgumentError } from "commander";
import { collect, ending, ofStack } from "../flags.ts";
import type { StackFlags } from "../project/stack.ts";
import type { StartFlags } from "./backup.ts";

/** Adds the commands. */
export function addBackup(program: Command): void {
  const parent = program.command("backup").description("make a backup now, see what there is, check that every store has one");
  ofStack(parent.command("start"))
    .description("back stores up at once and wait: before a release, a migration, a change of schema")
    .requiredOption("--reason <text>", "why, kept as a tag of the backup")
    .option("--store <name>", "one store, such as databases-main; repeat for more; all by default", collect, [])
    .option("--keep <days>", "days that the backups are kept; 35 by default, within the vault's lock", wholeNumber)
    .option("--copy", "copy each to where its plans send copies, too; AWS copies by itself only what a plan makes")
    .action(ending(async (flags: StartFlags) => (await import("./backup.ts")).startBackup(flags)));
  ofStack(parent.command("list"))
    .description("list the backups of a stack")
    .action(async (flags: StackFlags) => (await import("./backup.ts")).listBackups(flags));
  ofStack(parent.command("verify"))
    .description("tell for every store whether its newest backup, and each copy of one, is whole and young enough; the weekly check")
    .action(ending(async (flags: StackFlags) => (await import("./backup.ts")).verifyBackups(flags)));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("Give a whole number from 1.");
  return number;
}
