/** `slipway backup`: a backup now, what there is, and whether every store has one that is young enough. */
import Table from "cli-table3";
import pc from "picocolors";
import { lateAfterMinutes, recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { nextLine, slipwayCommand } from "../project/nextCommand.ts";
import { cloudOf, type NamedStack, namedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type CopyWay, copyWays } from "./copies.ts";
import { type BackupEnd, type DeployedBackups, deployedBackups, type RecoveryPoint, type Vaults, vaultsOf } from "./vaults.ts";
import { type BackupVerdict, judge } from "./verdict.ts";

/** Flags of `start`. */
export interface StartFlags extends StackFlags {
  /** Stores by area and name, `databases-main`; by default all. */
  readonly store: readonly string[];
  readonly reason: string;
  /** Days that the backups are kept. @default 35, or what the vault's lock takes */
  readonly keep?: number;
  /** Copy each to where its plans send copies, too. @default false: AWS copies what a plan makes, and nothing else */
  readonly copy?: boolean;
}

type Print = (text: string) => void;

/** A deployed stack and its vaults. */
export interface Opened {
  readonly config: StackConfig;
  readonly backups: DeployedBackups;
  /** Where plans send copies. */
  readonly copies: readonly CopyWay[];
  readonly vaults: Vaults;
  /** Cloud that they are in, for messages. */
  readonly cloud: string;
  /** What time it is there. */
  readonly now: () => Date;
}

/** Backs stores up at once and waits. @returns 0 when every one is there */
export async function startBackup(flags: StartFlags): Promise<number> {
  return backUpStores(await openBackups(namedStack(flags)), flags, console.log);
}

/** The same on an opened stack, for tests. */
export async function backUpStores(
  { config, backups, copies, vaults, cloud }: Omit<Opened, "now">,
  flags: Omit<StartFlags, "real" | "stack">,
  print: Print,
): Promise<number> {
  const known = Object.values(backups).flatMap(({ stores }) => Object.keys(stores));
  const unknown = flags.store.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UserError(`No plan takes ${unknown.join(", ")}. There are: ${[...new Set(known)].join(", ")}.`, 2);
  const deleteAfterDays = flags.keep ?? keptDays(config);
  let failed = 0;
  for (const [region, { vaultName, roleArn, stores }] of Object.entries(backups))
    for (const [name, { arn: resourceArn }] of Object.entries(stores)) {
      if (flags.store.length > 0 && !flags.store.includes(name)) continue;
      const end = await vaults.start({ region, vaultName, roleArn, resourceArn, deleteAfterDays, reason: flags.reason });
      if (end.state === "FAILED") failed += 1;
      print(`${name} in ${region}: ${endWords(end)}`);
      if (flags.copy !== true || end.state === "FAILED") continue;
      for (const { vault: to, deleteAfterDays: most } of copies.filter((way) => way.resourceArn === resourceArn)) {
        const wish = { region, vaultName, roleArn, recoveryPointArn: end.recoveryPointArn, to };
        const copied = await vaults.copy({ ...wish, deleteAfterDays: Math.min(deleteAfterDays, most) });
        if (copied.state === "FAILED") failed += 1;
        print(`${name} in ${region}, copy in ${to.region}: ${endWords(copied)}`);
      }
    }
  print(`${failed === 0 ? "Every backup is there" : `${failed} failed`}, kept ${deleteAfterDays} days in ${cloud}.`);
  return failed === 0 ? 0 : 1;
}

function endWords(end: BackupEnd): string {
  return end.state === "COMPLETED" ? `${pc.green("COMPLETED")} ${end.recoveryPointArn}` : `${pc.red("FAILED")} ${end.message}`;
}

/** Five weeks, within the lock. */
function keptDays({ backup: { lock } }: StackConfig): number {
  return lock.mode === "none" ? 35 : Math.min(Math.max(35, lock.minimumDays), lock.maximumDays ?? 35);
}

/** Prints every backup of the stack, the newest first. */
export async function listBackups(flags: StackFlags): Promise<void> {
  const { backups, vaults, cloud } = await openBackups(namedStack(flags));
  const table = new Table({ head: ["store", "made", "kept until", "state", "recovery point"], style: { head: [], border: [] } });
  let count = 0;
  for (const [region, { vaultName, stores }] of Object.entries(backups)) {
    const names = new Map(Object.entries(stores).map(([name, { arn }]) => [arn, name]));
    for (const point of await vaults.points(region, vaultName)) {
      count += 1;
      const kept = point.deleteAt?.toISOString().slice(0, 10) ?? "for ever";
      table.push([names.get(point.resourceArn) ?? point.resourceArn, point.createdAt.toISOString(), kept, point.status, point.arn]);
    }
  }
  if (count > 0) console.log(table.toString());
  console.log(`${count} backups in ${cloud}.`);
}

/** The newest backup of one store, or the newest copy of one in one further vault. */
export interface StoreBackup extends BackupVerdict {
  readonly kind: "backup" | "copy";
  /** `databases-main` */
  readonly store: string;
  /** Region that the store is in. */
  readonly of: string;
  /** Region that it is kept in. */
  readonly region: string;
  readonly recoveryClass: string;
}

/** Judges the newest backup of every store that a plan takes, and the newest copy in each vault that its plans send copies to. */
export async function newestBackups({ config, backups, copies, vaults, now }: Opened): Promise<StoreBackup[]> {
  const plans = new Map(recoveryCoverage(config).map((store) => [`${store.area}-${store.name}`, store.plans]));
  const read = new Map<string, Promise<readonly RecoveryPoint[]>>();
  const judged = async (region: string, vault: string, arn: string, limit: number): Promise<BackupVerdict> => {
    const points = read.get(`${region} ${vault}`) ?? vaults.points(region, vault);
    read.set(`${region} ${vault}`, points);
    try {
      return judge(
        (await points).filter(({ resourceArn }) => resourceArn === arn),
        limit,
        now(),
      );
    } catch (error) {
      if (error instanceof UserError && error.exitCode === 1) return { verdict: "UNKNOWN", detail: error.message };
      throw error;
    }
  };
  const found: StoreBackup[] = [];
  for (const [of, { vaultName, stores }] of Object.entries(backups))
    for (const [store, { arn, recoveryClass }] of Object.entries(stores)) {
      const limit = lateAfterMinutes(config.backup.plans, plans.get(store) ?? []);
      found.push({ kind: "backup", store, of, region: of, recoveryClass, ...(await judged(of, vaultName, arn, limit)) });
      for (const { vault, lateAfterMinutes: late } of copies.filter(({ resourceArn }) => resourceArn === arn))
        found.push({
          kind: "copy",
          store,
          of,
          region: vault.region,
          recoveryClass,
          ...(await judged(vault.region, vault.name, arn, late)),
        });
    }
  return found;
}

/** What makes a backup that is not good anew, as it can be pasted; its copy with it where that is what is missing. */
export function backUpAgain({ kind, store, verdict }: Pick<StoreBackup, "kind" | "store" | "verdict">, flags: StackFlags): string {
  const copy = kind === "copy" ? " --copy" : "";
  return slipwayCommand("backup start", flags, `--store ${store}${copy} --reason 'its ${kind} is ${verdict}'`);
}

/** Prints for each store whether its newest backup, and each copy of one, is young enough. @returns 0 when all are */
export async function verifyBackups(flags: StackFlags): Promise<number> {
  const opened = await openBackups(namedStack(flags));
  const table = new Table({ head: ["store", "region", "class", "backup", ""], style: { head: [], border: [] } });
  const found = await newestBackups(opened);
  for (const { kind, store, of, region, recoveryClass, verdict, detail } of found)
    table.push([store, kind === "backup" ? region : `${of}, copy in ${region}`, recoveryClass, coloured(verdict), detail]);
  const bad = found.filter(({ verdict }) => verdict !== "FRESH");
  console.log(table.toString());
  console.log(`${summary(bad, found.length)} in ${opened.cloud}.`);
  const [first] = bad.toSorted((a, b) => (a.kind === b.kind ? 0 : a.kind === "copy" ? -1 : 1));
  // Made with its copy, a backup mends both rows of its store.
  console.log(nextLine(first === undefined ? undefined : backUpAgain(first, flags)));
  return bad.length === 0 ? 0 : 1;
}

function summary(bad: readonly StoreBackup[], all: number): string {
  if (bad.length === 0) return "Every store has a backup, and every copy of one, that is young enough";
  const counts = (["backup", "copy"] as const).flatMap((kind) => {
    const count = bad.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : `${count} ${count === 1 ? kind : kind === "copy" ? "copies" : "backups"}`;
  });
  return `Of ${all} backups and copies ${counts.join(" and ")} ${bad.length === 1 ? "is" : "are"} missing, late or not whole, or cannot be read,`;
}

/** Reads a stack's backups from its outputs. @throws UserError when it has none */
export async function openBackups(stack: NamedStack): Promise<Opened> {
  const session = openSession(stack);
  try {
    const state = await readState(session);
    const backups = deployedBackups(state, stack.name);
    const aws = openAws(stack);
    return { config: stack.config, backups, copies: copyWays(state), vaults: vaultsOf(aws), cloud: cloudOf(stack), now: () => aws.now() };
  } finally {
    session.close();
  }
}

function coloured(verdict: BackupVerdict["verdict"]): string {
  return verdict === "FRESH" ? pc.green(verdict) : verdict === "OLD" ? pc.yellow(verdict) : pc.red(verdict);
}
