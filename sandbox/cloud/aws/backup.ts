/** AWS Backup: vaults, locks, plans, restore tests, and what AWS refuses. What jobs do is in `backupJobs.ts`. */
import { isObject, listOf, objectsIn, type Value } from "../../provider/values.ts";
import { CloudError, onBoth, onCreate, onDelete, type Rule, type ServiceTables } from "../catalogue.ts";
import { timeIn } from "../clock.ts";
import { pointsIn } from "./backupJobs.ts";

const vault = "aws:backup/vault:Vault";
const lock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const policy = "aws:backup/vaultPolicy:VaultPolicy";
const plan = "aws:backup/plan:Plan";
const selection = "aws:backup/selection:Selection";
const testPlan = "aws:backup/restoreTestingPlan:RestoreTestingPlan";
const testSelection = "aws:backup/restoreTestingSelection:RestoreTestingSelection";
const copiedLogs = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

/** What restore tests can be made of. */
const testedTypes = new Set(["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"]);

const refuse = (message: string) => new CloudError("InvalidParameterValueException", message);

const named = (pattern: RegExp, what: string): Rule => ({
  on: "create",
  enforce: ({ name }) => {
    if (!pattern.test(String(name))) throw refuse(`Invalid ${what} name: ${String(name)}. Must match ${pattern.source}.`);
  },
});

const schedule = (expression: Value | undefined) => {
  const fields = /^cron\((.+)\)$/.exec(String(expression))?.[1]?.split(/\s+/) ?? [];
  if (fields.length !== 6 || (fields[2] === "?") === (fields[4] === "?"))
    throw refuse(`Invalid schedule expression: ${String(expression)}. A cron expression has six fields, with ? in one of the two days.`);
};

/** @throws CloudError for a lifecycle that AWS Backup does not take */
function refuseBadLifecycle(lifecycle: Value | undefined): void {
  if (!isObject(lifecycle)) return;
  const [cold, end] = [lifecycle.coldStorageAfter, lifecycle.deleteAfter].map((days) => (typeof days === "number" ? days : undefined));
  if (end !== undefined && (end < 1 || end > 36_500)) throw refuse(`Delete after ${end} days is not from 1 to 36500.`);
  if (cold !== undefined && end !== undefined && end < cold + 90)
    throw refuse("Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays.");
}

const refuseBadRules: Rule["enforce"] = ({ rules }) => {
  for (const rule of objectsIn(rules)) {
    if (!/^[A-Za-z0-9-_.]{1,50}$/.test(String(rule.ruleName))) throw refuse(`Invalid rule name: ${String(rule.ruleName)}`);
    if (rule.schedule !== undefined) schedule(rule.schedule);
    const start = Number(rule.startWindow ?? 60);
    if (start < 60) throw refuse("Start window must be at least 60 minutes.");
    if (Number(rule.completionWindow ?? 180) < start + 60)
      throw refuse("Completion window must be at least 60 minutes longer than start window.");
    refuseBadLifecycle(rule.lifecycle);
    for (const copy of objectsIn(rule.copyActions)) refuseBadLifecycle(copy.lifecycle);
  }
};

const refuseBadBounds: Rule["enforce"] = ({ minRetentionDays, maxRetentionDays, changeableForDays }) => {
  const [least, most] = [Number(minRetentionDays ?? 1), Number(maxRetentionDays ?? 36_500)];
  if (least < 1) throw refuse("MinRetentionDays must be at least 1.");
  if (most > 36_500) throw refuse("MaxRetentionDays must be at most 36500.");
  if (least > most) throw refuse("MinRetentionDays cannot be more than MaxRetentionDays.");
  if (typeof changeableForDays === "number" && (changeableForDays < 3 || changeableForDays > 36_500))
    throw refuse("ChangeableForDays must be from 3 to 36500.");
};

const keepsForEver: Rule["enforce"] = ({ lockDate, backupVaultName }, { store }) => {
  if (typeof lockDate === "string" && lockDate !== "" && Date.parse(lockDate) <= timeIn(store).getTime())
    throw new CloudError(
      "InvalidRequestException",
      `Vault lock of ${String(backupVaultName)} is immutable since ${lockDate} and cannot be deleted.`,
    );
};

/** A vault is deleted when it is empty; the provider empties it first when it is told to, and has to be allowed to. */
const keepsBackups: Rule["enforce"] = ({ name, forceDestroy }, { store, place }) => {
  const points = pointsIn(store, String(name), place);
  if (points.length === 0) return;
  if (forceDestroy !== true)
    throw new CloudError("InvalidRequestException", "Backup vault cannot be deleted because it contains recovery points.");
  const closed = store.all(policy).some(({ id, scope }) => id === name && scope === `${place.account}/${place.region}`);
  if (closed) throw new CloudError("AccessDeniedException", "Insufficient privileges to perform this action: backup:DeleteRecoveryPoint.");
  for (const point of points) store.delete(point);
};

const refuseBadTest: Rule["enforce"] = ({ scheduleExpression, startWindowHours, recoveryPointSelection }) => {
  schedule(scheduleExpression);
  if (Number(startWindowHours ?? 24) < 1 || Number(startWindowHours ?? 24) > 168) throw refuse("StartWindowHours must be from 1 to 168.");
  const chosen = isObject(recoveryPointSelection) ? recoveryPointSelection : {};
  if (!["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"].includes(String(chosen.algorithm)))
    throw refuse(`Algorithm must be LATEST_WITHIN_WINDOW or RANDOM_WITHIN_WINDOW, not ${String(chosen.algorithm)}.`);
  const days = Number(chosen.selectionWindowDays ?? 30);
  if (days < 1 || days > 365) throw refuse("SelectionWindowDays must be from 1 to 365.");
};

const refuseBadTestSelection: Rule["enforce"] = ({ protectedResourceType, protectedResourceArns, protectedResourceConditions }) => {
  const arns = listOf(protectedResourceArns).map(String);
  if (!testedTypes.has(String(protectedResourceType))) throw refuse(`Restore testing does not support ${String(protectedResourceType)}.`);
  if (arns.length > 30) throw refuse("A restore testing selection has at most 30 resource ARNs.");
  if (arns.some((one) => one !== "*") && isObject(protectedResourceConditions)) throw refuse("Give resource ARNs or conditions, not both.");
};

export const backup: ServiceTables = {
  identities: {
    [lock]: {
      compute: ({ changeableForDays }, _, store) => ({
        lockDate:
          typeof changeableForDays === "number" ? new Date(timeIn(store).getTime() + changeableForDays * 86_400_000).toISOString() : "",
      }),
    },
  },
  rules: {
    [vault]: [named(/^[a-zA-Z0-9\-_]{2,50}$/, "vault"), ...onDelete(keepsBackups)],
    [lock]: [...onBoth(refuseBadBounds), ...onDelete(keepsForEver)],
    [plan]: onBoth(refuseBadRules),
    [selection]: [named(/^[a-zA-Z0-9\-_.]{1,50}$/, "selection")],
    [testPlan]: [named(/^[a-zA-Z0-9_]{1,50}$/, "restore testing plan"), ...onBoth(refuseBadTest)],
    [testSelection]: [named(/^[a-zA-Z0-9_]{1,50}$/, "restore testing selection"), ...onBoth(refuseBadTestSelection)],
    [copiedLogs]: onCreate(({ sourceDbInstanceArn, retentionPeriod, kmsKeyId }, { store, place }) => {
      const days = Number(retentionPeriod ?? 7);
      const source = store.all("aws:rds/instance:Instance").find(({ properties }) => properties.arn === sourceDbInstanceArn);
      if (days < 1 || days > 35) throw new CloudError("InvalidParameterValue", "The retention period is from 1 to 35 days.");
      if (String(sourceDbInstanceArn).split(":")[3] === place.region)
        throw new CloudError("InvalidParameterValue", "Automated backups are replicated to another AWS Region.");
      if (source?.properties.storageEncrypted === true && (kmsKeyId === undefined || kmsKeyId === null))
        throw new CloudError("InvalidParameterValue", "A KMS key of the destination Region is needed for an encrypted DB instance.");
    }),
  },
};
