/** The data stores of one region, and what services get of them. */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import { Cache, type CacheAccess } from "../components/cache/cache.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import type { DatabaseNetwork } from "../components/database/databaseNetwork.ts";
import { DocumentCluster } from "../components/database/documentCluster.ts";
import { Postgres } from "../components/database/postgres.ts";
import { Table } from "../components/database/table.ts";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import type { Network } from "../components/network/network.ts";
import type { Connection } from "../components/service/connections.ts";
import { type BucketAccess, DataBucket } from "../components/storage/dataBucket.ts";
import { FileSystem, type FileSystemAccess } from "../components/storage/fileSystem.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";
import { bucketConnection, cacheConnection, databaseConnection, fileSystemConnection } from "./dataConnections.ts";
import { regionCode } from "./regionCode.ts";

/** What a region's data stores are made from. */
export interface RegionDataArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly network: Pick<Network, "vpcId" | "subnetIds">;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
}

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
    this.databases = mapOf(config.databases, (name, database) => this.#database(`${this.#code}-db-${name}`, database));
    this.caches = mapOf(config.caches, (name, cache) => this.#cache(`${this.#code}-cache-${name}`, cache));
    this.buckets = mapOf(config.buckets, (name, bucket) => this.#bucket(name, bucket));
    this.fileSystems = mapOf(config.fileSystems, (name, files) => this.#fileSystem(`${this.#code}-files-${name}`, files));
  }

  /** What a service gets that uses these stores. Config refuses names that are not there. */
  connectionsOf(connects: StackConfig["services"][string]["connects"]): Record<string, Connection> {
    const { region } = this.#args;
    const named = <T>(
      kind: string,
      stores: Readonly<Record<string, T>>,
      names: readonly string[],
      connect: (name: string, store: T) => Connection,
    ) =>
      names.flatMap((name) => {
        const store = stores[name];
        return store === undefined ? [] : [[`${kind}-${name}`, connect(name, store)] as const];
      });
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
      zones.flatMap((zone, index) => {
        const subnet = network.subnetIds.isolated[index];
        return subnet === undefined ? [] : [[zone, subnet] as const];
      }),
    );
    return { vpcId: network.vpcId, subnetIds };
  }

  get #opts(): { providers: ProviderResource[] } {
    return { providers: [...this.#args.providers] };
  }

  #key(store: string, description: string, region = this.#args.region): Output<string> {
    const { config, tags } = this.#args;
    const args = { region, accountId: config.aws.accountId, description, users: ["logs" as const], protect: config.protect, tags };
    return new EncryptionKey(`${store}-key`, args, this.#opts).arn;
  }

  #database(name: string, database: Database): DatabaseAccess {
    const { config, region } = this.#args;
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
      return new Postgres(name, { ...server, ...database, accountId: config.aws.accountId }, this.#opts).access;
    const instanceZones = [...config.network.zones].sort().slice(0, database.instances);
    return new DocumentCluster(name, { ...server, ...database, instanceZones }, this.#opts).access;
  }

  #cache(name: string, { user, ...settings }: StackConfig["caches"][string]): CacheAccess {
    const { config, region, network, tags } = this.#args;
    const keyArn = this.#key(name, `${config.system} ${config.environment}: cache ${name}`);
    const place = { region, vpcId: network.vpcId, subnetIds: network.subnetIds.isolated };
    const shared = { ...place, keyArn, username: user, logRetentionDays: config.logs.retentionDays, protect: config.protect, tags };
    return new Cache(name, { ...shared, ...settings }, this.#opts).access;
  }

  #bucket(store: string, bucket: Bucket): BucketAccess {
    const { config, region } = this.#args;
    const name = `${this.#code}-bucket-${store}`;
    const { protect } = config;
    const tags = { ...this.#args.tags, Purpose: bucket.purpose, RecoveryClass: bucket.recoveryClass };
    const description = `${config.system} ${config.environment}: bucket ${store}`;
    const { expireDays, noncurrentDays, infrequentDays } = bucket;
    const shared = { expireDays, noncurrentDays, infrequentDays, protect, tags };
    const keyArn = this.#key(name, description);
    if (bucket.purpose === "private") return new DataBucket(name, { ...shared, region, keyArn }, this.#opts).access;
    if (bucket.purpose === "uploads")
      return new DataBucket(name, { ...shared, region, keyArn, corsOrigins: bucket.origins }, this.#opts).access;
    const objectLock = { mode: lockModes[bucket.lock.mode], days: bucket.lock.days };
    const { replicaRegion } = bucket;
    if (replicaRegion === undefined) return new DataBucket(name, { ...shared, region, keyArn, objectLock }, this.#opts).access;
    // Named by the region of the first: two regions may keep copies in the same third one.
    const replicaName = `${name}-${regionCode(replicaRegion)}`;
    const replicaKey = this.#key(replicaName, `${description}, copy`, replicaRegion);
    const replica = new DataBucket(replicaName, { ...shared, region: replicaRegion, keyArn: replicaKey, objectLock }, this.#opts).access;
    // The copy's name is known when its policy is in place, so that nothing is copied before.
    const replicateTo = { region: replicaRegion, bucketArn: replica.arn, keyArn: replicaKey };
    return new DataBucket(name, { ...shared, region, keyArn, objectLock, replicateTo }, this.#opts).access;
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

const lockModes = { governance: "GOVERNANCE", compliance: "COMPLIANCE" } as const;

function mapOf<In, Out>(stores: Readonly<Record<string, In>>, make: (name: string, store: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, make(name, store)]));
}
