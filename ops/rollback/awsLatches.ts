/** Latches in a real account, through the AWS CLI, as `slipway secrets` does. */
import { type AwsCli, awsCli } from "../aws/awsCli.ts";
import { UserError } from "../userError.ts";
import type { LatchPlace, LatchStore } from "./latchStore.ts";

/** Latches of the account of the CLI's credentials. */
export class AwsLatches implements LatchStore {
  readonly #cli: AwsCli;
  readonly #account: string;

  /** @param account the only account that is touched, 12 digits */
  constructor(account: string, cli: AwsCli = awsCli) {
    this.#cli = cli;
    this.#account = account;
  }

  async read(place: LatchPlace): Promise<string | undefined> {
    await this.who();
    const { exitCode, stdout, stderr } = await this.#cli(["ssm", "get-parameter", ...common(place), "--name", place.name]);
    if (exitCode !== 0) {
      if (stderr.includes("ParameterNotFound")) return undefined;
      throw new UserError(`The latch ${place.name} cannot be read: ${reasonOf(stderr)}`);
    }
    return (JSON.parse(stdout) as { readonly Parameter?: { readonly Value?: string } }).Parameter?.Value;
  }

  async write(place: LatchPlace, value: string): Promise<void> {
    await this.who();
    const input = JSON.stringify({ Name: place.name, Type: "String", Overwrite: true, Value: value });
    const { exitCode, stderr } = await this.#cli(["ssm", "put-parameter", ...common(place)], input);
    if (exitCode !== 0) throw new UserError(`AWS refused the latch ${place.name}: ${reasonOf(stderr)}`);
  }

  /** ARN of the credentials. @throws UserError when they are of another account */
  async who(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#cli(["sts", "get-caller-identity", "--output", "json"]);
    if (exitCode !== 0) throw new UserError(`The AWS CLI has no credentials that work: ${reasonOf(stderr)}`);
    const { Account, Arn = "" } = JSON.parse(stdout) as { readonly Account?: string; readonly Arn?: string };
    if (Account !== this.#account)
      throw new UserError(
        `The credentials are of account ${Account}, and the stack belongs to ${this.#account}. Nothing was read or changed.`,
      );
    return Arn;
  }
}

function common({ region }: LatchPlace): string[] {
  return ["--region", region, "--output", "json"];
}

function reasonOf(stderr: string): string {
  return stderr.trim().split("\n").at(-1) ?? "no reason given";
}
