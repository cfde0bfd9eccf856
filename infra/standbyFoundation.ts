/** What has to be in a standby region before the primary can copy anything to it: keys, buckets, places for secrets. */
import type { Output } from "@pulumi/pulumi";
import type { Secrets } from "../components/secrets/secrets.ts";
import type { BucketAccess } from "../components/storage/dataBucket.ts";
import { dataBucket, storeKey } from "./dataStores.ts";
import type { Here } from "./here.ts";
import { declareSecrets } from "./secrets.ts";

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

  constructor(here: Here) {
    const { config, place } = here;
    this.region = place.region;
    this.databaseKeys = Object.fromEntries(
      Object.entries(config.databases).flatMap(([name, { engine }]) => {
        const store = place.names.store("db", name);
        return engine === "postgres" ? [[name, storeKey(place, store, `database ${store}`)] as const] : [];
      }),
    );
    this.buckets = Object.fromEntries(
      Object.entries(config.buckets).map(([name, bucket]) => {
        const store = place.names.store("bucket", name);
        return [name, dataBucket(place, store, bucket, { keyArn: storeKey(place, store, `bucket ${name}`) })];
      }),
    );
    this.secrets = declareSecrets(here, { entries: "copied" });
  }
}
