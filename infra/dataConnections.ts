/** What a service gets of each kind of data store: the least that it takes to use it. */
import { interpolate } from "@pulumi/pulumi";
import type { CacheAccess } from "../components/cache/cache.ts";
import type { DatabaseAccess } from "../components/database/access.ts";
import { variablePrefix } from "../components/environment/contract/connects.ts";
import type { Connection, Permission } from "../components/service/connections.ts";
import type { BucketAccess } from "../components/storage/dataBucket.ts";
import type { FileSystemAccess } from "../components/storage/fileSystem.ts";
import type { StackConfig } from "./config/stack.ts";

/** What tasks may do with a bucket. */
type BucketUse = StackConfig["services"][string]["connects"]["buckets"][string];

const throughService = (service: string, region: string) => ({ StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } });

/** What a service that uses a database gets. */
export function databaseConnection(name: string, database: DatabaseAccess, region: string): Connection {
  const prefix = variablePrefix(name);
  if (database.kind === "table") {
    return {
      environment: { [`${prefix}_TABLE`]: database.tableName },
      permissions: {
        Items: {
          actions: [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
          ],
          // The table and its indexes, whatever they are called.
          resources: [database.arn, interpolate`${database.arn}/index/*`],
        },
        Key: { actions: ["kms:Decrypt"], resources: [database.keyArn], condition: throughService("dynamodb", region) },
      },
    };
  }
  const { iamUserArn } = database;
  return {
    ...networkConnection(prefix, database),
    environment: { ...networkConnection(prefix, database).environment, [`${prefix}_DATABASE`]: database.databaseName },
    ...(iamUserArn === undefined ? {} : { permissions: { LogIn: { actions: ["rds-db:connect"], resources: [iamUserArn] } } }),
  };
}

/** What a service that uses a cache gets. */
export function cacheConnection(name: string, cache: CacheAccess): Connection {
  return networkConnection(variablePrefix(name), cache);
}

function networkConnection(
  prefix: string,
  store: Pick<CacheAccess, "host" | "readHost" | "port" | "securityGroupId" | "username" | "secretArn" | "keyArn">,
): Connection {
  return {
    network: { securityGroupId: store.securityGroupId, port: store.port },
    environment: {
      [`${prefix}_HOST`]: store.host,
      [`${prefix}_READ_HOST`]: store.readHost,
      [`${prefix}_PORT`]: String(store.port),
      [`${prefix}_USERNAME`]: store.username,
    },
    secrets: { [`${prefix}_PASSWORD`]: { secretArn: store.secretArn, field: "password" } },
    secretsKeyArn: store.keyArn,
  };
}

/** What a service that uses a bucket gets. */
export function bucketConnection(name: string, bucket: BucketAccess, access: BucketUse, region: string): Connection {
  const objects = interpolate`${bucket.arn}/*`;
  const read: Permission = { actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [objects] };
  const write: Permission = { actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"], resources: [objects] };
  return {
    environment: { [`${variablePrefix(name)}_BUCKET`]: bucket.bucket },
    permissions: {
      List: { actions: ["s3:ListBucket"], resources: [bucket.arn] },
      Get: read,
      ...(access === "readWrite" ? { Put: write } : {}),
      Key: {
        actions: access === "readWrite" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
        resources: [bucket.keyArn],
        condition: throughService("s3", region),
      },
    },
  };
}

/** What a service that mounts a file system gets. */
export function fileSystemConnection(name: string, files: FileSystemAccess, path: string): Connection {
  return {
    network: { securityGroupId: files.securityGroupId, port: files.port },
    environment: { [`${variablePrefix(name)}_PATH`]: path },
    permissions: {
      Mount: {
        actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        resources: [files.arn],
        condition: { StringEquals: { "elasticfilesystem:AccessPointArn": files.accessPointArn } },
      },
    },
    mount: { path, fileSystemId: files.fileSystemId, accessPointId: files.accessPointId },
  };
}
