/** Metrics of a file system on EFS. */
import type { Input } from "@pulumi/pulumi";
import { metricsOf } from "./metric.ts";

const namespace = "AWS/EFS";

/** Metrics of one file system. */
export function fileSystemMetrics(id: Input<string>) {
  const used = metricsOf(
    namespace,
    { FileSystemId: id },
    {
      clients: ["ClientConnections", "Sum", "connections"],
      read: ["DataReadIOBytes", "Sum", "bytes"],
      written: ["DataWriteIOBytes", "Sum", "bytes"],
      ioLimit: ["PercentIOLimit", "Maximum", "percent"],
    },
  );
  return {
    ...used,
    ...metricsOf(namespace, { StorageClass: "Total", FileSystemId: id }, { stored: ["StorageBytes", "Average", "bytes"] }),
  };
}
