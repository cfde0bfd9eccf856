/** Restores that AWS Backup makes by itself, on a schedule, to prove that they work; what is restored is deleted after. */
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { RestoreTestingSelection } from "@pulumi/aws/backup/restoreTestingSelection.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, type Regional } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { fittedName } from "../physicalName.ts";
import { type ProtectedStore, storeCount } from "./backupPlan.ts";
import { restoreTesting } from "./contract.ts";

/** A store, and what AWS could not know of the place to restore it to. */
export interface TestedStore extends ProtectedStore {
  /** By AWS Backup's own keys, such as `dbSubnetGroupName`. @default what AWS infers */
  readonly restoreWith?: Readonly<Record<string, Input<string>>> | undefined;
}

/** Arguments of `RestoreTesting`: those of its contract, and these. */
export interface RestoreTestingArgs extends Given<typeof restoreTesting>, Regional {
  /** Vaults that backups are taken from. */
  readonly vaultArns: readonly Input<string>[];
  /** Stores by name; one selection each. */
  readonly stores: Readonly<Record<string, TestedStore>>;
  /** Role that AWS Backup takes. */
  readonly roleArn: Input<string>;
}

/** A name that the API takes, of a plan or of a selection. Pure. */
export function restoreTestName(...parts: readonly string[]): string {
  const whole = parts.join("_").replaceAll(/[^A-Za-z0-9_]/g, "_");
  return fittedName("aws:backup/restoreTestingPlan:RestoreTestingPlan", whole, 0, "_");
}

/**
 * A monthly proof for each store by its exact ARN. Into the same account and beside the store, so its subnets have room for
 * one more of it; a separate account is safer still and not something that one stack can set up.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class RestoreTesting extends Component {
  /** The real resources. */
  readonly nodes: { readonly plan: RestoreTestingPlan; readonly selections: Readonly<Record<string, RestoreTestingSelection>> };
  readonly planArn: Output<string>;

  constructor(name: string, args: RestoreTestingArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, restoreTesting, args, storeCount(args));
    super("slipway:backup:RestoreTesting", name, args, opts);
    const { roleArn } = args;
    const plan = this.child(RestoreTestingPlan, name, {
      name: given.planName,
      scheduleExpression: given.schedule,
      startWindowHours: given.startWindowHours,
      recoveryPointSelection: {
        algorithm: given.algorithm,
        includeVaults: [...args.vaultArns],
        // Point-in-time recovery is the databases' own; vaults hold snapshots.
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: given.windowDays,
      },
    });
    const selections = Object.entries(args.stores).map(([store, { type, arn, restoreWith }]) => {
      const selection = this.child(RestoreTestingSelection, `${name}-${store}`, {
        name: restoreTestName(store),
        restoreTestingPlanName: plan.name,
        protectedResourceType: type,
        protectedResourceArns: [arn],
        iamRoleArn: roleArn,
        validationWindowHours: given.validationHours,
        ...(restoreWith === undefined ? {} : { restoreMetadataOverrides: { ...restoreWith } }),
      });
      return [store, selection] as const;
    });
    this.nodes = { plan, selections: Object.fromEntries(selections) };
    this.planArn = plan.arn;
    this.registerOutputs({ planArn: this.planArn });
  }
}
