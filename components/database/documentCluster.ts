/** DocumentDB cluster, for applications written for MongoDB. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster, type ClusterArgs } from "@pulumi/aws/docdb/cluster.js";
import { ClusterInstance, type ClusterInstanceArgs } from "@pulumi/aws/docdb/clusterInstance.js";
import { ClusterParameterGroup } from "@pulumi/aws/docdb/clusterParameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/docdb/subnetGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { Credential } from "../credential/credential.ts";
import { keyedName } from "../keyedName.ts";
import type { NetworkDatabase } from "./access.ts";
import { documentCluster } from "./contract.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones, zonesOf } from "./databaseNetwork.ts";

/** Arguments of `DocumentCluster`: those of its contract, and these. */
export interface DocumentClusterArgs
  extends Given<typeof documentCluster>,
    Regional,
    Transformable<{ cluster: ClusterArgs; instance: ClusterInstanceArgs }> {
  /** The first zones of it, by name, get an instance each. */
  readonly network: DatabaseNetwork;
  /** Key of the data, snapshots, logs and the application's secret; it has to let CloudWatch Logs use it. A change replaces the cluster. */
  readonly keyArn: Input<string>;
  /** Days that logs are kept, one of CloudWatch's steps. */
  readonly logRetentionDays: number;
  /** Refuse to delete it in the engine and at AWS, and take a last snapshot when it is deleted after all. @default false */
  readonly protect?: boolean;
}

type Settings = Accepted<typeof documentCluster>;

const port = 27_017;

/**
 * A cluster with one instance per named zone: encrypted, TLS only, audited, restorable to any second of the retention.
 *
 * AWS manages and rotates the master password. It does so under the account's own Secrets Manager key: the AWS provider
 * has no way to name another key for DocumentDB, and the other choice would be to hold the password in Pulumi's state.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class DocumentCluster extends Component {
  /** The real resources. */
  readonly nodes: { readonly cluster: Cluster };
  readonly access: NetworkDatabase;

  constructor(name: string, args: DocumentClusterArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, documentCluster, args, tooFewZones(args.network, args.instances));
    super("slipway:database:DocumentCluster", name, args, opts);
    const { keyArn, protect = false } = args;
    const identifier = keyedName("aws:docdb/cluster:Cluster", name, keyArn);
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(args.network) });
    const securityGroupId = closedSecurityGroup(name, args.network.vpcId, this);
    const logs = this.#logGroups(name, identifier, args);
    const cluster = this.child(
      Cluster,
      name,
      {
        clusterIdentifier: identifier,
        ...clusterSettings(given),
        kmsKeyId: keyArn,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [securityGroupId],
        dbClusterParameterGroupName: this.#parameters(name, given),
        deletionProtection: protect,
        skipFinalSnapshot: !protect,
        ...(protect ? { finalSnapshotIdentifier: interpolate`${identifier}-final` } : {}),
      },
      { transform: args.transform?.cluster, protect, dependsOn: logs },
    );
    for (const zone of zonesOf(args.network).slice(0, given.instances)) this.#instance(`${name}-${zone}`, zone, cluster, given, args);
    this.nodes = { cluster };
    const application = this.child(Credential, `${name}-${given.applicationUser}`, {
      username: given.applicationUser,
      description: `${name}: limited user of the applications`,
      keyArn,
      protect,
    });
    this.access = {
      kind: "network",
      databaseName: given.databaseName,
      host: cluster.endpoint,
      readHost: cluster.readerEndpoint,
      port,
      subnetGroupName: subnets.name,
      securityGroupId,
      username: given.applicationUser,
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

  #parameters(name: string, { version, slowQueryMilliseconds }: Settings): Output<string> {
    const [major = "5"] = version.split(".");
    return this.child(ClusterParameterGroup, name, {
      family: `docdb${major}.0`,
      description: `${name}: TLS only, audited, slow operations logged`,
      parameters: [
        { name: "audit_logs", value: "enabled", applyMethod: "pending-reboot" },
        { name: "profiler", value: "enabled", applyMethod: "pending-reboot" },
        { name: "profiler_threshold_ms", value: String(slowQueryMilliseconds), applyMethod: "pending-reboot" },
        { name: "tls", value: "enabled", applyMethod: "pending-reboot" },
      ],
    }).name;
  }

  #instance(
    name: string,
    zone: string,
    cluster: Cluster,
    { instanceClass, maintenanceWindow }: Settings,
    { keyArn, transform }: DocumentClusterArgs,
  ): void {
    // Not protected: an instance holds no data of its own, the cluster's storage does.
    this.child(
      ClusterInstance,
      name,
      {
        clusterIdentifier: cluster.id,
        availabilityZone: zone,
        instanceClass,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        preferredMaintenanceWindow: maintenanceWindow,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        // Not offered for the burstable classes, which are for staging anyway.
        ...(instanceClass.startsWith("db.t") ? {} : { enablePerformanceInsights: true, performanceInsightsKmsKeyId: keyArn }),
      },
      { transform: transform?.instance },
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

/** What of the cluster its contract decides, and what is the same for each. */
function clusterSettings(given: Settings) {
  return {
    engine: "docdb",
    engineVersion: given.version,
    allowMajorVersionUpgrade: given.allowMajorUpgrade,
    applyImmediately: false,
    masterUsername: given.masterUser,
    manageMasterUserPassword: true,
    port,
    storageEncrypted: true,
    backupRetentionPeriod: given.backupRetentionDays,
    preferredBackupWindow: given.backupWindow,
    preferredMaintenanceWindow: given.maintenanceWindow,
    enabledCloudwatchLogsExports: ["audit", "profiler"],
  };
}
