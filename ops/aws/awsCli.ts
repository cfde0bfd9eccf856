/**
 * The AWS CLI, for commands that touch a real account: people who hold credentials have it, it knows every way to get them,
 * and it needs no second copy of AWS's client in this program.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../userError.ts";

/** What a run of the CLI said. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `aws` with arguments and, where given, the JSON of `--cli-input-json`, which no other user of the machine sees. */
export type AwsCli = (args: readonly string[], input?: string) => Promise<CliResult>;

/** The `aws` on PATH. @throws UserError when there is none */
export const awsCli: AwsCli = (args, input) =>
  input === undefined ? run(args) : withPrivateFile(input, (file) => run([...args, "--cli-input-json", `file://${file}`]));

async function run(args: readonly string[]): Promise<CliResult> {
  const result = await execa("aws", [...args], { reject: false, stdin: "ignore" });
  if (result.code === "ENOENT")
    throw new UserError(
      "The AWS CLI is not installed (no `aws` on PATH). Install it: https://aws.amazon.com/cli — or leave out --real aws for the sandbox.",
    );
  return { exitCode: result.exitCode ?? 1, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
}

/** Memory in place of a disk, where the system has it. */
const memory = "/dev/shm";

/**
 * The CLI reads its input twice, so that no pipe will do. The file is readable to this user alone and gone when the CLI has ended,
 * also when it ended by Ctrl-C.
 */
async function withPrivateFile<Result>(text: string, use: (file: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), "slipway-aws-"));
  const wait = () => {}; // at a terminal the CLI gets the signal too, and ends
  process.on("SIGINT", wait).on("SIGTERM", wait);
  try {
    const file = join(folder, "input.json");
    writeFileSync(file, text, { mode: 0o600 });
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    process.off("SIGINT", wait).off("SIGTERM", wait);
  }
}
