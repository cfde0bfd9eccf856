/**
 * The AWS CLI, for commands that touch a real account: people who hold credentials have it, it knows every way to get them,
 * and it needs no second copy of AWS's client in this program.
 */
import { execa } from "execa";
import { UserError } from "../userError.ts";

/** What a run of the CLI said. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Arguments that make the CLI take its input from standard input, where no other user of the machine sees it. */
export const inputFromStdin = ["--cli-input-json", "file:///dev/stdin"] as const;

/** Runs `aws` with arguments and, where given, standard input. */
export type AwsCli = (args: readonly string[], input?: string) => Promise<CliResult>;

/** What a shell answers for a command that it does not find. */
const notFound = 127;

/** The `aws` on PATH. @throws UserError when there is none */
export const awsCli: AwsCli = async (args, input) => {
  // Node gives its children a socket as standard input, which Linux does not open as /dev/stdin; a pipe from `cat` it does.
  const [command, options] =
    input === undefined
      ? [["aws", ...args], { stdin: "ignore" } as const]
      : [["sh", "-c", 'cat | exec aws "$@"', "aws", ...args], { input } as const];
  const [file = "", ...rest] = command;
  const result = await execa(file, rest, { reject: false, ...options });
  if (result.code === "ENOENT" || (input !== undefined && result.exitCode === notFound))
    throw new UserError(
      "The AWS CLI is not installed (no `aws` on PATH). Install it: https://aws.amazon.com/cli — or leave out --real aws for the sandbox.",
    );
  return { exitCode: result.exitCode ?? 1, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
};
