/** Vaults of a real account, through the AWS CLI, as for secrets: whoever holds credentials has it. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { type AwsCli, awsCli } from "../aws/awsCli.ts";
import { UserError } from "../userError.ts";
import type { BackupEnd, BackupWish, RecoveryPoint, Vaults } from "./vaults.ts";

const started = z.object({ BackupJobId: z.string() });
const job = z.object({ State: z.string(), RecoveryPointArn: z.string().optional(), StatusMessage: z.string().optional() });
const listed = z.object({
  RecoveryPoints: z.array(
    z.object({
      RecoveryPointArn: z.string(),
      ResourceArn: z.string(),
      CreationDate: z.union([z.string(), z.number()]),
      Status: z.string(),
      CalculatedLifecycle: z.object({ DeleteAt: z.union([z.string(), z.number()]).optional() }).optional(),
    }),
  ),
});

/** Jobs in one of these go on. */
const running = new Set(["CREATED", "PENDING", "RUNNING", "ABORTING"]);

/** Vaults of the account of the CLI's credentials. */
export class AwsVaults implements Vaults {
  readonly #cli: AwsCli;
  readonly #account: string;
  readonly #pollSeconds: number;
  #sure = false;

  /** @param account the only account that backups are made in, 12 digits */
  constructor(account: string, cli: AwsCli = awsCli, pollSeconds = 30) {
    this.#account = account;
    this.#cli = cli;
    this.#pollSeconds = pollSeconds;
  }

  async start({ region, vaultName, roleArn, resourceArn, deleteAfterDays, reason }: BackupWish): Promise<BackupEnd> {
    const { BackupJobId } = started.parse(
      await this.#run(region, [
        "start-backup-job",
        ...["--backup-vault-name", vaultName, "--resource-arn", resourceArn, "--iam-role-arn", roleArn],
        ...["--lifecycle", `DeleteAfterDays=${deleteAfterDays}`, "--start-window-minutes", "60"],
        ...["--recovery-point-tags", JSON.stringify({ Reason: reason, StartedBy: "slipway" })],
      ]),
    );
    for (;;) {
      const { State, RecoveryPointArn, StatusMessage } = job.parse(
        await this.#run(region, ["describe-backup-job", "--backup-job-id", BackupJobId]),
      );
      if (State === "COMPLETED") return { state: "COMPLETED", recoveryPointArn: RecoveryPointArn ?? "" };
      if (!running.has(State)) return { state: "FAILED", message: StatusMessage ?? `the job is ${State}` };
      await wait(this.#pollSeconds * 1000);
    }
  }

  async points(region: string, vaultName: string): Promise<readonly RecoveryPoint[]> {
    const { RecoveryPoints } = listed.parse(
      await this.#run(region, ["list-recovery-points-by-backup-vault", "--backup-vault-name", vaultName]),
    );
    return RecoveryPoints.map((point) => ({
      arn: point.RecoveryPointArn,
      resourceArn: point.ResourceArn,
      createdAt: dateOf(point.CreationDate),
      deleteAt: point.CalculatedLifecycle?.DeleteAt === undefined ? undefined : dateOf(point.CalculatedLifecycle.DeleteAt),
      status: point.Status,
    })).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  async #run(region: string, command: readonly string[]): Promise<unknown> {
    if (!this.#sure) await this.#requireAccount();
    this.#sure = true;
    const { exitCode, stdout, stderr } = await this.#cli(["backup", ...command, "--region", region, "--output", "json"]);
    if (exitCode === 0) return JSON.parse(stdout);
    throw new UserError(`AWS Backup refused ${command[0]}: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}`);
  }

  async #requireAccount(): Promise<void> {
    const { exitCode, stdout, stderr } = await this.#cli(["sts", "get-caller-identity", "--output", "json"]);
    if (exitCode !== 0) throw new UserError(`The AWS CLI has no credentials that work: ${stderr.trim().split("\n").at(-1)}`);
    const { Account } = z.object({ Account: z.string() }).parse(JSON.parse(stdout));
    if (Account !== this.#account)
      throw new UserError(`The credentials are of account ${Account}, and the stack belongs to ${this.#account}. Nothing was done.`);
  }
}

/** The CLI writes seconds since 1970 in one version and ISO 8601 in the other. */
function dateOf(value: string | number): Date {
  return new Date(typeof value === "number" ? value * 1000 : value);
}
