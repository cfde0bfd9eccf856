/**
 * The loss of a store and its restore, on a copy of the simulated cloud and a clock of its own. What people do is assumed,
 * what AWS takes is modelled, what comes back is really compared.
 */
import { type RecoveryClass, recoveryCoverage } from "../../components/environment/contract/recoveryCoverage.ts";
import type { StackConfig } from "../../infra/config/stack.ts";
import { openBackups } from "../../ops/backup/backup.ts";
import type { RegionBackups } from "../../ops/backup/vaults.ts";
import { sandboxStack } from "../../ops/project/stack.ts";
import { UserError } from "../../ops/userError.ts";
import { resourceAt } from "../../sandbox/cloud/aws/backupJobs.ts";
import { recordsAt, type Write, write, writesOf } from "../../sandbox/cloud/aws/records.ts";
import { restoreSeconds } from "../../sandbox/cloud/aws/restoreDurations.ts";
import { timeIn } from "../../sandbox/cloud/clock.ts";
import type { LiveStore } from "../../sandbox/cloud/liveStore.ts";
import { onCopiedCloud } from "./copiedCloud.ts";
import type { DrillOptions } from "./options.ts";
import type { DrillEvent, DrillFigure } from "./report.ts";

/** Seconds of what people and alarms take: assumptions, to be replaced by a team's own. */
export const assumed = {
  /** Three failed minutes until the alarm, and the page. */
  detect: 240,
  /** Until somebody decides to restore. */
  decide: 300,
  /** Endpoint and state set right, tasks started again. */
  connect: 300,
} as const;

/** One store in a copy of the simulated cloud, and the drill's clock. */
export interface Stage {
  readonly config: StackConfig;
  readonly region: string;
  readonly backups: RegionBackups;
  /** `databases-main` */
  readonly name: string;
  readonly store: RegionBackups["stores"][string];
  /** Longest time until it is back and longest time of lost writes, minutes. */
  readonly objectives: { readonly rtoMinutes: number; readonly rpoMinutes: number };
  readonly live: LiveStore;
  /** Moment of a second of the drill. */
  readonly at: (second: number) => Date;
  /** Seconds that the restore takes. */
  readonly restoreTakes: number;
  readonly events: DrillEvent[];
}

/** Runs a drill on a copy of the simulated cloud that is gone afterwards. @throws UserError when there is nothing to lose */
export async function onStage<T>(
  options: DrillOptions,
  areas: readonly string[],
  pointInTime: boolean,
  run: (stage: Stage) => T | Promise<T>,
): Promise<T> {
  const { config, backups } = await openBackups(sandboxStack(options.stack));
  const found = Object.entries(backups).flatMap(([region, one]) =>
    Object.keys(one.stores).flatMap((name) => (areas.some((area) => name.startsWith(`${area}-`)) ? [{ region, backups: one, name }] : [])),
  );
  const chosen = options.store === undefined ? worst(found) : found.find(({ name }) => name === options.store);
  const store = chosen?.backups.stores[chosen.name];
  if (chosen === undefined || store === undefined)
    throw new UserError(`There is no such store to lose. There are: ${found.map(({ name }) => name).join(", ") || "none"}.`, 2);
  return onCopiedCloud(options.stack ?? "", (live) => {
    const started = Math.floor(timeIn(live).getTime() / 1000) * 1000;
    const recoveryClass: RecoveryClass = store.recoveryClass === "none" ? "medium" : store.recoveryClass;
    return run({
      ...{ config, ...chosen, store, live, objectives: config.backup.classes[recoveryClass] },
      at: (second) => new Date(started + second * 1000),
      restoreTakes: secondsGiven(options.restoreMinutes) ?? modelled(live, store, pointInTime),
      events: [],
    });
  });
}

const order = ["critical", "high", "medium", "none"] as const;

function worst<T extends { readonly backups: RegionBackups; readonly name: string }>(found: readonly T[]): T | undefined {
  const rank = ({ backups, name }: T) => order.indexOf(backups.stores[name]?.recoveryClass ?? "none");
  return [...found].sort((a, b) => rank(a) - rank(b))[0];
}

function secondsGiven(minutes: string | undefined): number | undefined {
  if (minutes === undefined) return undefined;
  const number = Number(minutes);
  if (!Number.isFinite(number) || number < 0) throw new UserError(`--restore-minutes is ${minutes}; give a number from 0.`, 2);
  return Math.round(number * 60);
}

function modelled(live: LiveStore, { arn, type }: Stage["store"], pointInTime: boolean): number {
  const storage = resourceAt(live, arn)?.properties.allocatedStorage;
  return restoreSeconds({ type, gib: typeof storage === "number" ? storage : 10, pointInTime });
}

/** Users order something every ten seconds. @param from first second  @param to last second, not included */
export function usersWrite({ live, store, at }: Stage, from: number, to: number): void {
  const writes: Write[] = [];
  for (let second = from; second < to; second += 10)
    writes.push({ at: at(second).toISOString(), key: `order-${second}`, value: `placed in second ${second}` });
  write(live, store.arn, writes);
}

/** Figures of what came back: really compared, not modelled. */
export function compared({ live, store, at }: Stage, log: readonly Write[], wanted: number, lost: number): DrillFigure[] {
  const back = recordsAt(writesOf(live, store.arn));
  const expected = recordsAt(log, at(wanted).toISOString());
  const equal = JSON.stringify(back) === JSON.stringify(expected);
  const all = recordsAt(log, at(lost).toISOString());
  const missing = Object.keys(all).filter((key) => !(key in back)).length;
  return [
    {
      name: "records that came back",
      value: `${Object.keys(back).length} of ${Object.keys(expected).length} at second ${wanted}`,
      bound: "equal, key by key",
      holds: equal && Object.keys(back).length > 0,
    },
    { name: "writes that are lost", value: `${missing}, of ${lost - wanted} seconds` },
  ];
}

/** Figures of the time, with what is modelled and assumed in it. */
export function timing({ objectives, restoreTakes }: Stage, lost: number, back: number, given: boolean): DrillFigure[] {
  return [
    {
      name: "until it was back",
      value: `${back - lost} s`,
      bound: `RTO: less than ${objectives.rtoMinutes * 60} s`,
      holds: back - lost < objectives.rtoMinutes * 60,
    },
    { name: given ? "of it AWS's restore, as given" : "of it AWS's restore, modelled and not measured", value: `${restoreTakes} s` },
    { name: "of it people and alarms, assumed", value: `${assumed.detect + assumed.decide + assumed.connect} s` },
  ];
}

/** What a store loses at worst by its plans and its own recovery, for people. */
export function sourcesOf({ config, name }: Stage) {
  return recoveryCoverage(config).find((store) => `${store.area}-${store.name}` === name)?.sources ?? [];
}
