/** Valkey or Redis on ElastiCache. */
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { ParameterGroup } from "@pulumi/aws/elasticache/parameterGroup.js";
import { ReplicationGroup, type ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import { type ComponentResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";
import { Component, type Regional, type Transformable } from "../component.ts";
import { accepted, type Given } from "../contract/accepted.ts";
import { outside } from "../contract/argumentProblem.ts";
import { named } from "../tags.ts";
import { CacheUsers } from "./cacheUsers.ts";
import { cache, cacheSubnets } from "./contract.ts";

/** Arguments of `Cache`: those of its contract, and these. */
export type CacheArgs = Given<typeof cache> &
  Regional &
  Transformable<{ replicationGroup: ReplicationGroupArgs }> & {
    readonly vpcId: Input<string>;
    /** Isolated subnets of at least two zones, in the order of their zones' names. */
    readonly subnetIds: readonly Input<string>[];
    /** Key of the data, snapshots, logs and the secret; it has to let CloudWatch Logs use it. A change replaces the cache. */
    readonly keyArn: Input<string>;
    /** Days that logs are kept, one of CloudWatch's steps. */
    readonly logRetentionDays: number;
    /** Refuse to delete it, and take a last snapshot when it is deleted after all. ElastiCache has no protection of its own. @default false */
    readonly protect?: boolean;
  };

/** What whoever uses a cache needs of it. */
export interface CacheAccess {
  /** Host that takes reads and writes; stays the same over a failover. */
  readonly host: Output<string>;
  /** Host that spreads reads over the replicas. */
  readonly readHost: Output<string>;
  readonly port: number;
  readonly securityGroupId: Output<string>;
  readonly username: string;
  /** Secret `{"username", "password"}`. */
  readonly secretArn: Output<string>;
  readonly keyArn: Output<string>;
  readonly arn: Output<string>;
  /** Physical name, the dimension of ElastiCache's metrics. */
  readonly replicationGroupId: Output<string>;
}

const port = 6379;

/** Parameter group family, `valkey8` or `redis7`. */
function cacheFamily(engine: CacheArgs["engine"], version: string): string {
  return `${engine}${version.split(".")[0]}`;
}

/**
 * A primary with replicas, TLS only, encrypted with its own key. One named user may log in, with a generated password;
 * nobody may without one.
 *
 * @throws InputPropertiesError naming every argument that cannot be used
 */
export class Cache extends Component {
  /** The real resources. */
  readonly nodes: { readonly replicationGroup: ReplicationGroup };
  readonly access: CacheAccess;

  constructor(name: string, args: CacheArgs, opts?: ComponentResourceOptions) {
    const given = accepted(name, cache, args, outside("subnetIds", args.subnetIds.length, cacheSubnets));
    super("slipway:cache:Cache", name, args, opts);
    const { keyArn, tags, protect = false } = args;
    const { engine } = given;
    const subnets = this.child(SubnetGroup, name, { subnetIds: [...args.subnetIds] });
    const group = this.child(SecurityGroup, name, { vpcId: args.vpcId, description: `${name}: in from named services only` });
    const users = this.child(CacheUsers, name, { engine, keyArn, username: given.user, protect });
    const parameters = this.child(ParameterGroup, `${name}-${cacheFamily(engine, given.version)}`, {
      family: cacheFamily(engine, given.version),
      description: `${name}: eviction`,
      parameters: [{ name: "maxmemory-policy", value: given.evictionPolicy }],
      tags: named(name, tags),
    });
    const replicationGroup = this.child(
      ReplicationGroup,
      name,
      {
        description: `${name}: ${engine}, TLS only`,
        engine,
        engineVersion: given.version,
        nodeType: given.nodeType,
        numCacheClusters: given.replicas + 1,
        automaticFailoverEnabled: given.replicas > 0,
        multiAzEnabled: given.multiAz,
        port,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        parameterGroupName: parameters.name,
        userGroupIds: [users.groupId],
        transitEncryptionEnabled: true,
        atRestEncryptionEnabled: true,
        kmsKeyId: keyArn,
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        snapshotRetentionLimit: given.snapshotRetentionDays,
        snapshotWindow: given.snapshotWindow,
        maintenanceWindow: given.maintenanceWindow,
        ...(protect ? { finalSnapshotIdentifier: interpolate`${users.suffixed}-final` } : {}),
        logDeliveryConfigurations: [this.#log(name, "engine-log", args), this.#log(name, "slow-log", args)],
      },
      { transform: args.transform?.replicationGroup, protect },
    );
    this.nodes = { replicationGroup };
    this.access = {
      host: replicationGroup.primaryEndpointAddress,
      readHost: replicationGroup.readerEndpointAddress,
      port,
      securityGroupId: group.id,
      username: given.user,
      secretArn: users.secretArn,
      keyArn: output(keyArn),
      arn: replicationGroup.arn,
      replicationGroupId: replicationGroup.id,
    };
    this.registerOutputs({ host: this.access.host });
  }

  #log(name: string, logType: "engine-log" | "slow-log", { keyArn, logRetentionDays }: CacheArgs) {
    const log = this.child(LogGroup, `${name}-${logType}`, { retentionInDays: logRetentionDays, kmsKeyId: keyArn });
    return { destination: log.name, destinationType: "cloudwatch-logs", logFormat: "json", logType };
  }
}
