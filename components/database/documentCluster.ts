/** DocumentDB cluster, for applications written for MongoDB. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster, type ClusterArgs } from "@pulumi/aws/docdb/cluster.js";
import { ClusterInstance, type ClusterInstanceArgs } from "@pulumi/aws/docdb/clusterInstance.js";
import { ClusterParameterGroup } from "@pulumi/aws/docdb/clusterParameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/docdb/subnetGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import { type ArgumentProblem, outsideRange } from "../contract/argumentProblem.ts";
import { Credential } from "../credential/credential.ts";
import type { Regional } from "../regional.ts";
import type { Transform } from "../transform.ts";
import type { NetworkDatabase } from "./access.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones } from "./databaseNetwork.ts";
import { identifierOf } from "./identifier.ts";
import { windowsOverlap } from "./windows.ts";

/** Arguments of `DocumentCluster`. */
export interface DocumentClusterArgs extends Regional {
  readonly network: DatabaseNetwork;
  /** Key of the data, snapshots, logs and the application's secret; it has to let CloudWatch Logs use it. A change replaces the cluster. */
  readonly keyArn: Input<string>;
  /** Engine version, `5.0.0` or `8.0.0`. */
  readonly version: string;
  /** Let `version` rise to the next major one. @default false */
  readonly allowMajorUpgrade?: boolean;
  /** Size of the instances, `db.r6g.large`. */
  readonly instanceClass: string;
  /** Zones with an instance: one writes, the others read and take over. */
  readonly instanceZones: readonly string[];
  /** Database that the applications use; DocumentDB makes it at the first write. */
  readonly databaseName: string;
  /** Master user, for people. A change replaces the cluster. @default "slipway" */
  readonly masterUsername?: string;
  /** Limited user of the applications, created as docs/components/database.md tells. */
  readonly applicationUsername: string;
  /** Days that any second can be restored of, 1–35. */
  readonly backupRetentionDays: number;
  /** Daily, UTC, 30 minutes at least: `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly, UTC, 30 minutes at least: `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
  /** Operations that take longer are logged, milliseconds, 50 at least. @default 1000 */
  readonly slowQueryMilliseconds?: number;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  /** Refuse to delete it in the engine and at AWS, and take a last snapshot when it is deleted after all. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly cluster?: Transform<ClusterArgs>; readonly instance?: Transform<ClusterInstanceArgs> };
}

const port = 27_017;

/** Everything wrong with plain arguments. */
export function documentClusterProblems(args: DocumentClusterArgs): ArgumentProblem[] {
  const problems = [
    ...tooFewZones(args.network),
    ...outsideRange("backupRetentionDays", args.backupRetentionDays, 1, 35, "days"),
    ...outsideRange("slowQueryMilliseconds", args.slowQueryMilliseconds ?? 1000, 50, 2_147_483_647, "milliseconds"),
  ];
  const zones = Object.keys(args.network.subnetIds);
  if (args.instanceZones.length === 0) problems.push({ propertyPath: "instanceZones", reason: "is empty; name one zone at least" });
  for (const [index, zone] of args.instanceZones.entries())
    if (!zones.includes(zone))
      problems.push({ propertyPath: `instanceZones[${index}]`, reason: `is ${zone}; give one of ${zones.join(", ")}` });
  if (windowsOverlap(args.backupWindow, args.maintenanceWindow))
    problems.push({ propertyPath: "backupWindow", reason: `is ${args.backupWindow} and overlaps maintenance ${args.maintenanceWindow}` });
  return problems;
}

/**
 * A cluster with one instance per named zone: encrypted, TLS only, audited, restorable to any second of the retention.
 *
 * AWS manages and rotates the master password. It does so under the account's own Secrets Manager key: the AWS provider
 * has no way to name another key for DocumentDB, and the other choice would be to hold the password in Pulumi's state.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class DocumentCluster extends Component {
  readonly access: NetworkDatabase;

  constructor(name: string, args: DocumentClusterArgs, opts?: ComponentResourceOptions) {
    super("slipway:database:DocumentCluster", name, args, opts, documentClusterProblems(args));
    const { keyArn, protect = false } = args;
    const identifier = identifierOf(name, keyArn);
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(args.network) });
    const securityGroupId = closedSecurityGroup(name, args.network.vpcId, this);
    const logs = this.#logGroups(name, identifier, args);
    const cluster = this.child(
      Cluster,
      name,
      {
        clusterIdentifier: identifier,
        engine: "docdb",
        engineVersion: args.version,
        allowMajorVersionUpgrade: args.allowMajorUpgrade ?? false,
        applyImmediately: false,
        masterUsername: args.masterUsername ?? "slipway",
        manageMasterUserPassword: true,
        port,
        storageEncrypted: true,
        kmsKeyId: keyArn,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [securityGroupId],
        dbClusterParameterGroupName: this.#parameters(name, args),
        backupRetentionPeriod: args.backupRetentionDays,
        preferredBackupWindow: args.backupWindow,
        preferredMaintenanceWindow: args.maintenanceWindow,
        enabledCloudwatchLogsExports: ["audit", "profiler"],
        deletionProtection: protect,
        skipFinalSnapshot: !protect,
        ...(protect ? { finalSnapshotIdentifier: interpolate`${identifier}-final` } : {}),
      },
      { transform: args.transform?.cluster, protect, dependsOn: logs },
    );
    for (const zone of [...args.instanceZones].sort()) this.#instance(`${name}-${zone}`, zone, cluster, args);
    const application = this.child(Credential, `${name}-${args.applicationUsername}`, {
      username: args.applicationUsername,
      description: `${name}: limited user of the applications`,
      keyArn,
      protect,
    });
    this.access = {
      kind: "network",
      databaseName: args.databaseName,
      host: cluster.endpoint,
      readHost: cluster.readerEndpoint,
      port,
      subnetGroupName: subnets.name,
      securityGroupId,
      username: args.applicationUsername,
      secretArn: application.secretArn,
      masterSecretArn: cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? ""),
      keyArn: output(keyArn),
      arn: cluster.arn,
      identifier: cluster.clusterIdentifier,
      replicaIdentifiers: {},
      slowLogGroup: interpolate`/aws/docdb/${cluster.clusterIdentifier}/profiler`,
    };
    this.registerOutputs({ host: this.access.host, securityGroupId });
  }

  #parameters(name: string, args: DocumentClusterArgs): Output<string> {
    const [major = "5"] = args.version.split(".");
    return this.child(ClusterParameterGroup, name, {
      family: `docdb${major}.0`,
      description: `${name}: TLS only, audited, slow operations logged`,
      parameters: [
        { name: "audit_logs", value: "enabled", applyMethod: "pending-reboot" },
        { name: "profiler", value: "enabled", applyMethod: "pending-reboot" },
        { name: "profiler_threshold_ms", value: String(args.slowQueryMilliseconds ?? 1000), applyMethod: "pending-reboot" },
        { name: "tls", value: "enabled", applyMethod: "pending-reboot" },
      ],
    }).name;
  }

  #instance(name: string, zone: string, cluster: Cluster, args: DocumentClusterArgs): void {
    // Not protected: an instance holds no data of its own, the cluster's storage does.
    this.child(
      ClusterInstance,
      name,
      {
        clusterIdentifier: cluster.id,
        availabilityZone: zone,
        instanceClass: args.instanceClass,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        preferredMaintenanceWindow: args.maintenanceWindow,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        // Not offered for the burstable classes, which are for staging anyway.
        ...(args.instanceClass.startsWith("db.t") ? {} : { enablePerformanceInsights: true, performanceInsightsKmsKeyId: args.keyArn }),
      },
      { transform: args.transform?.instance },
    );
  }

  /** There before DocumentDB makes its own, which would be kept for ever and not encrypted with the key. */
  #logGroups(name: string, identifier: Output<string>, { keyArn, logRetentionDays }: DocumentClusterArgs): LogGroup[] {
    return ["audit", "profiler"].map((log) =>
      this.child(LogGroup, `${name}-${log}`, {
        name: interpolate`/aws/docdb/${identifier}/${log}`,
        retentionInDays: logRetentionDays,
        kmsKeyId: keyArn,
      }),
    );
  }
}
