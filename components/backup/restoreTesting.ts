/** Restores that AWS Backup makes by itself, on a schedule, to prove that they work; what is restored is deleted after. */
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { RestoreTestingSelection } from "@pulumi/aws/backup/restoreTestingSelection.js";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import type { Regional } from "../regional.ts";
import type { ProtectedStore } from "./backupPlan.ts";
import { validationHours, selectionWindowDays as window } from "./restoreLimits.ts";
import { scheduleProblem } from "./schedule.ts";

/** A store, and what AWS could not know of the place to restore it to. */
export interface TestedStore extends ProtectedStore {
  /** By AWS Backup's own keys, such as `dbSubnetGroupName`. @default what AWS infers */
  readonly restoreWith?: Readonly<Record<string, Input<string>>> | undefined;
}

/** Arguments of `RestoreTesting`. */
export interface RestoreTestingArgs extends Regional {
  /** Name in AWS, letters, digits and underscores, at most 50. */
  readonly planName: string;
  /** When tests start, UTC: `cron(0 9 2 * ? *)`. */
  readonly schedule: string;
  /** Vaults that backups are taken from. */
  readonly vaultArns: readonly Input<string>[];
  /** Stores by name; one selection each. */
  readonly stores: Readonly<Record<string, TestedStore>>;
  /** Role that AWS Backup takes. */
  readonly roleArn: Input<string>;
  /** `LATEST_WITHIN_WINDOW` takes the newest backup, `RANDOM_WITHIN_WINDOW` any of the window. @default "RANDOM_WITHIN_WINDOW" */
  readonly algorithm?: "LATEST_WITHIN_WINDOW" | "RANDOM_WITHIN_WINDOW";
  /** Days back that a backup is chosen from, 1–365. @default 31 */
  readonly selectionWindowDays?: number;
  /** Hours in which tests begin, 1–168. @default 24 */
  readonly startWindowHours?: number;
  /** Hours that what was restored stays, for somebody to look at, 1–168. @default 4 */
  readonly validationHours?: number;
}

/** The API refuses the hyphen, which the engine's own names have. */
export const restoreTestNamePattern = /^[A-Za-z0-9_]{1,50}$/;

/** A name that the API takes. Pure. */
export function restoreTestName(...parts: readonly string[]): string {
  return parts
    .join("_")
    .replaceAll(/[^A-Za-z0-9_]/g, "_")
    .slice(0, 50);
}

/** Everything wrong with plain arguments. */
export function restoreTestingProblems(args: RestoreTestingArgs): ArgumentProblem[] {
  const schedule = scheduleProblem(args.schedule);
  const name = { propertyPath: "planName", reason: `is ${args.planName}; give letters, digits and underscores, at most 50` };
  return [
    ...(restoreTestNamePattern.test(args.planName) ? [] : [name]),
    ...(schedule === undefined ? [] : [{ propertyPath: "schedule", reason: schedule }]),
    ...outsideRange("stores", Object.keys(args.stores).length, 1, 100, "stores"),
    ...outsideRange("selectionWindowDays", args.selectionWindowDays ?? window.usual, window.least, window.most, "days"),
    ...outsideRange("startWindowHours", args.startWindowHours ?? 24, 1, 168, "hours"),
    ...outsideRange("validationHours", args.validationHours ?? validationHours.usual, validationHours.least, validationHours.most, "hours"),
  ];
}

/**
 * A monthly proof for each store by its exact ARN. Into the same account and beside the store, so its subnets have room for
 * one more of it; a separate account is safer still and not something that one stack can set up.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class RestoreTesting extends Component {
  readonly planArn: Output<string>;

  constructor(name: string, args: RestoreTestingArgs, opts?: ComponentResourceOptions) {
    super("slipway:backup:RestoreTesting", name, args, opts, restoreTestingProblems(args));
    const { roleArn } = args;
    const plan = this.child(RestoreTestingPlan, name, {
      name: args.planName,
      scheduleExpression: args.schedule,
      startWindowHours: args.startWindowHours ?? 24,
      recoveryPointSelection: {
        algorithm: args.algorithm ?? "RANDOM_WITHIN_WINDOW",
        includeVaults: [...args.vaultArns],
        // Point-in-time recovery is the databases' own; vaults hold snapshots.
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: args.selectionWindowDays ?? window.usual,
      },
    });
    for (const [store, { type, arn, restoreWith }] of Object.entries(args.stores))
      this.child(RestoreTestingSelection, `${name}-${store}`, {
        name: restoreTestName(store),
        restoreTestingPlanName: plan.name,
        protectedResourceType: type,
        protectedResourceArns: [arn],
        iamRoleArn: roleArn,
        validationWindowHours: args.validationHours ?? validationHours.usual,
        ...(restoreWith === undefined ? {} : { restoreMetadataOverrides: { ...restoreWith } }),
      });
    this.planArn = plan.arn;
    this.registerOutputs({ planArn: this.planArn });
  }
}
