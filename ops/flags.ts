/** Flags that commands share, and how a flag is read. Light: help and completion load nothing else of a command. */
import { type Command, InvalidArgumentError } from "commander";
import { type PackageName, packageNames } from "../sandbox/packageNames.ts";

/** Adds a family of commands. What a command works with is loaded when it runs. */
export type Register = (program: Command) => void;

/** Adds the flags that name a stack, as `StackFlags` has them. */
export function ofStack(command: Command): Command {
  return command
    .option("-s, --stack <name>", "stack to work on, one of the Pulumi.<name>.yaml files")
    .option(
      "--real <provider>",
      `for tests on a state in .slipway: the real plugin of a provider (${packageNames.join(", ")}, or all); repeat for more`,
      collectProvider,
      [],
    );
}

/** What a command does, whose result is the exit code. */
export function ending<Given extends unknown[]>(run: (...given: Given) => Promise<number>): (...given: Given) => Promise<void> {
  return async (...given) => {
    process.exitCode = await run(...given);
  };
}

/** Reads a flag that is given again and again. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

/** Reads a duration. */
export function seconds(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 86_400) || text.trim() === "") throw new InvalidArgumentError("Give seconds, from 0 to 86400.");
  return number;
}

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/** Reads a length of time such as `24h`, `90m` or `1d12h`, as milliseconds. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([dhms])/g)];
  const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * units[unit as keyof typeof units], 0);
  if (sum === 0 || parts.map(([part]) => part).join("") !== text)
    throw new InvalidArgumentError("Give days, hours, minutes or seconds, such as 24h, 90m or 1d12h.");
  return sum;
}

/** The same, where `0s` is nothing. */
export function durationOrNone(text: string): number {
  return text === "0s" ? 0 : duration(text);
}

/** Reads a count. */
export function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("Give a number from 1 to 9999.");
  return Number(text);
}

/** Reads one of several words. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new InvalidArgumentError(`Allowed: ${words.join(", ")}.`);
    return found;
  };
}

function collectProvider(name: string, earlier: readonly PackageName[]): PackageName[] {
  if (name === "all") return [...packageNames];
  return [...earlier, oneOf([...packageNames, "all"])(name) as PackageName];
}
