/** PostgreSQL on RDS. */
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type { ParameterGroupArgs } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Component, type InAccount, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { Credential } from "../credential/credential.ts";
import { keyedName } from "../keyedName.ts";
import type { NetworkDatabase } from "./access.ts";
import { loggedPostgres } from "./contract.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones } from "./databaseNetwork.ts";
import { insights } from "./postgresInsights.ts";
import { exportedLogs, postgresLogGroups } from "./postgresLogs.ts";
import { postgresParameterGroup } from "./postgresParameters.ts";
import { PostgresReplica, type PostgresReplicaArgs } from "./postgresReplica.ts";

/** Arguments of `Postgres`: those of its contract, and these. */
export interface PostgresArgs
  extends Given<typeof loggedPostgres>,
    Regional,
    InAccount,
    Transformable<{ instance: InstanceArgs; replica: InstanceArgs; parameterGroup: ParameterGroupArgs }> {
  readonly network: DatabaseNetwork;
  /** Key of the data, snapshots, insights, logs and secrets; it has to let CloudWatch Logs use it. A change replaces the database. */
  readonly keyArn: Input<string>;
  /** Further regions with a replica of their own, and the key of each there: its passwords are kept there too. @default none */
  readonly replicaKeys?: Readonly<Record<string, Input<string>>> | undefined;
  /** Refuse to delete it in the engine and at AWS, and take a last snapshot when it is deleted after all. @default false */
  readonly protect?: boolean;
}

const port = 5432;

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
  /** The real resources. */
  readonly nodes: { readonly instance: Instance };
  readonly access: NetworkDatabase;
  readonly replicas: Readonly<Record<string, PostgresReplica>>;

  constructor(name: string, args: PostgresArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, loggedPostgres, args, tooFewZones(args.network));
    super("slipway:database:Postgres", name, args, opts);
    const { region, accountId, keyArn, protect = false } = args;
    const { masterUser, applicationUser, iamAuthentication } = given;
    const identifier = keyedName("aws:rds/instance:Instance", name, keyArn);
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(args.network) });
    const securityGroupId = closedSecurityGroup(name, args.network.vpcId, this);
    const parameterGroupName = postgresParameterGroup(name, given, this, args.transform?.parameterGroup);
    const credential = (username: string, description: string) =>
      this.child(Credential, `${name}-${username}`, { username, description, keyArn, replicaKeys: args.replicaKeys, protect });
    // RDS refuses a managed password together with replicas.
    const replicated = Object.keys({ ...given.readReplicas, ...args.replicaKeys }).length > 0;
    const master = replicated ? credential(masterUser, `${name}: master user, for people`) : undefined;
    const logs = postgresLogGroups(name, { ...args, ...given, identifier }, this);
    const instance = this.child(
      Instance,
      name,
      {
        identifier,
        ...instanceSettings(given),
        kmsKeyId: keyArn,
        ...(master === undefined ? { manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn } : { password: master.password }),
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [securityGroupId],
        parameterGroupName,
        deleteAutomatedBackups: !protect,
        deletionProtection: protect,
        skipFinalSnapshot: !protect,
        ...(protect ? { finalSnapshotIdentifier: interpolate`${identifier}-final` } : {}),
        performanceInsightsKmsKeyId: keyArn,
      },
      { transform: args.transform?.instance, protect, dependsOn: logs },
    );
    this.replicas = this.#replicas(name, instance.identifier, { in: "sourceRegion", securityGroupId, parameterGroupName }, given, args);
    this.nodes = { instance };
    const application = credential(applicationUser, `${name}: limited user of the applications`);
    const [firstReplica] = Object.values(this.replicas);
    this.access = {
      kind: "network",
      databaseName: given.databaseName,
      host: instance.address,
      readHost: firstReplica?.host ?? instance.address,
      port,
      subnetGroupName: subnets.name,
      securityGroupId,
      username: applicationUser,
      secretArn: application.secretArn,
      masterSecretArn: master?.secretArn ?? instance.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? ""),
      keyArn: output(keyArn),
      ...(iamAuthentication
        ? { iamUserArn: interpolate`arn:aws:rds-db:${region}:${accountId}:dbuser:${instance.resourceId}/${applicationUser}` }
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
    source: Output<string>,
    place: PostgresReplicaArgs["place"],
    { instanceClass, maintenanceWindow, insightsDays, readReplicas, logRetentionDays }: Accepted<typeof loggedPostgres>,
    { keyArn, transform }: PostgresArgs,
  ): Record<string, PostgresReplica> {
    const shared = { source, place, maintenanceWindow, insightsDays, keyArn, logRetentionDays, transform };
    return Object.fromEntries(
      Object.entries(readReplicas).map(([replica, own]) => {
        const settings = { ...shared, instanceClass: own.instanceClass ?? instanceClass };
        return [replica, this.child(PostgresReplica, `${name}-${replica}`, settings)];
      }),
    );
  }
}

/** What of the instance its contract decides, and what is the same for each. */
function instanceSettings(given: Accepted<typeof loggedPostgres>) {
  return {
    engine: "postgres",
    engineVersion: given.version,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: given.allowMajorUpgrade,
    applyImmediately: false,
    instanceClass: given.instanceClass,
    allocatedStorage: given.storageGib,
    ...(given.maximumStorageGib === undefined ? {} : { maxAllocatedStorage: given.maximumStorageGib }),
    storageType: "gp3",
    storageEncrypted: true,
    dbName: given.databaseName,
    username: given.masterUser,
    iamDatabaseAuthenticationEnabled: given.iamAuthentication,
    port,
    publiclyAccessible: false,
    multiAz: given.multiAz,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    backupRetentionPeriod: given.backupRetentionDays,
    backupWindow: given.backupWindow,
    maintenanceWindow: given.maintenanceWindow,
    copyTagsToSnapshot: true,
    performanceInsightsEnabled: true,
    ...insights(given.insightsDays),
    enabledCloudwatchLogsExports: [...exportedLogs],
  };
}
