/** When stores are backed up, how long the backups are kept, and where copies go. */
import { Plan, type PlanArgs } from "@pulumi/aws/backup/plan.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given, inArguments, refuseArguments } from "../contract/accepted.ts";
import { type ArgumentProblem, outside } from "../contract/argumentProblem.ts";
import { fittedName } from "../physicalName.ts";
import { backupPlan, plannedStores } from "./contract.ts";
import { type BackedUpType, type RetentionBounds, vaultRules } from "./retention.ts";

/** One store that is backed up. */
export interface ProtectedStore {
  readonly type: BackedUpType;
  readonly arn: Input<string>;
}

/** Where copies go. */
export interface CopyTarget {
  /** Vault in another region; its own key encrypts the copies. */
  readonly vaultArn: Input<string>;
  /** What that vault's lock takes. @default no lock */
  readonly bounds?: RetentionBounds | undefined;
}

/** A problem when there is no store, or more than selections that AWS allows. */
export function storeCount({ stores }: { readonly stores: Readonly<Record<string, ProtectedStore>> }): ArgumentProblem[] {
  return outside("stores", Object.keys(stores).length, plannedStores);
}

/** Arguments of `BackupPlan`: those of its contract, and these. */
export interface BackupPlanArgs extends Given<typeof backupPlan>, Regional, Transformable<{ plan: PlanArgs }> {
  /** Vault in the same region. */
  readonly vaultName: Input<string>;
  /** What the vault's lock takes. @default no lock */
  readonly bounds?: RetentionBounds | undefined;
  /** Stores by name. */
  readonly stores: Readonly<Record<string, ProtectedStore>>;
  /** Role that AWS Backup takes. */
  readonly roleArn: Input<string>;
  /** Where rules with a copy send it. @default nowhere */
  readonly copyTo?: CopyTarget | undefined;
}

type Rules = Accepted<typeof backupPlan>["rules"];

/** What the vaults refuse or ignore of the rules. */
function rulesInVaults(rules: Rules, { stores, bounds, copyTo }: BackupPlanArgs): ArgumentProblem[] {
  const types = Object.values(stores).map(({ type }) => type);
  return Object.entries(rules).flatMap(([name, { copy, ...rule }]) => {
    const at = ["rules", name];
    const own = vaultRules(rule, bounds, types).map((broken) => inArguments(at, broken));
    if (copy === undefined) return own;
    if (copyTo === undefined) return [...own, { propertyPath: `rules.${name}.copy`, reason: "is given, and copyTo names no vault" }];
    return [...own, ...vaultRules(copy, copyTo.bounds, types).map((broken) => inArguments([...at, "copy"], broken))];
  });
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
  /** The real resources. */
  readonly nodes: { readonly plan: Plan };
  readonly planId: Output<string>;

  constructor(name: string, args: BackupPlanArgs, opts?: ComponentResourceOptions) {
    const { rules } = accepted(name, backupPlan, args, storeCount(args));
    refuseArguments(name, rulesInVaults(rules, args));
    super("slipway:backup:BackupPlan", name, args, opts);
    const { vaultName, roleArn, copyTo } = args;
    const plan = this.child(
      Plan,
      name,
      {
        rules: Object.entries(rules)
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
        { planId: plan.id, name: fittedName("aws:backup/selection:Selection", store), iamRoleArn: roleArn, resources: [arn] },
        // The name is the store's own, and a plan has one selection of it.
        { deleteBeforeReplace: true },
      );
    this.nodes = { plan };
    this.planId = plan.id;
    this.registerOutputs({ planId: this.planId });
  }
}

function lifecycleOf({ deleteAfterDays, coldAfterDays }: NonNullable<Rules[string]["copy"]>) {
  return { deleteAfter: deleteAfterDays, ...(coldAfterDays === undefined ? {} : { coldStorageAfter: coldAfterDays }) };
}
