/**
 * One server takes another's name, step by step. Each step is decided by what RDS has now, so that whoever was interrupted goes on by the
 * same command, and a step that was done is not done again.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { DBInstance } from "@aws-sdk/client-rds";
import type { StackConfig } from "../../infra/config/stack.ts";
import type { Aws } from "../aws/aws.ts";
import { UserError } from "../userError.ts";
import { type Family, familiesOf, type ServerPlace, suffixed, suffixes, tagOf } from "./servers.ts";
import { leftToModify, type Mark } from "./settings.ts";

/** What is to be done next of a swap. */
export type Step =
  | { readonly step: "make"; readonly name: string; readonly original: DBInstance }
  /** RDS is at something, which nobody can hurry. */
  | { readonly step: "wait"; readonly name: string; readonly status: string }
  | { readonly step: "settle"; readonly original: DBInstance; readonly made: DBInstance }
  | { readonly step: "rename"; readonly from: string; readonly to: string }
  /** The name is taken over; the other is there under another one, unless somebody deleted it. */
  | { readonly step: "done"; readonly own: DBInstance; readonly aside: DBInstance | undefined };

/** Seconds between two looks, and how often it is looked again: a restore of a large database takes hours. */
const look = { seconds: 15, times: 1440 };

/** @throws UserError where what is there is of something else: a person decides over it */
export function nextStep({ place, own, fresh, aside }: Family, mark: Mark): Step {
  const isMade = (server: DBInstance) => tagOf(server, mark.key) === mark.value;
  const deleted = (server: DBInstance) => deleteCommands(server, place.region);
  if (fresh !== undefined && !isMade(fresh))
    throw new UserError(
      `${fresh.DBInstanceIdentifier} in ${place.region} was made for something else (${mark.key} is ${tagOf(fresh, mark.key) ?? "not set"}, and not ${mark.value}). Go on with that by the same command as then, or delete it: ${deleted(fresh)}`,
    );
  if (own !== undefined && isMade(own)) return busy(own) ?? { step: "done", own, aside };
  if (own !== undefined && aside !== undefined)
    throw new UserError(
      `${aside.DBInstanceIdentifier} in ${place.region} is left of a restore before, and its name is needed. When nobody misses anything in it, delete it: ${deleted(aside)}`,
    );
  const original = own ?? aside;
  if (fresh === undefined) {
    if (own === undefined)
      throw new UserError(
        `No server in ${place.region} is called ${place.start}…, and none was made to be: restore one from a backup, docs/runbooks/restore.md`,
      );
    return { step: "make", name: suffixed(String(own.DBInstanceIdentifier), suffixes.fresh), original: own };
  }
  const waiting = busy(fresh) ?? (own === undefined ? undefined : busy(own)) ?? (aside === undefined ? undefined : busy(aside));
  if (waiting !== undefined) return waiting;
  const [from, base] = [String(fresh.DBInstanceIdentifier), nameOf(fresh, original)];
  if (original !== undefined && leftToModify(original, fresh) !== undefined) return { step: "settle", original, made: fresh };
  return own === undefined ? { step: "rename", from, to: base } : { step: "rename", from: base, to: suffixed(base, suffixes.aside) };
}

/** What deletes a server after all, with a last snapshot. */
export function deleteCommands({ DBInstanceIdentifier: name }: DBInstance, region: string): string {
  const of = `--region ${region} --db-instance-identifier ${name}`;
  return `aws rds modify-db-instance ${of} --no-deletion-protection --apply-immediately; aws rds delete-db-instance ${of} --final-db-snapshot-identifier ${name}-final`;
}

/** Statuses in which RDS changes nothing by itself any more (RDS guide, "Viewing DB instance status"). */
const still = new Set([
  "available",
  "storage-full",
  "failed",
  "incompatible-network",
  "incompatible-parameters",
  "incompatible-restore",
  "stopped",
]);

function busy({ DBInstanceIdentifier: name, DBInstanceStatus: status = "unknown" }: DBInstance): Step | undefined {
  return still.has(status) ? undefined : { step: "wait", name: String(name), status };
}

/** The name that is taken over: of whoever has it or had it. */
function nameOf(fresh: DBInstance, original: DBInstance | undefined): string {
  const name = String((original ?? fresh).DBInstanceIdentifier);
  return name.replace(new RegExp(`(?:${suffixes.aside}|${suffixes.fresh})$`), "");
}

/** What a swap is run with. */
export interface Swap {
  readonly aws: Aws;
  readonly config: StackConfig;
  readonly place: ServerPlace;
  readonly mark: Mark;
  /** Has RDS make the server that takes the name. */
  readonly make: (original: DBInstance, name: string) => Promise<unknown>;
  readonly print: (line: string) => void;
  /** Seconds, between two looks. @default they pass */
  readonly wait?: ((seconds: number) => Promise<unknown>) | undefined;
}

/** Goes on until the name is taken over. @returns who has it, and who had it @throws UserError where RDS refuses, or takes too long */
export async function swap({ aws, config, place, mark, make, print, wait = (seconds) => pause(seconds * 1000) }: Swap) {
  const rds = await aws.client("rds", place.region);
  let told = "";
  const say = (line: string) => {
    if (line !== told) print(`${place.database} in ${place.region}: ${line}`);
    told = line;
  };
  let asked = "";
  for (let left = look.times; left > 0; left -= 1) {
    const [family] = await familiesOf(aws, config, [place]);
    if (family === undefined) throw new Error(`nothing was read of ${place.start}`);
    const next = nextStep(family, mark);
    if (next.step === "done") return next;
    // RDS tells the status of before for a moment, and a name that changes under both.
    const key = JSON.stringify([next.step, "name" in next ? next.name : "", "from" in next ? next.from : ""]);
    if (next.step === "wait" || key === asked) {
      say(next.step === "wait" ? `${next.name} is ${next.status}` : "RDS has taken it");
      await wait(look.seconds);
      if (next.step !== "wait" && left % 20 === 0) asked = "";
      continue;
    }
    asked = key;
    if (next.step === "make") {
      say(`${next.name} is made, beside ${next.original.DBInstanceIdentifier}`);
      await aws.told(`${next.name} is not made`, make(next.original, next.name));
    } else if (next.step === "settle") {
      const changes = leftToModify(next.original, next.made);
      say(`${next.made.DBInstanceIdentifier} gets what RDS did not take over`);
      if (changes !== undefined) await aws.told(`${next.made.DBInstanceIdentifier} is not changed`, rds.modifyDBInstance(changes));
    } else {
      say(`${next.from} is renamed ${next.to}`);
      const names = { DBInstanceIdentifier: next.from, NewDBInstanceIdentifier: next.to };
      await aws.told(`${next.from} is not renamed ${next.to}`, rds.modifyDBInstance({ ...names, ApplyImmediately: true }));
    }
  }
  throw new UserError(
    `${place.database} in ${place.region} is not through after ${(look.times * look.seconds) / 3600} hours. The same command goes on.`,
  );
}
