/** A verification's questions, asked of a real account through the AWS CLI, as the other commands do. Reads only. */
import { z } from "zod";
import { type AwsCli, awsCli } from "../aws/awsCli.ts";
import { UserError } from "../userError.ts";
import type { DatabaseKind, DatabasePlace, Place, TargetHealth, VerifiedCloud } from "./cloud.ts";

const identity = z.object({ Account: z.string() });
const rules = z.object({
  Rules: z.array(
    z.object({
      Actions: z.array(
        z.object({
          TargetGroupArn: z.string().optional(),
          ForwardConfig: z
            .object({ TargetGroups: z.array(z.object({ TargetGroupArn: z.string(), Weight: z.number().default(1) })).default([]) })
            .optional(),
        }),
      ),
    }),
  ),
});
const health = z.object({ TargetHealthDescriptions: z.array(z.object({ TargetHealth: z.object({ State: z.string() }) })) });
const ringing = z.object({
  MetricAlarms: z.array(z.object({ AlarmName: z.string() })).default([]),
  CompositeAlarms: z.array(z.object({ AlarmName: z.string() })).default([]),
});

/** Command and flag that tell a database's state, and where the answer has it. */
const states: Readonly<Record<DatabaseKind, readonly [command: readonly string[], query: string]>> = {
  "rds instance": [["rds", "describe-db-instances", "--db-instance-identifier"], "DBInstances[0].DBInstanceStatus"],
  "docdb cluster": [["docdb", "describe-db-clusters", "--db-cluster-identifier"], "DBClusters[0].Status"],
  "docdb instance": [["docdb", "describe-db-instances", "--db-instance-identifier"], "DBInstances[0].DBInstanceStatus"],
  "dynamodb table": [["dynamodb", "describe-table", "--table-name"], "Table.TableStatus"],
};

/** The account of the CLI's credentials. */
export class AwsCloud implements VerifiedCloud {
  readonly #account: string;
  readonly #cli: AwsCli;
  #sure: Promise<void> | undefined;

  /** @param account the only account that is asked, 12 digits */
  constructor(account: string, cli: AwsCli = awsCli) {
    this.#account = account;
    this.#cli = cli;
  }

  async weights({ arn, region }: Place): Promise<ReadonlyMap<string, number>> {
    const [rule] = rules.parse(await this.#read(region, ["elbv2", "describe-rules", "--rule-arns", arn])).Rules;
    const [action] = rule?.Actions ?? [];
    const groups = action?.ForwardConfig?.TargetGroups ?? [];
    if (groups.length === 0 && action?.TargetGroupArn !== undefined) return new Map([[action.TargetGroupArn, 1]]);
    return new Map(groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight]));
  }

  async targetHealth({ arn, region }: Place): Promise<TargetHealth> {
    const answer = await this.#read(region, ["elbv2", "describe-target-health", "--target-group-arn", arn]);
    const all = health.parse(answer).TargetHealthDescriptions;
    return { healthy: all.filter(({ TargetHealth }) => TargetHealth.State === "healthy").length, all: all.length };
  }

  async databaseState({ kind, region, identifier }: DatabasePlace): Promise<string> {
    const [command, query] = states[kind];
    return z.string().parse(await this.#read(region, [...command, identifier, "--query", query]));
  }

  async ringing(region: string, prefix: string): Promise<readonly string[]> {
    const flags = ["--state-value", "ALARM", "--alarm-name-prefix", prefix, "--alarm-types", "MetricAlarm", "CompositeAlarm"];
    const { MetricAlarms, CompositeAlarms } = ringing.parse(await this.#read(region, ["cloudwatch", "describe-alarms", ...flags]));
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
  }

  async #read(region: string, args: readonly string[]): Promise<unknown> {
    this.#sure ??= this.#requireAccount();
    await this.#sure;
    const { exitCode, stdout, stderr } = await this.#cli([...args, "--region", region, "--output", "json"]);
    if (exitCode !== 0) throw new UserError(`AWS does not tell (${args.slice(0, 2).join(" ")}): ${lastLine(stderr)}`);
    return JSON.parse(stdout);
  }

  async #requireAccount(): Promise<void> {
    const { exitCode, stdout, stderr } = await this.#cli(["sts", "get-caller-identity", "--output", "json"]);
    if (exitCode !== 0) throw new UserError(`The AWS CLI has no credentials that work: ${lastLine(stderr)}`);
    const { Account } = identity.parse(JSON.parse(stdout));
    if (Account !== this.#account)
      throw new UserError(`The credentials are of account ${Account}, and the stack belongs to ${this.#account}. Nothing was read.`);
  }
}

function lastLine(stderr: string): string {
  return stderr.trim().split("\n").at(-1) ?? "no reason given";
}
