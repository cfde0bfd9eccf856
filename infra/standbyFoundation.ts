/** What has to be in a standby region before the primary can copy anything to it: keys, buckets, places for secrets. */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import type { Secrets } from "../components/secrets/secrets.ts";
import { type BucketAccess, DataBucket } from "../components/storage/dataBucket.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";
import { bucketSettings, storeKey } from "./dataStores.ts";
import { regionCode } from "./regionCode.ts";
import { declareSecrets } from "./secrets.ts";

/** What the foundation is made from. */
interface StandbyFoundationArgs {
  /** Config of the standby region. */
  readonly config: StackConfig;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
}

/** One standby region before anything runs in it. Stateful things have the names that they would have in a primary. */
export class StandbyFoundation {
  /** AWS region. */
  readonly region: string;
  /** Key of each replicated database. */
  readonly databaseKeys: Readonly<Record<string, Output<string>>>;
  /** Copy of each bucket. */
  readonly buckets: Readonly<Record<string, BucketAccess>>;
  /** Key and parameters; entries of Secrets Manager are copies of the primary's. Undefined when the stack names none. */
  readonly secrets: Secrets | undefined;

  constructor({ config, tags, providers }: StandbyFoundationArgs) {
    const { region } = config.aws;
    const code = regionCode(region);
    this.region = region;
    const key = (store: string, description: string) => storeKey({ config, region, tags, providers }, store, description);
    this.databaseKeys = Object.fromEntries(
      Object.entries(config.databases).flatMap(([name, { engine }]) =>
        engine === "postgres"
          ? [[name, key(`${code}-db-${name}`, `${config.system} ${config.environment}: database ${code}-db-${name}`)] as const]
          : [],
      ),
    );
    this.buckets = Object.fromEntries(
      Object.entries(config.buckets).map(([name, bucket]) => {
        const store = `${code}-bucket-${name}`;
        const keyArn = key(store, `${config.system} ${config.environment}: bucket ${name}`);
        return [
          name,
          new DataBucket(store, { ...bucketSettings(config, bucket, tags), region, keyArn }, { providers: [...providers] }).access,
        ];
      }),
    );
    this.secrets = declareSecrets({ config, region, tags, providers, entries: "copied" });
  }
}
