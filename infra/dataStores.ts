/** What data stores have in common in every region: a key each, and a bucket's settings. */
import type { Output } from "@pulumi/pulumi";
import { EncryptionKey } from "../components/encryption/encryptionKey.ts";
import type { Place } from "../components/environment/place.ts";
import { type BucketAccess, DataBucket, type DataBucketArgs } from "../components/storage/dataBucket.ts";
import type { StackConfig } from "./config/stack.ts";

type Bucket = StackConfig["buckets"][string];

/** ARN of a key for one store. @param store name of the store, as its resources are called @param what what it holds */
export function storeKey(place: Place, store: string, what: string): Output<string> {
  return place.make(EncryptionKey, `${store}-key`, { description: place.title(what), users: ["logs"] }).arn;
}

/** Declares a bucket as config has it, wherever it stands. */
export function dataBucket(place: Place, name: string, bucket: Bucket, made: Pick<DataBucketArgs, "keyArn" | "replicateTo">): BucketAccess {
  const tagged = place.tagged({ Purpose: bucket.purpose, RecoveryClass: bucket.recoveryClass });
  return tagged.make(DataBucket, name, { ...made, ...bucket }).access;
}
