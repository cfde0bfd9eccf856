/** The data stores of one region, and what services get of them. */
import { interpolate, type Output, type ProviderResource } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Cache, type CacheAccess } from "../components/cache/cache.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import type { DatabaseNetwork } from "../components/database/databaseNetwork.ts";
import { DocumentCluster } from "../components/database/documentCluster.ts";
import { Postgres } from "../components/database/postgres.ts";
import { PostgresReplica } from "../components/database/postgresReplica.ts";
import { Table } from "../components/database/table.ts";
import type { Network } from "../components/network/network.ts";
import { replicaArn } from "../components/secrets/secretReplicas.ts";
import type { Connection } from "../components/service/connections.ts";
import type { ReplicationTarget } from "../components/storage/bucketReplication.ts";
import { type BucketAccess, DataBucket } from "../components/storage/dataBucket.ts";
import { FileSystem, type FileSystemAccess } from "../components/storage/fileSystem.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";
import { bucketConnection, cacheConnection, databaseConnection, fileSystemConnection } from "./dataConnections.ts";
import { bucketSettings, storeKey } from "./dataStores.ts";
import { regionCode } from "./regionCode.ts";
import type { StandbyFoundation } from "./standbyFoundation.ts";

/** What a region's data stores are made from. */
interface RegionDataArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly network: Pick<Network, "vpcId" | "subnetIds">;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
  /** Regions that keep copies of what is here. @default none */
  readonly copies?: readonly StandbyFoundation[];
  /** For a standby region: what is ready there, and the region whose data it keeps. @default its stores are its own */
  readonly standby?: { readonly foundation: StandbyFoundation; readonly of: RegionData; readonly region: string } | undefined;
}

type PostgresConfig = Extract<Database, { readonly engine: "postgres" }>;
type Database = StackConfig["databases"][string];
type Bucket = StackConfig["buckets"][string];

/** Databases, caches, buckets and file systems by name, each with a key of its own: to lose or revoke one touches one store. */
export class RegionData {
  readonly databases: Readonly<Record<string, DatabaseAccess>>;
  readonly caches: Readonly<Record<string, CacheAccess>>;
  readonly buckets: Readonly<Record<string, BucketAccess>>;
  readonly fileSystems: Readonly<Record<string, FileSystemAccess>>;
  readonly #args: RegionDataArgs;
  readonly #code: string;

  constructor(args: RegionDataArgs) {
    this.#args = args;
    this.#code = regionCode(args.region);
    const { config } = args;
    this.databases = mapOf(config.databases, (name, database) => this.#database(name, database));
    this.caches = mapOf(config.caches, (name, cache) => this.#cache(`${this.#code}-cache-${name}`, cache));
    this.buckets = mapOf(config.buckets, (name, bucket) => this.#bucket(name, bucket));
    this.fileSystems = mapOf(config.fileSystems, (name, files) => this.#fileSystem(`${this.#code}-files-${name}`, files));
  }

  /** What a service gets that uses these stores. @throws Error for a store that is not there */
  connectionsOf(connects: StackConfig["services"][string]["connects"]): Record<string, Connection> {
    const { region } = this.#args;
    const named = <T>(
      kind: string,
      stores: Readonly<Record<string, T>>,
      names: readonly string[],
      connect: (name: string, store: T) => Connection,
    ) => names.map((name) => [`${kind}-${name}`, connect(name, required(stores, name, `${kind} that a service connects to`))] as const);
    return Object.fromEntries([
      ...named("db", this.databases, connects.databases, (name, database) => databaseConnection(name, database, region)),
      ...named("cache", this.caches, connects.caches, cacheConnection),
      ...named("bucket", this.buckets, Object.keys(connects.buckets), (name, bucket) =>
        bucketConnection(name, bucket, connects.buckets[name] ?? "read", region),
      ),
      ...named("files", this.fileSystems, Object.keys(connects.fileSystems), (name, files) =>
        fileSystemConnection(name, files, connects.fileSystems[name]?.path ?? `/mnt/${name}`),
      ),
    ]);
  }

  get #network(): DatabaseNetwork {
    const { network, config } = this.#args;
    const zones = [...config.network.zones].sort();
    const subnetIds = Object.fromEntries(
      zones.map((zone, index) => {
        const subnet = network.subnetIds.isolated[index];
        if (subnet === undefined) throw new Error(`the network has no isolated subnet in ${zone}`);
        return [zone, subnet] as const;
      }),
    );
    return { vpcId: network.vpcId, subnetIds };
  }

  get #opts(): { providers: ProviderResource[] } {
    return { providers: [...this.#args.providers] };
  }

  #key(store: string, description: string, region = this.#args.region): Output<string> {
    return storeKey({ ...this.#args, region }, store, description);
  }

  #database(store: string, database: Database): DatabaseAccess {
    const { config, region, standby, copies = [] } = this.#args;
    const name = `${this.#code}-db-${store}`;
    if (standby !== undefined && database.engine === "postgres") return this.#replica(store, name, database, standby);
    const tags = { ...this.#args.tags, RecoveryClass: database.recoveryClass };
    const keyArn = this.#key(name, `${config.system} ${config.environment}: database ${name}`);
    const shared = { region, keyArn, protect: config.protect, tags };
    if (database.engine === "dynamodb") return new Table(name, { ...shared, ...database }, this.#opts).access;
    const server = {
      ...shared,
      network: this.#network,
      masterUsername: database.masterUser,
      applicationUsername: database.applicationUser,
      logRetentionDays: config.logs.retentionDays,
    };
    if (database.engine === "postgres")
      return new Postgres(name, { ...server, ...database, accountId: config.aws.accountId, ...replicaKeys(store, copies) }, this.#opts)
        .access;
    const instanceZones = [...config.network.zones].sort().slice(0, database.instances);
    return new DocumentCluster(name, { ...server, ...database, instanceZones }, this.#opts).access;
  }

  /**
   * A replica that can be promoted. Promotion is an operator's step at AWS: the engine neither does it, whatever config says,
   * nor undoes it.
   */
  #replica(
    store: string,
    name: string,
    database: PostgresConfig,
    { foundation, of, region: source }: NonNullable<RegionDataArgs["standby"]>,
  ): DatabaseAccess {
    const { config, region } = this.#args;
    const { accountId } = config.aws;
    const original = of.databases[store];
    const keyArn = foundation.databaseKeys[store];
    if (original?.kind !== "network" || keyArn === undefined) throw new Error(`${name} has no database in ${source} to be a replica of`);
    const { backupRetentionDays, backupWindow, multiAz, maintenanceWindow, insightsDays, instanceClass, iamAuthentication } = database;
    const { version, slowQueryMilliseconds, maximumConnections } = database;
    const settings = { version, slowQueryMilliseconds, maximumConnections };
    const { arn, identifier, host, securityGroupId, resourceId } = new PostgresReplica(
      name,
      {
        region,
        sourceArn: original.arn,
        instanceClass,
        place: { in: "otherRegion", network: this.#network, settings, backupRetentionDays, backupWindow, multiAz },
        keyArn,
        maintenanceWindow,
        insightsDays,
        iamAuthentication,
        logRetentionDays: config.logs.retentionDays,
        protect: config.protect,
        tags: { ...this.#args.tags, RecoveryClass: database.recoveryClass },
        transform: { replica: () => ({ opts: { ignoreChanges: ["replicateSourceDb"] } }) },
      },
      this.#opts,
    );
    const there = (secretArn: Output<string>) => secretArn.apply((own) => replicaArn(own, region));
    return {
      ...original,
      ...{ host, readHost: host, securityGroupId, keyArn, arn, identifier },
      replicaIdentifiers: {},
      slowLogGroup: interpolate`/aws/rds/instance/${identifier}/postgresql`,
      secretArn: there(original.secretArn),
      masterSecretArn: there(original.masterSecretArn),
      ...(iamAuthentication
        ? { iamUserArn: interpolate`arn:aws:rds-db:${region}:${accountId}:dbuser:${resourceId}/${database.applicationUser}` }
        : {}),
    };
  }

  #cache(name: string, { user, ...settings }: StackConfig["caches"][string]): CacheAccess {
    const { config, region, network, tags } = this.#args;
    const keyArn = this.#key(name, `${config.system} ${config.environment}: cache ${name}`);
    const place = { region, vpcId: network.vpcId, subnetIds: network.subnetIds.isolated };
    const shared = { ...place, keyArn, username: user, logRetentionDays: config.logs.retentionDays, protect: config.protect, tags };
    return new Cache(name, { ...shared, ...settings }, this.#opts).access;
  }

  #bucket(store: string, bucket: Bucket): BucketAccess {
    const { config, region, standby, copies = [] } = this.#args;
    const prepared = standby?.foundation.buckets[store];
    if (prepared !== undefined) return prepared;
    const name = `${this.#code}-bucket-${store}`;
    const description = `${config.system} ${config.environment}: bucket ${store}`;
    const settings = bucketSettings(config, bucket, this.#args.tags);
    const keyArn = this.#key(name, description);
    const replicateTo = [...this.#ownReplica(name, description, bucket), ...bucketCopies(store, copies)];
    return new DataBucket(name, { ...settings, region, keyArn, ...(replicateTo.length === 0 ? {} : { replicateTo }) }, this.#opts).access;
  }

  /** The second copy that the bucket's own config asks for. */
  #ownReplica(name: string, description: string, bucket: Bucket): ReplicationTarget[] {
    if (bucket.purpose !== "documents" || bucket.replicaRegion === undefined) return [];
    const { replicaRegion } = bucket;
    // Named by the region of the first: two regions may keep copies in the same third one.
    const replicaName = `${name}-${regionCode(replicaRegion)}`;
    const replicaKey = this.#key(replicaName, `${description}, copy`, replicaRegion);
    const settings = bucketSettings(this.#args.config, bucket, this.#args.tags);
    const replica = new DataBucket(replicaName, { ...settings, region: replicaRegion, keyArn: replicaKey }, this.#opts).access;
    // The copy's name is known when its policy is in place, so that nothing is copied before.
    return [{ region: replicaRegion, bucketArn: replica.arn, keyArn: replicaKey }];
  }

  #fileSystem(name: string, files: StackConfig["fileSystems"][string]): FileSystemAccess {
    const { config, region } = this.#args;
    const { uid, gid, recoveryClass, infrequentDays, dailyBackup } = files;
    const tags = { ...this.#args.tags, RecoveryClass: recoveryClass };
    const keyArn = this.#key(name, `${config.system} ${config.environment}: files ${name}`);
    const owner = { uid, gid };
    return new FileSystem(
      name,
      { region, ...this.#network, keyArn, owner, infrequentDays, dailyBackup, protect: config.protect, tags },
      this.#opts,
    ).access;
  }
}

/** Keys of a database's replicas in other regions; nothing where there are none. */
function replicaKeys(store: string, copies: readonly StandbyFoundation[]): { replicaKeys?: Record<string, Output<string>> } {
  const keys = Object.fromEntries(
    copies.flatMap(({ region, databaseKeys }) => {
      const keyArn = databaseKeys[store];
      return keyArn === undefined ? [] : [[region, keyArn] as const];
    }),
  );
  return Object.keys(keys).length === 0 ? {} : { replicaKeys: keys };
}

function bucketCopies(store: string, copies: readonly StandbyFoundation[]): ReplicationTarget[] {
  return copies.flatMap(({ region, buckets }) => {
    const copy = buckets[store];
    return copy === undefined ? [] : [{ region, bucketArn: copy.arn, keyArn: copy.keyArn }];
  });
}

function mapOf<In, Out>(stores: Readonly<Record<string, In>>, make: (name: string, store: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, make(name, store)]));
}
