/** What data stores have in common in every region: a key each, and a bucket's settings. */
import type { Output, ProviderResource } from "@pulumi/pulumi";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import type { DataBucketArgs } from "../components/storage/dataBucket.ts";
import type { Tags } from "../components/tags.ts";
import type { StackConfig } from "./config/stack.ts";

type Bucket = StackConfig["buckets"][string];

/** Where a key is made and by whom. */
interface StoreKeyArgs {
  readonly config: StackConfig;
  /** AWS region. */
  readonly region: string;
  readonly tags: Tags;
  readonly providers: readonly ProviderResource[];
}

/** ARN of a key for one store. @param store name of the store, with the region's code in front */
export function storeKey({ config, region, tags, providers }: StoreKeyArgs, store: string, description: string): Output<string> {
  const { accountId } = config.aws;
  const args = { region, accountId, description, users: ["logs" as const], protect: config.protect, tags };
  return new EncryptionKey(`${store}-key`, args, { providers: [...providers] }).arn;
}

const lockModes = { governance: "GOVERNANCE", compliance: "COMPLIANCE" } as const;

/** What a bucket is made with, wherever it stands. */
export function bucketSettings(
  { protect }: Pick<StackConfig, "protect">,
  bucket: Bucket,
  tags: Tags,
): Omit<DataBucketArgs, "region" | "keyArn"> {
  const { expireDays, noncurrentDays, infrequentDays } = bucket;
  const shared = {
    expireDays,
    noncurrentDays,
    infrequentDays,
    protect,
    tags: { ...tags, Purpose: bucket.purpose, RecoveryClass: bucket.recoveryClass },
  };
  if (bucket.purpose === "private") return shared;
  if (bucket.purpose === "uploads") return { ...shared, corsOrigins: bucket.origins };
  return { ...shared, objectLock: { mode: lockModes[bucket.lock.mode], days: bucket.lock.days } };
}
