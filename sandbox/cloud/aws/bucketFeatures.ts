/** S3's object lock and replication: what AWS refuses. */
import { isObject, type Properties } from "../../provider/values.ts";
import { CloudError, onBoth, type ServiceTables } from "../catalogue.ts";
import type { LiveStore } from "../liveStore.ts";

const bucket = "aws:s3/bucket:Bucket";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

function bucketNamed(name: unknown, store: LiveStore): Properties | undefined {
  return store.all(bucket).find(({ id }) => id === name)?.properties;
}

function isVersioned(name: unknown, store: LiveStore): boolean {
  return store.all("aws:s3/bucketVersioning:BucketVersioning").some(({ properties }) => {
    const { versioningConfiguration } = properties;
    return properties.bucket === name && isObject(versioningConfiguration) && versioningConfiguration.status === "Enabled";
  });
}

export const bucketFeatures: ServiceTables = {
  rules: {
    [lock]: onBoth((object, { store }) => {
      if (!isVersioned(object.bucket, store))
        throw new CloudError("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
      if (bucketNamed(object.bucket, store)?.objectLockEnabled !== true)
        throw new CloudError("InvalidBucketState", "Object Lock configuration cannot be enabled on existing buckets");
    }),
    [replication]: onBoth((object, { store }) => {
      if (!isVersioned(object.bucket, store))
        throw new CloudError("InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration");
      for (const rule of Array.isArray(object.rules) ? object.rules : []) {
        const destination = isObject(rule) && isObject(rule.destination) ? rule.destination : {};
        const name = String(destination.bucket).replace("arn:aws:s3:::", "");
        if (!isVersioned(name, store)) throw new CloudError("InvalidRequest", "Destination bucket must have versioning enabled.");
        if (isObject(destination.replicationTime) && !isObject(destination.metrics))
          throw new CloudError("InvalidRequest", "Metrics must be enabled when ReplicationTime is set.");
      }
    }),
  },
};
