/** Metrics of a bucket, which S3 tells once a day. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

const namespace = "AWS/S3";

/** Metrics of one bucket. @param bucket its physical name */
export function bucketMetrics(bucket: Input<string>) {
  return {
    ...metricsOf(namespace, { StorageType: "StandardStorage", BucketName: bucket }, { stored: ["BucketSizeBytes", "Average", "bytes"] }),
    ...metricsOf(namespace, { StorageType: "AllStorageTypes", BucketName: bucket }, { objects: ["NumberOfObjects", "Average", "objects"] }),
  };
}
