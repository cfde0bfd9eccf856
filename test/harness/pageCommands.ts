/** What is wrong with a runbook's commands: each has to work as it is pasted, once values are filled in. */
import type { Command } from "commander";
import { commandLine } from "../../ops/commandLine.ts";
import { rehearsals } from "../../rehearsal/commands.ts";

const program: Command = commandLine(rehearsals);

/** Programs that a runbook may call beside Slipway, and what each has to name. */
const others: Readonly<Record<string, readonly string[]>> = {
  aws: ["--region"],
  kubectl: ["--context", "--namespace"],
  curl: [],
  sed: [],
};

/** Words of the shell around commands. */
const shell = /^(?:export \w+=|(?:until|do|done|for|while|;)\b)/;

/** @returns what is wrong with one line of a block; undefined when nothing is */
export function wrongInBlock(line: string): string | undefined {
  if (/<[a-z][^>]*>/.test(line)) return "it has a gap";
  if (/\bexport \w+=/.test(line) && line.split(/\s+/).length <= 2) return undefined;
  const [, rest = line] = /^(?:[A-Z_]+=\S+ )?(.*)$/.exec(line) ?? [];
  const words = rest.split(/\s+/);
  if (shell.test(rest)) return words.includes("aws") && !words.includes("--region") ? "aws without --region" : undefined;
  if (words[0] === "pulumi" || words[0] === "slipway") return "it begins with npx slipway";
  if (words[0] === "npx") return words[1] === "slipway" ? wrongSlipway(words.slice(2)) : "npx runs slipway alone";
  const needed = others[words[0] ?? ""];
  if (needed === undefined) return `a runbook calls ${["npx slipway", ...Object.keys(others)].join(", ")}`;
  const missing = needed.filter((flag) => !words.includes(flag));
  return missing.length === 0 ? undefined : `it has no ${missing.join(", ")}`;
}

function wrongSlipway(words: readonly string[]): string | undefined {
  const command = commandOf(words);
  const takesStack = command.options.some(({ long }) => long === "--stack") || words[0] === "pulumi";
  return takesStack && !words.includes("--stack") ? "it names no stack" : undefined;
}

/** The command that words name, by the command line itself. */
export function commandOf(words: readonly string[]): Command {
  let command = program;
  for (const word of words) command = command.commands.find((one) => one.name() === word) ?? command;
  return command;
}
