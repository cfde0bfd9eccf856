/** The data stores of one region, and what services get of them. */
import { interpolate, type Output } from "@pulumi/pulumi";
import { required } from "../components/byName.ts";
import { Cache, type CacheAccess } from "../components/cache/cache.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import { DocumentCluster } from "../components/database/documentCluster.ts";
import { Postgres } from "../components/database/postgres.ts";
import { PostgresReplica } from "../components/database/postgresReplica.ts";
import { Table } from "../components/database/table.ts";
import { ownDailyBackup } from "../components/environment/contract/recoveryCoverage.ts";
import type { Network } from "../components/network/network.ts";
import { replicaArn } from "../components/secrets/secretReplicas.ts";
import type { Connection } from "../components/service/connections.ts";
import type { ReplicationTarget } from "../components/storage/bucketReplication.ts";
import type { BucketAccess } from "../components/storage/dataBucket.ts";
import { FileSystem, type FileSystemAccess } from "../components/storage/fileSystem.ts";
import type { StackConfig } from "./config/stack.ts";
import { bucketConnection, cacheConnection, databaseConnection, fileSystemConnection } from "./dataConnections.ts";
import { dataBucket, storeKey } from "./dataStores.ts";
import type { Here } from "./here.ts";
import type { StandbyFoundation } from "./standbyFoundation.ts";

/** What a region's data stores are made from. */
interface RegionDataArgs extends Here {
  readonly network: Pick<Network, "vpcId" | "subnetIds" | "isolated">;
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

  constructor(args: RegionDataArgs) {
    this.#args = args;
    const { config, place } = args;
    this.databases = mapOf(config.databases, (name, database) => this.#database(name, database));
    this.caches = mapOf(config.caches, (name, cache) => this.#cache(place.names.store("cache", name), cache));
    this.buckets = mapOf(config.buckets, (name, bucket) => this.#bucket(name, bucket));
    this.fileSystems = mapOf(config.fileSystems, (name, files) => this.#fileSystem(name, files));
  }

  /** What a service gets that uses these stores. @throws Error for a store that is not there */
  connectionsOf(connects: StackConfig["services"][string]["connects"]): Record<string, Connection> {
    const { region } = this.#args.place;
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
        bucketConnection(name, bucket, required(connects.buckets, name, "bucket that a service connects to"), region),
      ),
      ...named("files", this.fileSystems, Object.keys(connects.fileSystems), (name, files) =>
        fileSystemConnection(name, files, required(connects.fileSystems, name, "file system that a service connects to").path),
      ),
    ]);
  }

  #database(store: string, database: Database): DatabaseAccess {
    const { config, place, standby, copies = [] } = this.#args;
    const name = place.names.store("db", store);
    if (standby !== undefined && database.engine === "postgres") return this.#replica(store, name, database, standby);
    const keyArn = storeKey(place, name, `database ${name}`);
    const classed = place.tagged({ RecoveryClass: database.recoveryClass });
    if (database.engine === "dynamodb") return classed.make(Table, name, { keyArn, ...database }).access;
    const server = { keyArn, network: this.#args.network.isolated, logRetentionDays: config.logs.retentionDays };
    if (database.engine === "postgres")
      return classed.make(Postgres, name, { ...server, ...database, ...replicaKeys(store, copies) }).access;
    return classed.make(DocumentCluster, name, { ...server, ...database }).access;
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
    const { config, place } = this.#args;
    const { region, accountId } = place;
    const original = of.databases[store];
    const keyArn = foundation.databaseKeys[store];
    if (original?.kind !== "network" || keyArn === undefined) throw new Error(`${name} has no database in ${source} to be a replica of`);
    const classed = place.tagged({ RecoveryClass: database.recoveryClass });
    const { arn, identifier, host, securityGroupId, resourceId } = classed.make(PostgresReplica, name, {
      ...database,
      source: original.arn,
      place: { in: "otherRegion", network: this.#args.network.isolated },
      keyArn,
      logRetentionDays: config.logs.retentionDays,
      transform: { replica: () => ({ opts: { ignoreChanges: ["replicateSourceDb"] } }) },
    });
    const there = (secretArn: Output<string>) => secretArn.apply((own) => replicaArn(own, region));
    return {
      ...original,
      ...{ host, readHost: host, securityGroupId, keyArn, arn, identifier },
      replicaIdentifiers: {},
      slowLogGroup: interpolate`/aws/rds/instance/${identifier}/postgresql`,
      secretArn: there(original.secretArn),
      masterSecretArn: there(original.masterSecretArn),
      ...(database.iamAuthentication
        ? { iamUserArn: interpolate`arn:aws:rds-db:${region}:${accountId}:dbuser:${resourceId}/${database.applicationUser}` }
        : {}),
    };
  }

  #cache(name: string, settings: StackConfig["caches"][string]): CacheAccess {
    const { config, place, network } = this.#args;
    const keyArn = storeKey(place, name, `cache ${name}`);
    const within = { vpcId: network.vpcId, subnetIds: network.subnetIds.isolated };
    const shared = { ...within, keyArn, logRetentionDays: config.logs.retentionDays };
    return place.make(Cache, name, { ...shared, ...settings }).access;
  }

  #bucket(store: string, bucket: Bucket): BucketAccess {
    const { place, standby, copies = [] } = this.#args;
    const prepared = standby?.foundation.buckets[store];
    if (prepared !== undefined) return prepared;
    const name = place.names.store("bucket", store);
    const keyArn = storeKey(place, name, `bucket ${store}`);
    const replicateTo = [...this.#ownReplica(name, store, bucket), ...bucketCopies(store, copies)];
    return dataBucket(place, name, bucket, { keyArn, ...(replicateTo.length === 0 ? {} : { replicateTo }) });
  }

  /** The second copy that the bucket's own config asks for. */
  #ownReplica(name: string, store: string, bucket: Bucket): ReplicationTarget[] {
    if (bucket.purpose !== "documents" || bucket.replicaRegion === undefined) return [];
    const there = this.#args.place.in(bucket.replicaRegion);
    // Named by the region of the first: two regions may keep copies in the same third one.
    const replicaName = `${name}-${there.names.code}`;
    const keyArn = storeKey(there, replicaName, `bucket ${store}, copy`);
    // The copy's name is known when its policy is in place, so that nothing is copied before.
    return [{ region: there.region, bucketArn: dataBucket(there, replicaName, bucket, { keyArn }).arn, keyArn }];
  }

  #fileSystem(store: string, files: StackConfig["fileSystems"][string]): FileSystemAccess {
    const { config, place } = this.#args;
    const name = place.names.store("files", store);
    const dailyBackup = ownDailyBackup(config, store, files);
    const keyArn = storeKey(place, name, `files ${name}`);
    return place
      .tagged({ RecoveryClass: files.recoveryClass })
      .make(FileSystem, name, { ...this.#args.network.isolated, ...files, dailyBackup, keyArn }).access;
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
