/** `slipway backup`: a backup now, what there is, and whether every store has one that is young enough. */
import Table from "cli-table3";
import pc from "picocolors";
import { lateAfterMinutes, recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openAws } from "../aws/open.ts";
import { openSession } from "../engine/commands.ts";
import { readState } from "../engine/state.ts";
import { cloudOf, type NamedStack, namedStack, type StackFlags } from "../project/stack.ts";
import { UserError } from "../userError.ts";
import { type DeployedBackups, deployedBackups, type Vaults, vaultsOf } from "./vaults.ts";
import { type BackupVerdict, judge } from "./verdict.ts";

/** Flags of `start`. */
export interface StartFlags extends StackFlags {
  /** Stores by area and name, `databases-main`; by default all. */
  readonly store: readonly string[];
  readonly reason: string;
  /** Days that the backups are kept. @default 35, or what the vault's lock takes */
  readonly keep?: number;
}

type Print = (text: string) => void;

/** A deployed stack and its vaults. */
export interface Opened {
  readonly config: StackConfig;
  readonly backups: DeployedBackups;
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
  { config, backups, vaults, cloud }: Omit<Opened, "now">,
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
      print(
        `${name} in ${region}: ${end.state === "COMPLETED" ? `${pc.green("COMPLETED")} ${end.recoveryPointArn}` : `${pc.red("FAILED")} ${end.message}`}`,
      );
    }
  print(`${failed === 0 ? "Every backup is there" : `${failed} failed`}, kept ${deleteAfterDays} days in ${cloud}.`);
  return failed === 0 ? 0 : 1;
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

/** The newest backup of one store in one region. */
export interface StoreBackup extends BackupVerdict {
  /** `databases-main` */
  readonly store: string;
  readonly region: string;
  readonly recoveryClass: string;
}

/** Judges the newest backup of every store that a plan takes. */
export async function newestBackups({ config, backups, vaults, now }: Opened): Promise<StoreBackup[]> {
  const plans = new Map(recoveryCoverage(config).map((store) => [`${store.area}-${store.name}`, store.plans]));
  const found: StoreBackup[] = [];
  for (const [region, { vaultName, stores }] of Object.entries(backups)) {
    const points = await vaults.points(region, vaultName);
    for (const [store, { arn, recoveryClass }] of Object.entries(stores)) {
      const own = points.filter(({ resourceArn }) => resourceArn === arn);
      found.push({ store, region, recoveryClass, ...judge(own, lateAfterMinutes(config.backup.plans, plans.get(store) ?? []), now()) });
    }
  }
  return found;
}

/** Prints for each store whether its newest backup is young enough. @returns 0 when all are */
export async function verifyBackups(flags: StackFlags): Promise<number> {
  const opened = await openBackups(namedStack(flags));
  const table = new Table({ head: ["store", "region", "class", "backup", ""], style: { head: [], border: [] } });
  const found = await newestBackups(opened);
  for (const { store, region, recoveryClass, verdict, detail } of found)
    table.push([store, region, recoveryClass, coloured(verdict), detail]);
  const bad = found.filter(({ verdict }) => verdict !== "FRESH").length;
  console.log(table.toString());
  console.log(`${bad === 0 ? "Every store has a backup that is young enough" : `${bad} stores have none`} in ${opened.cloud}.`);
  return bad === 0 ? 0 : 1;
}

/** Reads a stack's backups from its outputs. @throws UserError when it has none */
export async function openBackups(stack: NamedStack): Promise<Opened> {
  const session = openSession(stack);
  try {
    const backups = deployedBackups(await readState(session), stack.name);
    const aws = openAws(stack);
    return { config: stack.config, backups, vaults: vaultsOf(aws), cloud: cloudOf(stack), now: () => aws.now() };
  } finally {
    session.close();
  }
}

function coloured(verdict: BackupVerdict["verdict"]): string {
  return verdict === "FRESH" ? pc.green(verdict) : verdict === "OLD" ? pc.yellow(verdict) : pc.red(verdict);
}
