/** A replica of a PostgreSQL database, in its region or in another. */
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { type Accepted, accepted, type Given } from "../contract/accepted.ts";
import { keyedName } from "../keyedName.ts";
import { postgresReplica } from "./contract.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones } from "./databaseNetwork.ts";
import { insights } from "./postgresInsights.ts";
import { exportedLogs, postgresLogGroups } from "./postgresLogs.ts";
import { postgresParameterGroup } from "./postgresParameters.ts";

/** Where a replica stands. */
type ReplicaPlace =
  | {
      /** Beside its source: same subnets, same key, same security group. */
      readonly in: "sourceRegion";
      readonly securityGroupId: Input<string>;
      readonly parameterGroupName: Input<string>;
    }
  | {
      /** In another region: with a network, a key and settings of its own. It can be promoted when the source's region is lost. */
      readonly in: "otherRegion";
      readonly network: DatabaseNetwork;
    };

/** Arguments of `PostgresReplica`: those of its contract, and these. */
export interface PostgresReplicaArgs extends Given<typeof postgresReplica>, Regional, Transformable<{ replica: InstanceArgs }> {
  /**
   * Database that is replicated: its identifier beside it, where AWS takes the source's subnets, and its ARN in another region. Set to
   * undefined to promote the replica: an update in place.
   */
  readonly source: Input<string> | undefined;
  readonly place: ReplicaPlace;
  /** Key in the replica's region; in the source's region it is the source's. */
  readonly keyArn: Input<string>;
  /** Days that its logs in CloudWatch are kept. */
  readonly logRetentionDays: number;
  /** Refuse to delete it: for a replica that is there to be promoted. @default false */
  readonly protect?: boolean;
}

/**
 * A replica takes no password: users and data come from the source.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class PostgresReplica extends Component {
  /** The real resources. */
  readonly nodes: { readonly replica: Instance };
  readonly host: Output<string>;
  readonly identifier: Output<string>;
  /** RDS's own id, by which IAM logins name it. */
  readonly resourceId: Output<string>;
  readonly arn: Output<string>;
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: PostgresReplicaArgs, opts?: ComponentResourceOptions) {
    const { keyArn, protect = false, place } = args;
    const given = accepted(name, postgresReplica, args, place.in === "otherRegion" ? tooFewZones(place.network) : []);
    super("slipway:database:PostgresReplica", name, args, opts);
    this.securityGroupId =
      place.in === "sourceRegion" ? output(place.securityGroupId) : closedSecurityGroup(name, place.network.vpcId, this);
    const identifier = keyedName("aws:rds/instance:Instance", name, keyArn);
    const logs = postgresLogGroups(name, { ...args, identifier }, this);
    const replica = this.child(
      Instance,
      name,
      {
        identifier,
        ...(args.source === undefined ? {} : { replicateSourceDb: args.source }),
        instanceClass: given.instanceClass,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        storageEncrypted: true,
        vpcSecurityGroupIds: [this.securityGroupId],
        publiclyAccessible: false,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        maintenanceWindow: given.maintenanceWindow,
        copyTagsToSnapshot: true,
        deletionProtection: protect,
        // AWS takes no last snapshot of a replica.
        skipFinalSnapshot: true,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: keyArn,
        ...insights(given.insightsDays),
        enabledCloudwatchLogsExports: [...exportedLogs],
        ...this.#placed(name, given, args),
      },
      { transform: args.transform?.replica, protect, dependsOn: logs },
    );
    this.nodes = { replica };
    this.host = replica.address;
    this.identifier = replica.identifier;
    this.resourceId = replica.resourceId;
    this.arn = replica.arn;
    this.registerOutputs({ host: this.host });
  }

  /** In the source's region AWS takes the rest from the source, and refuses a key of one's own. */
  #placed(name: string, given: Accepted<typeof postgresReplica>, { keyArn, place }: PostgresReplicaArgs): Partial<InstanceArgs> {
    if (place.in === "sourceRegion") return { parameterGroupName: place.parameterGroupName };
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(place.network) });
    return {
      kmsKeyId: keyArn,
      dbSubnetGroupName: subnets.name,
      parameterGroupName: postgresParameterGroup(name, given, this, undefined),
      multiAz: given.multiAz,
      backupRetentionPeriod: given.backupRetentionDays,
      backupWindow: given.backupWindow,
      iamDatabaseAuthenticationEnabled: given.iamAuthentication,
    };
  }
}
