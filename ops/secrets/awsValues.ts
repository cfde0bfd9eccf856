/** Secrets in a real account, through the AWS CLI. Values go in by a private file, never as an argument. */
import { type AwsCli, awsCli } from "../aws/awsCli.ts";
import { UserError } from "../userError.ts";
import type { SecretEntry } from "./inventory.ts";
import type { Presence, SecretValues } from "./store.ts";

/** Values of the account of the CLI's credentials. */
export class AwsValues implements SecretValues {
  readonly #cli: AwsCli;
  readonly #account: string;

  /** @param account the only account that values are set in, 12 digits */
  constructor(account: string, cli: AwsCli = awsCli) {
    this.#cli = cli;
    this.#account = account;
  }

  async presence(entries: readonly SecretEntry[]): Promise<ReadonlyMap<string, Presence>> {
    await this.#requireAccount();
    const found = new Map<string, Presence>();
    for (const entry of entries) found.set(entry.name, await (entry.store === "parameter" ? this.#parameter(entry) : this.#secret(entry)));
    return found;
  }

  async set(entry: SecretEntry, value: string): Promise<void> {
    await this.#requireAccount();
    const input =
      entry.store === "parameter"
        ? { Name: nameOf(entry), Type: "SecureString", Overwrite: true, Value: value, ...(entry.keyAlias ? { KeyId: entry.keyAlias } : {}) }
        : { SecretId: entry.name, SecretString: value };
    const command = entry.store === "parameter" ? ["ssm", "put-parameter"] : ["secretsmanager", "put-secret-value"];
    const { exitCode, stderr } = await this.#cli([...command, ...common(entry)], JSON.stringify(input));
    if (exitCode === 0) return;
    const hint = /InvalidKeyId|NotFoundException|ResourceNotFound/.test(stderr)
      ? " Make its place first: slipway up --target '**slipway:secrets:Secrets**' --real aws"
      : "";
    throw new UserError(`AWS refused the value of ${entry.name}: ${reasonOf(stderr, value)}${hint}`);
  }

  /** Reads of metadata: `describe-parameters` has no field for the value. */
  async #parameter(entry: SecretEntry): Promise<Presence> {
    const filter = `Key=Name,Option=Equals,Values=${nameOf(entry)}`;
    const { exitCode, stdout, stderr } = await this.#cli(["ssm", "describe-parameters", ...common(entry), "--parameter-filters", filter]);
    if (exitCode !== 0) return { kind: "unknown", reason: reasonOf(stderr) };
    const { Parameters = [] } = JSON.parse(stdout) as {
      readonly Parameters?: readonly { readonly Type?: string; readonly LastModifiedDate?: string }[];
    };
    const [parameter] = Parameters;
    if (parameter === undefined) return { kind: "missing", place: false };
    if (parameter.Type !== "SecureString") return { kind: "unknown", reason: `is a ${parameter.Type}, kept in clear` };
    return { kind: "set", changed: dateOf(parameter.LastModifiedDate) };
  }

  async #secret(entry: SecretEntry): Promise<Presence> {
    const { exitCode, stdout, stderr } = await this.#cli([
      "secretsmanager",
      "describe-secret",
      ...common(entry),
      "--secret-id",
      entry.name,
    ]);
    if (exitCode !== 0)
      return stderr.includes("ResourceNotFoundException")
        ? { kind: "missing", place: false }
        : { kind: "unknown", reason: reasonOf(stderr) };
    const {
      VersionIdsToStages = {},
      LastChangedDate,
      DeletedDate,
    } = JSON.parse(stdout) as {
      readonly VersionIdsToStages?: Readonly<Record<string, readonly string[]>>;
      readonly LastChangedDate?: string;
      readonly DeletedDate?: string;
    };
    if (DeletedDate !== undefined) return { kind: "unknown", reason: "is scheduled for deletion" };
    const current = Object.values(VersionIdsToStages).some((stages) => stages.includes("AWSCURRENT"));
    return current ? { kind: "set", changed: dateOf(LastChangedDate) } : { kind: "missing", place: true };
  }

  async #requireAccount(): Promise<void> {
    const { exitCode, stdout, stderr } = await this.#cli(["sts", "get-caller-identity", "--output", "json"]);
    if (exitCode !== 0) throw new UserError(`The AWS CLI has no credentials that work: ${reasonOf(stderr)}`);
    const { Account } = JSON.parse(stdout) as { readonly Account?: string };
    if (Account !== this.#account)
      throw new UserError(`The credentials are of account ${Account}, and the stack belongs to ${this.#account}. Nothing was read or set.`);
  }
}

function common({ region }: SecretEntry): string[] {
  return ["--region", region, "--output", "json"];
}

function nameOf({ name }: SecretEntry): string {
  return name.replace(/^arn:aws:ssm:[^:]*:\d*:parameter/, "");
}

/** Last line of what the CLI said, with the value blacked out should it ever be in there. */
function reasonOf(stderr: string, value = ""): string {
  const line = stderr.trim().split("\n").at(-1) ?? "no reason given";
  return value === "" ? line : line.replaceAll(value, "[secret]");
}

function dateOf(text: string | undefined): Date | undefined {
  const date = text === undefined ? undefined : new Date(text);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
