/** What AWS Backup does when it runs: backups into a vault, and restores out of it. Simulated; a job ends at once. */
import { isObject, type Properties } from "../../provider/values.ts";
import { CloudError } from "../catalogue.ts";
import { timeIn } from "../clock.ts";
import type { Place } from "../identity.ts";
import type { LiveObject, LiveStore } from "../liveStore.ts";
import { keptLogType, loseRecords, recordsAt, type Write, write, writesIn, writesOf } from "./records.ts";

/** Type of recovery points; no resource of the engine has it. */
export const recoveryPointType = "aws:backup/recoveryPoint:RecoveryPoint";

const vaultType = "aws:backup/vault:Vault";
const lockType = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const settingsType = "aws:backup/regionSettings:RegionSettings";

/** A backup that somebody asks for. */
interface BackupRequest {
  readonly place: Place;
  readonly vaultName: string;
  readonly resourceArn: string;
  /** As AWS Backup calls it: `RDS`. */
  readonly resourceType: string;
  readonly deleteAfterDays: number;
  readonly coldAfterDays?: number;
  /** Tags of the recovery point. */
  readonly tags: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** How a job ended: AWS tells reasons of a failure in the job, not in the answer to the request. */
export type JobEnd =
  | { readonly state: "COMPLETED"; readonly recoveryPointArn: string }
  | { readonly state: "FAILED"; readonly message: string };

/** Recovery points of a vault, the newest first. Those whose time is over are deleted (AWS Backup guide, "Lifecycle"). */
export function pointsIn(store: LiveStore, vaultName: string, { account, region }: Place): LiveObject[] {
  const points = store
    .all(recoveryPointType)
    .filter(({ scope, properties }) => scope === `${account}/${region}` && properties.backupVaultName === vaultName);
  const now = timeIn(store).getTime();
  const isOver = ({ properties }: LiveObject) => Date.parse(String(properties.deleteAt)) <= now;
  for (const point of points.filter(isOver)) store.delete(point);
  return points
    .filter((point) => !isOver(point))
    .sort((a, b) => String(b.properties.creationDate).localeCompare(String(a.properties.creationDate)));
}

/**
 * Runs one backup job.
 * @throws CloudError for a request that AWS refuses at once
 */
export function backUp(store: LiveStore, request: BackupRequest): JobEnd {
  const { place, vaultName, resourceArn, resourceType, deleteAfterDays, coldAfterDays, at } = request;
  const scope = `${place.account}/${place.region}`;
  if (store.get(vaultType, vaultName, scope) === undefined)
    throw new CloudError("ResourceNotFoundException", `Backup vault ${vaultName} not found`);
  if (coldAfterDays !== undefined && deleteAfterDays < coldAfterDays + 90)
    throw new CloudError(
      "InvalidParameterValueException",
      "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays.",
    );
  const refused = optedOut(store, scope, resourceType) ?? outOfBounds(store.get(lockType, vaultName, scope), deleteAfterDays);
  if (refused !== undefined) return { state: "FAILED", message: refused };
  const source = resourceAt(store, resourceArn);
  if (source === undefined) return { state: "FAILED", message: `Resource ${resourceArn} does not exist` };
  const recoveryPointArn = pointArn(resourceType, place);
  store.put({
    type: recoveryPointType,
    id: recoveryPointArn,
    scope,
    properties: {
      recoveryPointArn,
      resourceArn,
      resourceType,
      backupVaultName: vaultName,
      status: "COMPLETED",
      creationDate: at.toISOString(),
      deleteAt: new Date(at.getTime() + deleteAfterDays * 86_400_000).toISOString(),
      tags: { ...request.tags },
      records: { ...recordsAt(writesOf(store, resourceArn), at.toISOString()) },
      source: {
        type: source.type,
        id: source.id,
        scope: source.scope,
        createdFor: source.createdFor,
        properties: source.properties,
        sealed: (source.sealed ?? []).map((path) => [...path]),
      },
    },
    createdFor: "",
  });
  return { state: "COMPLETED", recoveryPointArn };
}

/** A copy of a recovery point that somebody asks for. */
interface CopyRequest {
  readonly place: Place;
  readonly vaultName: string;
  readonly recoveryPointArn: string;
  readonly destinationVaultArn: string;
  readonly deleteAfterDays: number;
}

/**
 * Runs one copy job. The copy counts from the backup's own moment, and names the same resource (API reference, RecoveryPointByBackupVault).
 * @throws CloudError for a request that AWS refuses at once
 */
export function copyPoint(
  store: LiveStore,
  { place, vaultName, recoveryPointArn, destinationVaultArn, deleteAfterDays }: CopyRequest,
): JobEnd {
  const point = pointsIn(store, vaultName, place).find(({ id }) => id === recoveryPointArn);
  if (point === undefined) throw new CloudError("ResourceNotFoundException", `Recovery point ${recoveryPointArn} not found`);
  const [, , , region = "", account = "", , name = ""] = destinationVaultArn.split(":");
  const scope = `${account}/${region}`;
  if (store.get(vaultType, name, scope) === undefined)
    return { state: "FAILED", message: `Backup vault ${name} does not exist in ${region}` };
  const refused = outOfBounds(store.get(lockType, name, scope), deleteAfterDays);
  if (refused !== undefined) return { state: "FAILED", message: refused };
  const id = pointArn(String(point.properties.resourceType), { account, region });
  const deleteAt = new Date(Date.parse(String(point.properties.creationDate)) + deleteAfterDays * 86_400_000).toISOString();
  const properties = { ...point.properties, recoveryPointArn: id, backupVaultName: name, status: "COMPLETED", deleteAt };
  store.put({ ...point, id, scope, properties });
  return { state: "COMPLETED", recoveryPointArn: id };
}

function optedOut(store: LiveStore, scope: string, resourceType: string): string | undefined {
  const [settings] = store.all(settingsType).filter((one) => one.scope === scope);
  const preference = settings?.properties.resourceTypeOptInPreference;
  return isObject(preference) && preference[resourceType] === false
    ? `Resource type ${resourceType} is not opted in to AWS Backup in this Region`
    : undefined;
}

function outOfBounds(lock: LiveObject | undefined, deleteAfterDays: number): string | undefined {
  if (lock === undefined) return undefined;
  const [least, most] = [Number(lock.properties.minRetentionDays ?? 1), Number(lock.properties.maxRetentionDays ?? 36_500)];
  if (deleteAfterDays >= least && deleteAfterDays <= most) return undefined;
  return `Retention of ${deleteAfterDays} days is outside the vault lock: minimum ${least}, maximum ${most} days`;
}

/** The live object that an ARN names. */
export function resourceAt(store: LiveStore, arn: string): LiveObject | undefined {
  return store.all().find(({ type, properties }) => properties.arn === arn && !type.startsWith("aws:backup/"));
}

function pointArn(resourceType: string, { account, region }: Place): string {
  const id = crypto.randomUUID();
  if (resourceType === "RDS") return `arn:aws:rds:${region}:${account}:snapshot:awsbackup:job-${id}`;
  if (resourceType === "DocumentDB") return `arn:aws:rds:${region}:${account}:cluster-snapshot:awsbackup:job-${id}`;
  return `arn:aws:backup:${region}:${account}:recovery-point:${id}`;
}

/**
 * Makes a store anew from a recovery point, under the name that it had.
 * @param at moment from which the restored data counts
 * @throws CloudError when there is no such point, or the name is still taken
 */
export function restore(store: LiveStore, recoveryPointArn: string, at: Date): LiveObject {
  const point = store.all(recoveryPointType).find(({ id }) => id === recoveryPointArn);
  if (point === undefined) throw new CloudError("ResourceNotFoundException", `Recovery point ${recoveryPointArn} not found`);
  const { resourceArn, records } = point.properties;
  const held = isObject(records) ? records : {};
  return remake(
    store,
    point.properties,
    String(resourceArn),
    Object.entries(held).map(([key, value]) => ({ at: at.toISOString(), key, value: String(value) })),
  );
}

/** Seconds that point-in-time recovery is behind, by AWS's own word. */
const pointInTimeLag = 300;

/** Newest moment that a database can be brought back to: of a volume that was lost, before its loss. */
export function restorableUntil(store: LiveStore, { properties }: LiveObject): Date {
  const lost = keptOf(store, String(properties.arn))?.properties.lostAt;
  return new Date((lost === undefined ? timeIn(store).getTime() : Date.parse(String(lost))) - pointInTimeLag * 1000);
}

/**
 * What a database held at a moment, out of its own service's logs.
 * @throws CloudError when the moment is newer than the newest that can be restored, or older than what is kept
 */
export function restoredWrites(store: LiveStore, database: LiveObject, moment: Date): Write[] {
  const { properties } = database;
  const newest = restorableUntil(store, database).getTime();
  const days = Number(properties.backupRetentionPeriod ?? recoveryDays(properties.pointInTimeRecovery) ?? 0);
  const oldest = newest + pointInTimeLag * 1000 - days * 86_400_000;
  if (moment.getTime() > newest || moment.getTime() < oldest)
    throw new CloudError(
      "InvalidParameterValue",
      `${moment.toISOString()} cannot be restored: the restorable time is from ${new Date(oldest).toISOString()} to ${new Date(newest).toISOString()}`,
    );
  const kept = keptOf(store, String(properties.arn));
  const log = kept === undefined ? writesOf(store, String(properties.arn)) : writesIn(kept.properties);
  const at = moment.toISOString();
  return Object.entries(recordsAt(log, at)).map(([key, value]) => ({ at, key, value }));
}

/**
 * Brings a database whose volume was lost back to a moment, under the name that it has.
 * @throws CloudError as `restoredWrites` does
 */
export function restoreToMoment(store: LiveStore, arn: string, moment: Date): void {
  const [kept, database] = [keptOf(store, arn), resourceAt(store, arn)];
  if (kept === undefined || database === undefined) throw new CloudError("DBInstanceNotFound", `No automated backups of ${arn}`);
  const held = restoredWrites(store, database, moment);
  store.delete(kept);
  write(store, arn, held);
}

function keptOf(store: LiveStore, arn: string): LiveObject | undefined {
  return store.all(keptLogType).find(({ id }) => id === arn);
}

function recoveryDays(setting: Properties[string] | undefined): number | undefined {
  if (!isObject(setting) || setting.enabled !== true) return undefined;
  return Number(setting.recoveryPeriodInDays ?? 35);
}

function remake(store: LiveStore, { source }: Properties, arn: string, writes: readonly Write[]): LiveObject {
  if (!isObject(source) || !isObject(source.properties))
    throw new CloudError("InvalidRequestException", "The recovery point holds no store");
  if (resourceAt(store, arn) !== undefined) throw new CloudError("AlreadyExistsException", `${arn} still exists`);
  const made: LiveObject = {
    type: String(source.type),
    id: String(source.id),
    scope: String(source.scope),
    properties: source.properties,
    createdFor: String(source.createdFor),
    sealed: Array.isArray(source.sealed) ? (source.sealed as unknown as NonNullable<LiveObject["sealed"]>) : [],
  };
  loseRecords(store, arn);
  store.put(made);
  write(store, arn, writes);
  return made;
}
