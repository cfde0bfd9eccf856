/** A replica of a PostgreSQL database, in its region or in another. */
import { Instance, type InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import { Component } from "../component.ts";
import type { ArgumentProblem } from "../contract/argumentProblem.ts";
import type { Tagged } from "../regional.ts";
import type { Transform } from "../transform.ts";
import { closedSecurityGroup, type DatabaseNetwork, subnetsOf, tooFewZones } from "./databaseNetwork.ts";
import { identifierOf } from "./identifier.ts";
import { exportedLogs, postgresLogGroups } from "./postgresLogs.ts";
import { type PostgresSettings, postgresParameterGroup } from "./postgresParameters.ts";

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
      readonly settings: PostgresSettings;
      /** Days of backups of its own, so that it is restorable from the moment of promotion, 1–35. */
      readonly backupRetentionDays: number;
      readonly backupWindow: string;
      readonly multiAz: boolean;
    };

/** Arguments of `PostgresReplica`. */
export interface PostgresReplicaArgs extends Tagged {
  /** AWS region of the replica. */
  readonly region: string;
  /** ARN of the database that is replicated. Set to undefined to promote the replica: an update in place. */
  readonly sourceArn: Input<string> | undefined;
  readonly instanceClass: string;
  readonly place: ReplicaPlace;
  /** Key in the replica's region; in the source's region it is the source's. */
  readonly keyArn: Input<string>;
  /** Weekly, UTC. */
  readonly maintenanceWindow: string;
  /** Let IAM roles log in without a password. @default as its source at the time of creation */
  readonly iamAuthentication?: boolean;
  /** Days of query insights. @default 7 */
  readonly insightsDays?: number | undefined;
  /** Days that its logs in CloudWatch are kept. */
  readonly logRetentionDays: number;
  /** Refuse to delete it: for a replica that is there to be promoted. @default false */
  readonly protect?: boolean;
  /** Changes to single children. @default none */
  readonly transform?: { readonly replica?: Transform<InstanceArgs> } | undefined;
}

/** Everything wrong with plain arguments. */
function postgresReplicaProblems({ place }: PostgresReplicaArgs): ArgumentProblem[] {
  return place.in === "otherRegion" ? tooFewZones(place.network) : [];
}

/**
 * A replica takes no password: users and data come from the source.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class PostgresReplica extends Component {
  readonly host: Output<string>;
  readonly identifier: Output<string>;
  /** RDS's own id, by which IAM logins name it. */
  readonly resourceId: Output<string>;
  readonly arn: Output<string>;
  readonly securityGroupId: Output<string>;

  constructor(name: string, args: PostgresReplicaArgs, opts?: ComponentResourceOptions) {
    super("slipway:database:PostgresReplica", name, args, opts, postgresReplicaProblems(args));
    const { keyArn, protect = false, place } = args;
    this.securityGroupId =
      place.in === "sourceRegion" ? output(place.securityGroupId) : closedSecurityGroup(name, place.network.vpcId, this);
    const identifier = identifierOf(name, keyArn);
    const logs = postgresLogGroups(name, { ...args, identifier }, this);
    const replica = this.child(
      Instance,
      name,
      {
        identifier,
        ...(args.sourceArn === undefined ? {} : { replicateSourceDb: args.sourceArn }),
        instanceClass: args.instanceClass,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        storageEncrypted: true,
        ...(args.iamAuthentication === undefined ? {} : { iamDatabaseAuthenticationEnabled: args.iamAuthentication }),
        vpcSecurityGroupIds: [this.securityGroupId],
        publiclyAccessible: false,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        maintenanceWindow: args.maintenanceWindow,
        copyTagsToSnapshot: true,
        deletionProtection: protect,
        // AWS takes no last snapshot of a replica.
        skipFinalSnapshot: true,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: keyArn,
        performanceInsightsRetentionPeriod: args.insightsDays ?? 7,
        enabledCloudwatchLogsExports: [...exportedLogs],
        ...this.#placed(name, args),
      },
      { transform: args.transform?.replica, protect, dependsOn: logs },
    );
    this.host = replica.address;
    this.identifier = replica.identifier;
    this.resourceId = replica.resourceId;
    this.arn = replica.arn;
    this.registerOutputs({ host: this.host });
  }

  /** In the source's region AWS takes subnets and key from the source and refuses a key of one's own. */
  #placed(name: string, { keyArn, place }: PostgresReplicaArgs): Partial<InstanceArgs> {
    if (place.in === "sourceRegion") return { parameterGroupName: place.parameterGroupName };
    const subnets = this.child(SubnetGroup, name, { subnetIds: subnetsOf(place.network) });
    return {
      kmsKeyId: keyArn,
      dbSubnetGroupName: subnets.name,
      parameterGroupName: postgresParameterGroup(name, place.settings, this, undefined),
      multiAz: place.multiAz,
      backupRetentionPeriod: place.backupRetentionDays,
      backupWindow: place.backupWindow,
    };
  }
}
