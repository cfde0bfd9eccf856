/** `slipway secrets`: which secrets of a stack have a value, and setting one. Values are never shown. */
import Table from "cli-table3";
import pc from "picocolors";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { openCluster, secretKubeconfig } from "../kubernetes/cluster.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { type NamedStack, namedStack, type StackFlags, stackWords } from "../project/stack.ts";
import { restartWords } from "../restart/restart.ts";
import { UserError } from "../userError.ts";
import { type SecretEntry, secretInventory, standbyInventory } from "./inventory.ts";
import { readSecret } from "./secretInput.ts";
import { type StaleReader, type StaleReaders, staleReaders } from "./stale.ts";
import { type Presence, presenceOf, setValue } from "./values.ts";

/** Flags of the commands. */
export interface SecretFlags extends StackFlags {
  /** Standby region whose parameters are meant. @default the stack's own region */
  readonly region?: string;
}

/** What is printed of one secret. */
export type Verdict = "SET" | "OLD" | "MISSING" | "UNKNOWN";

/** Longest value of a store, bytes: an SSM parameter of the standard tier, a Secrets Manager entry. */
const longestValue = { parameter: 4096, secretsManager: 65_536 } as const;

/** Prints a table of secrets. @returns 0 when each has a value, and no task holds an older one; 1 otherwise */
export async function secretStatus(flags: SecretFlags): Promise<number> {
  const stack = namedStack(flags);
  const aws = openAws(stack);
  const entries = entriesOf(stack.config, flags);
  if (entries.length === 0) {
    console.log("The stack has no secrets.");
    return 0;
  }
  const presence = await presenceOf(aws, entries);
  const { stale, unread } = await staleIn(stack, aws, entries, presence);
  const rows = entries.map((entry) => ({ entry, ...judge(entry, presence.get(entry.name), aws.now()) }));
  const table = new Table({ head: ["secret", "store", "value", "read by"], style: { head: [], border: [] } });
  for (const { entry, verdict, detail } of rows) {
    const value = `${coloured(verdict)}${detail === "" ? "" : ` ${detail}`}`;
    const old = stale.filter(({ secret }) => secret === entry.name).map(({ where }) => `${pc.red("STALE")} in ${where} (started before)`);
    table.push([entry.name, entry.store, [value, ...old].join("\n"), entry.readers.join("\n") || "–"]);
  }
  console.log(table.toString());
  const missing = rows.filter(({ verdict }) => verdict === "MISSING" || verdict === "UNKNOWN");
  console.log(`${rows.length - missing.length} of ${rows.length} secrets have a value in ${aws.cloud}.`);
  for (const line of unread) console.log(`Whether tasks hold an older value is not known: ${line}`);
  const [unset] = missing.filter(({ verdict }) => verdict === "MISSING");
  console.log(
    nextLine(unset === undefined ? stale[0] && restartCommand(stale[0], flags) : slipwayCommand("secrets set", flags, unset.entry.name)),
  );
  return missing.length === 0 && stale.length === 0 && unread.length === 0 ? 0 : 1;
}

/** What has a colour's tasks read a value that was set since, as it can be pasted. */
export function restartCommand({ service, colour, region, secret }: StaleReader, flags: StackFlags): string {
  return slipwayCommand("restart", flags, restartWords({ service, colour, region, reason: `new value of ${secret}` }));
}

/** Before the first update nobody reads anything. What cannot be read is told, and the rest still shown. */
async function staleIn(
  stack: NamedStack,
  aws: Aws,
  entries: readonly SecretEntry[],
  presence: ReadonlyMap<string, Presence>,
): Promise<StaleReaders> {
  const session = openSession(stack);
  try {
    const state = await readState(session);
    const cluster = openCluster(stack, () => secretKubeconfig(session));
    return await staleReaders({ config: stack.config, state, aws, cluster }, entries, presence);
  } catch (error) {
    if (error instanceof UserError) return { stale: [], unread: [error.message] };
    throw error;
  } finally {
    session.close();
  }
}

/** Sets one value from standard input. @throws UserError for an unknown name, a value that is too short or too long */
export async function setSecret(name: string, flags: SecretFlags): Promise<void> {
  const stack = namedStack(flags);
  const aws = openAws(stack);
  const entries = entriesOf(stack.config, flags);
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined)
    throw new UserError(`The stack has no secret ${name}. It has: ${entries.map((candidate) => candidate.name).join(", ") || "none"}.`, 2);
  const value = await readSecret(process.stdin, (text) => process.stderr.write(text), `Value of ${name} (not shown): `);
  refuseBadValue(entry, value);
  await setValue(aws, entry, value, stackWords(flags));
  console.log(`${name} is set in ${aws.cloud} (${value.length} characters). Running tasks read it when they start again.`);
  console.log(nextLine(slipwayCommand("secrets status", flags, flags.region === undefined ? "" : `--region ${flags.region}`)));
}

/** @throws UserError when the value cannot be the secret; says nothing of the value but its length */
export function refuseBadValue({ name, minimumLength, store }: SecretEntry, value: string): void {
  if (value.length < minimumLength)
    throw new UserError(
      `The value of ${name} has ${value.length} characters; it needs ${minimumLength} at least. Make one: openssl rand -hex ${Math.max(16, Math.ceil(minimumLength / 2))}`,
    );
  const size = Buffer.byteLength(value);
  if (size > longestValue[store]) throw new UserError(`The value of ${name} has ${size} bytes; ${store} takes ${longestValue[store]}.`);
}

/** What to tell about a secret. @param now the time in the store's cloud */
export function judge(entry: SecretEntry, presence: Presence | undefined, now: Date): { verdict: Verdict; detail: string } {
  if (presence === undefined) return { verdict: "UNKNOWN", detail: "" };
  switch (presence.kind) {
    case "missing":
      return { verdict: "MISSING", detail: entry.store === "secretsManager" && !presence.place ? "(no entry either)" : "" };
    case "unknown":
      return { verdict: "UNKNOWN", detail: `(${presence.reason})` };
    case "set": {
      if (presence.changed === undefined) return { verdict: "SET", detail: "" };
      const days = Math.floor((now.getTime() - presence.changed.getTime()) / 86_400_000);
      const old = entry.rotateDays !== undefined && days >= entry.rotateDays;
      return { verdict: old ? "OLD" : "SET", detail: `${days} days ago${old ? `, to be changed every ${entry.rotateDays}` : ""}` };
    }
  }
}

function entriesOf(config: StackConfig, { region }: SecretFlags): SecretEntry[] {
  return region === undefined || region === config.aws.region ? secretInventory(config) : standbyInventory(config, region);
}

function coloured(verdict: Verdict): string {
  return verdict === "SET" ? pc.green(verdict) : verdict === "OLD" ? pc.yellow(verdict) : pc.red(verdict);
}
