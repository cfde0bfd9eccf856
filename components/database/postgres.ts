/** PostgreSQL on RDS. */
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import { Credential } from "../credential/credential.ts";
import type { InAccount, Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import type { NetworkDatabase } from "./access.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones } from "./databaseNetwork.ts";
import { identifierOf } from "./identifier.ts";
import { exportedLogs, postgresLogGroups } from "./postgresLogs.ts";
import { type PostgresSettings, postgresParameterGroup } from "./postgresParameters.ts";
import { PostgresReplica } from "./postgresReplica.ts";
import { windowsOverlap } from "./windows.ts";

/** Arguments of `Postgres`. */
export interface PostgresArgs extends PostgresSettings, Regional, InAccount {
  readonly network: DatabaseNetwork;
  /** Key of the data, snapshots, insights, logs and secrets; it has to let CloudWatch Logs use it. A change replaces the database. */
  readonly keyArn: Input<string>;
  /** Let `version` rise to the next major one, with an outage of minutes. @default false */
  readonly allowMajorUpgrade?: boolean;
  /** Size of the instances, `db.t4g.medium`. */
  readonly instanceClass: string;
  /** Storage at the start, GiB, 20–65,536. It can grow and never shrink. */
  readonly storageGib: number;
  /** Storage that it may grow to by itself, GiB. @default it does not grow */
  readonly maximumStorageGib?: number | undefined;
  /** Database made at the start. A change replaces everything. */
  readonly databaseName: string;
  /** Master user, for people. A change replaces everything. @default "slipway" */
  readonly masterUsername?: string;
  /** Limited user of the applications, created in the database as docs/components/database.md tells. */
  readonly applicationUsername: string;
  /** Standby in a second zone that takes over by itself. */
  readonly multiAz: boolean;
  /** Days that any second can be restored of, 1–35. */
  readonly backupRetentionDays: number;
  /** Daily, UTC, 30 minutes at least: `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly, UTC, 30 minutes at least: `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
  /** Replicas in this region by name; they take reads. @default none */
  readonly readReplicas?: Readonly<Record<string, { readonly instanceClass?: string | undefined }>>;
  /** Further regions with a replica of their own, and the key of each there: its passwords are kept there too. @default none */
  readonly replicaKeys?: Readonly<Record<string, Input<string>>> | undefined;
  /** Let IAM roles log in without a password. @default false */
  readonly iamAuthentication?: boolean;
  /** Days of query insights: 7, 731 or a multiple of 31. @default 7 */
  readonly insightsDays?: number;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  /** Refuse to delete it in the engine and at AWS, and take a last snapshot when it is deleted after all. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: {
    readonly instance?: Transform<InstanceArgs>;
    readonly replica?: Transform<InstanceArgs>;
    readonly parameterGroup?: Transform<ParameterGroupArgs>;
  };
}

const port = 5432;

/** Everything wrong with plain arguments. */
export function postgresProblems(args: PostgresArgs): ArgumentProblem[] {
  const problems = [
    ...tooFewZones(args.network),
    ...outsideRange("backupRetentionDays", args.backupRetentionDays, 1, 35, "days; replicas and point-in-time recovery need one at least"),
    ...outsideRange("storageGib", args.storageGib, 20, 65_536, "GiB"),
    ...outsideRange("readReplicas", Object.keys(args.readReplicas ?? {}).length, 0, 15, "replicas"),
  ];
  if (args.maximumStorageGib !== undefined && args.maximumStorageGib < Math.ceil((args.storageGib * 11) / 10))
    problems.push({
      propertyPath: "maximumStorageGib",
      reason: `is ${args.maximumStorageGib}; give at least ${Math.ceil((args.storageGib * 11) / 10)}, a tenth above the storage`,
    });
  if (windowsOverlap(args.backupWindow, args.maintenanceWindow))
    problems.push({ propertyPath: "backupWindow", reason: `is ${args.backupWindow} and overlaps maintenance ${args.maintenanceWindow}` });
  return problems;
}

/**
 * One database server: encrypted with its own key, TLS forced, restorable to any second of the retention, with a standby
 * in another zone and replicas for reads when asked for.
 *
 * RDS manages and rotates the master password, which then is nowhere in Pulumi; with replicas, in this region or another, RDS
 * refuses that, and the password is a generated `Credential`.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Postgres extends Component {
  readonly access: NetworkDatabase;
  readonly replicas: Readonly<Record<string, PostgresReplica>>;

  constructor(name: string, args: PostgresArgs, opts?: ComponentResourceOptions) {
    super("slipway:database:Postgres", name, args, opts, postgresProblems(args));
    const { region, accountId, keyArn, protect = false, iamAuthentication = false } = args;
    const identifier = identifierOf(name, keyArn);
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(args.network) });
    const securityGroupId = closedSecurityGroup(name, args.network.vpcId, this);
    const parameterGroupName = postgresParameterGroup(name, args, this, args.transform?.parameterGroup);
    const masterUsername = args.masterUsername ?? "slipway";
    const credential = (username: string, description: string) =>
      this.child(Credential, `${name}-${username}`, { username, description, keyArn, replicaKeys: args.replicaKeys, protect });
    // RDS refuses a managed password together with replicas.
    const replicated = Object.keys({ ...args.readReplicas, ...args.replicaKeys }).length > 0;
    const master = replicated ? credential(masterUsername, `${name}: master user, for people`) : undefined;
    const logs = postgresLogGroups(name, { ...args, identifier }, this);
    const instance = this.child(
      Instance,
      name,
      {
        identifier,
        engine: "postgres",
        engineVersion: args.version,
        autoMinorVersionUpgrade: true,
        allowMajorVersionUpgrade: args.allowMajorUpgrade ?? false,
        applyImmediately: false,
        instanceClass: args.instanceClass,
        allocatedStorage: args.storageGib,
        ...(args.maximumStorageGib === undefined ? {} : { maxAllocatedStorage: args.maximumStorageGib }),
        storageType: "gp3",
        storageEncrypted: true,
        kmsKeyId: keyArn,
        dbName: args.databaseName,
        username: masterUsername,
        ...(master === undefined ? { manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn } : { password: master.password }),
        iamDatabaseAuthenticationEnabled: iamAuthentication,
        port,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [securityGroupId],
        publiclyAccessible: false,
        multiAz: args.multiAz,
        parameterGroupName,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        backupRetentionPeriod: args.backupRetentionDays,
        backupWindow: args.backupWindow,
        maintenanceWindow: args.maintenanceWindow,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: !protect,
        deletionProtection: protect,
        skipFinalSnapshot: !protect,
        ...(protect ? { finalSnapshotIdentifier: interpolate`${identifier}-final` } : {}),
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: keyArn,
        performanceInsightsRetentionPeriod: args.insightsDays ?? 7,
        enabledCloudwatchLogsExports: [...exportedLogs],
      },
      { transform: args.transform?.instance, protect, dependsOn: logs },
    );
    this.replicas = this.#replicas(name, instance.arn, securityGroupId, parameterGroupName, args);
    const application = credential(args.applicationUsername, `${name}: limited user of the applications`);
    const [firstReplica] = Object.values(this.replicas);
    this.access = {
      kind: "network",
      databaseName: args.databaseName,
      host: instance.address,
      readHost: firstReplica?.host ?? instance.address,
      port,
      subnetGroupName: subnets.name,
      securityGroupId,
      username: args.applicationUsername,
      secretArn: application.secretArn,
      masterSecretArn: master?.secretArn ?? instance.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? ""),
      keyArn: output(keyArn),
      ...(iamAuthentication
        ? { iamUserArn: interpolate`arn:aws:rds-db:${region}:${accountId}:dbuser:${instance.resourceId}/${args.applicationUsername}` }
        : {}),
      arn: instance.arn,
      identifier: instance.identifier,
      replicaIdentifiers: Object.fromEntries(Object.entries(this.replicas).map(([replica, { identifier }]) => [replica, identifier])),
      slowLogGroup: interpolate`/aws/rds/instance/${instance.identifier}/postgresql`,
    };
    this.registerOutputs({ host: this.access.host, securityGroupId });
  }

  #replicas(
    name: string,
    sourceArn: Output<string>,
    securityGroupId: Output<string>,
    parameterGroupName: Output<string>,
    args: PostgresArgs,
  ): Record<string, PostgresReplica> {
    const { region, maintenanceWindow, insightsDays, logRetentionDays, keyArn, tags, transform } = args;
    return Object.fromEntries(
      Object.entries(args.readReplicas ?? {}).map(([replica, { instanceClass = args.instanceClass }]) => {
        const place = { in: "sourceRegion" as const, securityGroupId, parameterGroupName };
        const shared = { region, sourceArn, instanceClass, maintenanceWindow, insightsDays, logRetentionDays, keyArn, tags, transform };
        return [replica, this.child(PostgresReplica, `${name}-${replica}`, { ...shared, place })];
      }),
    );
  }
}
