/** When stores are backed up, how long the backups are kept, and where copies go. */
import { Plan, type PlanArgs } from "@pulumi/aws/backup/plan.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { type BackedUpType, coldStorageTypes, type Retention, type RetentionBounds, retentionProblems } from "./retention.ts";
import { scheduleProblem } from "./schedule.ts";

/** One store that is backed up. */
export interface ProtectedStore {
  readonly type: BackedUpType;
  readonly arn: Input<string>;
}

/** One rhythm of backups. */
interface BackupRule extends Retention {
  /** When it starts, UTC: `cron(0 7 * * ? *)`. */
  readonly schedule: string;
  /** Minutes in which a job has to start, 60 at least. */
  readonly startWindowMinutes: number;
  /** Minutes in which a job has to be done, an hour longer than the start window at least. */
  readonly completionWindowMinutes: number;
  /** Days that a copy in another region is kept. @default no copy */
  readonly copy?: Retention | undefined;
}

/** Where copies go. */
export interface CopyTarget {
  /** Vault in another region; its own key encrypts the copies. */
  readonly vaultArn: Input<string>;
  /** What that vault's lock takes. @default no lock */
  readonly bounds?: RetentionBounds | undefined;
}

/** Arguments of `BackupPlan`. */
export interface BackupPlanArgs extends Regional {
  /** Vault in the same region. */
  readonly vaultName: Input<string>;
  /** What the vault's lock takes. @default no lock */
  readonly bounds?: RetentionBounds | undefined;
  /** Rules by name. */
  readonly rules: Readonly<Record<string, BackupRule>>;
  /** Stores by name. */
  readonly stores: Readonly<Record<string, ProtectedStore>>;
  /** Role that AWS Backup takes. */
  readonly roleArn: Input<string>;
  /** Where rules with a copy send it. @default nowhere */
  readonly copyTo?: CopyTarget | undefined;
  /** Changes to single children. @default none */
  readonly transform?: { readonly plan?: Transform<PlanArgs> };
}

/** What AWS Backup takes as a name of a rule. */
const ruleNamePattern = /^[A-Za-z0-9-_.]{1,50}$/;

/** Everything wrong with plain arguments. */
export function backupPlanProblems({ rules, stores, bounds, copyTo }: BackupPlanArgs): ArgumentProblem[] {
  const problems = outsideRange("rules", Object.keys(rules).length, 1, 10, "rules");
  problems.push(...outsideRange("stores", Object.keys(stores).length, 1, 100, "stores"));
  const warm = Object.values(stores).flatMap(({ type }) => (coldStorageTypes.includes(type) ? [] : [type]));
  for (const [name, rule] of Object.entries(rules)) {
    const at = `rules.${name}`;
    const schedule = scheduleProblem(rule.schedule);
    if (!ruleNamePattern.test(name))
      problems.push({ propertyPath: at, reason: "is not 1 to 50 letters, digits, hyphens, dots, underscores" });
    if (schedule !== undefined) problems.push({ propertyPath: `${at}.schedule`, reason: schedule });
    problems.push(...outsideRange(`${at}.startWindowMinutes`, rule.startWindowMinutes, 60, 100_000, "minutes"));
    problems.push(
      ...outsideRange(`${at}.completionWindowMinutes`, rule.completionWindowMinutes, rule.startWindowMinutes + 60, 100_000, "minutes"),
    );
    problems.push(...retentionProblems(at, rule, bounds));
    if (rule.copy !== undefined) problems.push(...retentionProblems(`${at}.copy`, rule.copy, copyTo?.bounds));
    if (rule.copy !== undefined && copyTo === undefined)
      problems.push({ propertyPath: `${at}.copy`, reason: "is given, and copyTo names no vault" });
    if ((rule.coldAfterDays ?? rule.copy?.coldAfterDays) !== undefined && warm.length > 0)
      problems.push({
        propertyPath: `${at}.coldAfterDays`,
        reason: `is given, and AWS Backup ignores it for ${[...new Set(warm)].sort().join(", ")}; give those stores a plan of their own`,
      });
  }
  return problems;
}

/**
 * A plan with one selection a store, each by its exact ARN: nothing comes in by a tag that another stack of the account
 * happens to use, and a store that is added changes no other's selection.
 *
 * Snapshots only. Point-in-time recovery of a database stays with its own service (RDS, DocumentDB, DynamoDB): once AWS
 * Backup had it, it would write the database's retention and window, and every update would write them back.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class BackupPlan extends Component {
  readonly planId: Output<string>;

  constructor(name: string, args: BackupPlanArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:BackupPlan", name, args, opts, backupPlanProblems(args));
    const { vaultName, roleArn, copyTo } = args;
    const plan = this.child(
      Plan,
      name,
      {
        rules: Object.entries(args.rules)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([ruleName, rule]) => ({
            ruleName,
            targetVaultName: vaultName,
            schedule: rule.schedule,
            startWindow: rule.startWindowMinutes,
            completionWindow: rule.completionWindowMinutes,
            lifecycle: lifecycleOf(rule),
            ...(rule.copy === undefined || copyTo === undefined
              ? {}
              : { copyActions: [{ destinationVaultArn: copyTo.vaultArn, lifecycle: lifecycleOf(rule.copy) }] }),
          })),
      },
      { transform: args.transform?.plan },
    );
    for (const [store, { arn }] of Object.entries(args.stores))
      this.child(
        Selection,
        `${name}-${store}`,
        { planId: plan.id, name: store, iamRoleArn: roleArn, resources: [arn] },
        // The name is the store's own, and a plan has one selection of it.
        { deleteBeforeReplace: true },
      );
    this.planId = plan.id;
    this.registerOutputs({ planId: this.planId });
  }
}

function lifecycleOf({ deleteAfterDays, coldAfterDays }: Retention) {
  return { deleteAfter: deleteAfterDays, ...(coldAfterDays === undefined ? {} : { coldStorageAfter: coldAfterDays }) };
}
